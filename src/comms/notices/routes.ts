/** HTTP ↔ emergency keys and notices: for the console, and for those who hold a key when there is no console. */
import { endpoints as at } from '#contract/comms';
import { type AnyRoute, type Ctx, Problem, rawRoute, route } from '#kernel';
import { personRefs } from '#security';
import { createEmergencyKey } from '../commands/createEmergencyKey.ts';
import { endNotice } from '../commands/endNotice.ts';
import { revokeEmergencyKey } from '../commands/revokeEmergencyKey.ts';
import { siteDir } from '../statuspage/files.ts';
import { BASE } from '../statuspage/read.ts';
import { listNotices, type NoticeRow } from './store.ts';
import { takeNotice } from './taking.ts';

async function showKeys(ctx: Ctx) {
  const rows = await ctx.db.selectFrom('comms.emergencyKeys').selectAll().orderBy('createdAt').execute();
  const people = await personRefs(
    ctx,
    rows.map(({ createdBy }) => createdBy),
  );
  return rows.map(({ id, name, createdBy, createdAt, revokedAt }) => ({
    id,
    name,
    createdBy: people.get(createdBy) ?? { id: createdBy, name: 'Evenkeel' },
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  }));
}

const showNotice = (row: NoticeRow) => ({
  id: row.id,
  keyId: row.keyId,
  keyName: row.keyName,
  headline: row.headline,
  text: row.body,
  nextUpdateBy: row.nextUpdateBy?.toISOString() ?? null,
  writtenAt: row.writtenAt.toISOString(),
  mergedAt: row.mergedAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  endedReason: row.endedReason,
});

export const noticeRoutes: AnyRoute[] = [
  route(at.listEmergency, async ({ ctx }) => ({
    keys: await showKeys(ctx),
    notices: (await listNotices(ctx.db)).map(showNotice),
  })),
  route(at.createEmergencyKey, async ({ ctx, body }) => {
    const { id, privateKey } = await createEmergencyKey(ctx, body);
    const key = (await showKeys(ctx)).find((one) => one.id === id);
    if (!key) throw new Problem(500, 'The key was made and is not there', { rule: 'comms.emergency_key' });
    return { key, privateKey };
  }),
  route(at.revokeEmergencyKey, ({ ctx, params }) => revokeEmergencyKey(ctx, params)),
  route(at.endNotice, async ({ ctx, params, body }) => showNotice(await endNotice(ctx, { ...params, ...body }))),
  rawRoute({
    method: 'POST',
    path: `${BASE}/emergency`,
    bodyLimit: 16_384,
    types: ['application/json'],
    handle: async (request, reply) =>
      reply.code(202).send(await takeNotice(request.rawBody.toString('utf8'), siteDir())),
  }),
];
