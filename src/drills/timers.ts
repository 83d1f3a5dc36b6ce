/** The names of an exercise's clocks, so that they can be set in one place and taken back in another. */
import { type Ctx, cancelJob } from '#kernel';
import type { InjectRow } from './store.ts';

export const injectTimer = (id: string) => `drills.inject:${id}`;
export const windowTimer = (id: string) => `drills.window:${id}`;

/** Takes the clocks back that have not struck. */
export async function stopTimers(ctx: Ctx, exerciseId: string, injects: readonly InjectRow[]): Promise<void> {
  for (const { id } of injects) await cancelJob(ctx, injectTimer(id));
  await cancelJob(ctx, windowTimer(exerciseId));
}
