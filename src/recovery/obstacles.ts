/** What stands between an incident and "restored" besides its criteria: stages not passed, signatures missing, modes still on. No network. */
import type { Ctx } from '#kernel';
import { degradedModesOf } from '#playbooks';
import type { Sampled } from './model.ts';
import { progress } from './stages/model.ts';
import { coursesOf, signoffsOf, stagesOf } from './stages/store.ts';

/** Each is false by itself; an incident that was never degraded and never staged has none. */
export async function obstacles(ctx: Pick<Ctx, 'db' | 'now'>, incidentId: string): Promise<Sampled[]> {
  const found: Sampled[] = [];
  const say = (name: string, detail: string) => void found.push({ name, verdict: 'false', detail });
  const course = (await coursesOf(ctx.db, incidentId)).find((one) => one.state !== 'aborted');
  if (course && course.state !== 'completed') {
    const { passed, total } = progress(await stagesOf(ctx.db, course.id), course.state);
    say('Recovery by stages', `${passed} of ${total} ${total === 1 ? 'stage' : 'stages'} passed`);
  }
  if (course)
    for (const one of await signoffsOf(ctx.db, course.id))
      if (one.state === 'open') say(`Sign-off of ${one.lane}`, `"${one.of.replaceAll('_', ' ')}" is not signed`);
  for (const mode of await degradedModesOf(ctx, incidentId))
    if (mode.state !== 'off' && !mode.exception) say(`Degraded mode "${mode.name}" is off`, `it is ${mode.state}`);
  return found;
}
