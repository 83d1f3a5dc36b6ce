/** Opsgenie addresses an alert by id, by its short number or by its alias; we know alerts by the alias. */
import { type Ctx, sha256hex } from '#kernel';
import type { Integration } from '../../integrations/store.ts';
import type { Wire } from '../family.ts';

/** An alert of one integration, by any of its three names. Of several with the same alias the newest counts. */
export async function findAlert(
  ctx: Pick<Ctx, 'db'>,
  integrationId: string,
  identifier: string,
  type: string | undefined,
) {
  const all = ctx.db
    .selectFrom('signals.alerts as a')
    .innerJoin('signals.groups as g', 'g.id', 'a.groupId')
    .selectAll('a')
    .select('g.state as groupState')
    .where('a.integrationId', '=', integrationId)
    .where('a.exercise', '=', false)
    .orderBy('a.firstAt', 'desc')
    .orderBy('a.id', 'desc');
  if (type === 'alias') return await all.where('fingerprint', '=', sha256hex(identifier)).executeTakeFirst();
  if (type === 'tiny')
    return /^\d{1,9}$/.test(identifier)
      ? await all.where('tinyId', '=', Number(identifier)).executeTakeFirst()
      : undefined;
  return await all.where('a.id', '=', identifier).executeTakeFirst();
}

/** Writes that change what an alert says. */
export const CHANGES = ['message', 'description', 'priority', 'tags', 'details', 'removeTags', 'removeDetails'];

/**
 * Puts the alias (`key`) and the identity (`fingerprint`) of the addressed alert into the wire; neither, when there is no such alert.
 * For a write that changes what it says, also what it says now (`alert`), while it fires.
 */
export async function prepare(ctx: Ctx, integration: Integration, wire: Wire): Promise<Wire | undefined> {
  const identifier = wire.params.id;
  if (identifier === undefined) return wire;
  const byAlias = wire.query.identifierType === 'alias';
  const changes = CHANGES.includes(wire.door);
  if (byAlias && !changes) return { ...wire, params: { ...wire.params, key: identifier } };
  const alert = await findAlert(ctx, integration.id, identifier, wire.query.identifierType);
  if (!alert) return byAlias ? { ...wire, params: { ...wire.params, key: identifier } } : undefined;
  const { title, severity, description, source, labels, details, links, marks } = alert;
  const now = JSON.stringify({ title, severity, description, source, labels, details, links, marks });
  return {
    ...wire,
    params: {
      ...wire.params,
      key: alert.dedupKey,
      fingerprint: alert.fingerprint,
      ...(changes && alert.state === 'firing' ? { alert: now } : {}),
    },
  };
}
