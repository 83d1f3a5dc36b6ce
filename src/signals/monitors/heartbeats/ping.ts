/** What every wire with heartbeats does with a ping. */
import type { Ctx } from '#kernel';
import { reportGarbage } from '../../commands/reportGarbage.ts';
import { pingHeartbeat } from './commands/pingHeartbeat.ts';
import { isStorm } from './model.ts';
import { heartbeatByName } from './store.ts';

/** False when there is no heartbeat of that name: its owner is told, because a job now believes that it is watched. */
export async function ping(ctx: Ctx, integrationId: string, name: string): Promise<boolean> {
  const beat = await heartbeatByName(ctx, integrationId, name);
  if (beat && isStorm(beat, ctx.now)) return true;
  if (beat && (await pingHeartbeat(ctx, { integrationId, name })) === 'pinged') return true;
  await reportGarbage(ctx, {
    integrationId,
    reason: `A ping of the heartbeat “${name.slice(0, 100)}”, which does not exist`,
  });
  return false;
}
