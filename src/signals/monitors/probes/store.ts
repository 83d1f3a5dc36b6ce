/** SQL of places: nodes of ours, and probes that look from elsewhere. */
import { addMs, config, type Ctx, json, keyedHash, newId, notFound, randomToken, type Selectable, sql } from '#kernel';
import type { ProbesTable } from '../tables.ts';

export type Probe = Selectable<ProbesTable>;

const hashToken = (token: string) => keyedHash('signals.probe', token);
/** Recognizable, so that scanners for leaked secrets find it. */
const newToken = () => `ekp_${randomToken(30)}`;

/** Places that may be named, with what people call them: this node's and other nodes' places, and every probe. */
export async function placeNames(ctx: Pick<Ctx, 'db' | 'now'>): Promise<Map<string, string>> {
  const [nodes, probes] = await Promise.all([
    ctx.db
      .selectFrom('signals.monitorNodes')
      .select('place')
      .distinct()
      .where('seenAt', '>', addMs(ctx.now, -86_400_000))
      .execute(),
    listProbes(ctx),
  ]);
  const names = new Map([[config.place, config.place], ...nodes.map(({ place }) => [place, place] as const)]);
  for (const probe of probes) names.set(probe.id, probe.name);
  return names;
}

export const listProbes = (ctx: Pick<Ctx, 'db'>): Promise<Probe[]> =>
  ctx.db.selectFrom('signals.probes').selectAll().orderBy('name').limit(500).execute();

export async function insertProbe(ctx: Ctx, name: string): Promise<{ probe: Probe; token: string }> {
  const token = newToken();
  const probe = await ctx.db
    .insertInto('signals.probes')
    .values({
      id: newId('prb'),
      name,
      tokenHash: hashToken(token),
      hint: token.slice(-4),
      lastSeenAt: null,
      lacks: json({}),
      createdAt: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { probe, token };
}

export async function lockProbe(ctx: Ctx, id: string): Promise<Probe> {
  const row = await ctx.db.selectFrom('signals.probes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row) throw notFound('Probe', id);
  return row;
}

/** A fresh token; the one before stops working. */
export async function renewToken(ctx: Ctx, id: string): Promise<string> {
  const token = newToken();
  await ctx.db
    .updateTable('signals.probes')
    .set({ tokenHash: hashToken(token), hint: token.slice(-4) })
    .where('id', '=', id)
    .execute();
  return token;
}

/** Whose token this is. One indexed lookup of a keyed hash, whatever it looks like. */
export const probeByToken = (ctx: Pick<Ctx, 'db'>, token: string): Promise<Probe | undefined> =>
  ctx.db
    .selectFrom('signals.probes')
    .selectAll()
    .where('tokenHash', '=', hashToken(token.slice(0, 200)))
    .executeTakeFirst();

/** Notes that it called, and what it cannot do. False when this batch was taken already. */
export async function noteSeen(
  ctx: Ctx,
  id: string,
  said: { version: string; lacks: Record<string, string>; batch: string },
): Promise<boolean> {
  const before = await lockProbe(ctx, id);
  await ctx.db
    .updateTable('signals.probes')
    .set({
      lastSeenAt: ctx.now,
      version: said.version,
      lacks: json(said.lacks),
      ...(said.batch ? { lastBatch: said.batch } : {}),
    })
    .where('id', '=', id)
    .execute();
  return said.batch !== '' && said.batch !== before.lastBatch;
}

export async function setProbeAlerting(ctx: Ctx, id: string, alerting: boolean): Promise<void> {
  await ctx.db.updateTable('signals.probes').set({ alerting }).where('id', '=', id).execute();
}

/** Deletes a probe and takes it out of every monitor; names of monitors that would have nobody left are returned and nothing is done. */
export async function deleteProbe(ctx: Ctx, id: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from signals.monitors where places = ${json([id])}`.execute(
    ctx.db,
  );
  if (rows.length > 0) return rows.map((row) => row.name);
  await sql`update signals.monitors set places = places - ${id}, version = version + 1,
    quorum = least(quorum, jsonb_array_length(places - ${id})) where places ? ${id}`.execute(ctx.db);
  await ctx.db.deleteFrom('signals.monitorPlaces').where('place', '=', id).execute();
  await ctx.db.deleteFrom('signals.probes').where('id', '=', id).execute();
  return [];
}
