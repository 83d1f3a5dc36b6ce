/** The plain door of heartbeats: any job that can call an address. One look-up of the key, at most one write a second. */
import { type House, Problem, type RawRequest, rawRoute } from '#kernel';
import { keyHolder, noteDropped } from '../../integrations/store.ts';
import { ping } from './ping.ts';

async function beat(request: RawRequest, house: House): Promise<void> {
  const { key = '', name = '' } = request.params as { key?: string; name?: string };
  const ctx = await house.ctx(house.system('signals.heartbeat'), { requestId: request.id, ip: request.ip });
  const holder = await keyHolder(ctx, null, key);
  if (holder.state === 'unknown')
    throw new Problem(401, 'This key is not valid', { rule: 'signals.key', detail: 'It is unknown or was revoked.' });
  if (holder.state === 'disabled') {
    await noteDropped(ctx, holder.integration.id);
    throw new Problem(403, 'This integration is switched off', { rule: 'signals.disabled' });
  }
  if (!(await ping(ctx, holder.integration.id, name)))
    throw new Problem(404, `There is no heartbeat called “${name.slice(0, 100)}” for this key`, {
      rule: 'signals.heartbeat',
      detail: 'Its owner sees that something calls which nobody waits for.',
    });
}

/** GET (and so HEAD) and POST alike: whatever the job has at hand. The sender's body and clock do not matter. */
export const heartbeatDoors = (['GET', 'POST'] as const).map((method) =>
  rawRoute({
    method,
    path: '/heartbeat/:key/:name',
    bodyLimit: 64 * 1024,
    handle: async (request, reply, house) => {
      await beat(request, house);
      return reply.header('cache-control', 'no-store').send({ ok: true });
    },
  }),
);
