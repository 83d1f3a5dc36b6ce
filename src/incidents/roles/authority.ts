/** Whose authority counts right now: the actor's own, or that of the person behind a token. */
import { type Actor, type Ctx, personOf } from '#kernel';
import { teamAuthorityOf } from '#people';
import { userById } from '#security';
import { problemOf } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import { missingAuthority, type Severity } from '../lifecycle/model.ts';
import { AUTHORITY_TOKENS, type AuthorityToken, authorityOf as judge, type Holding } from './model.ts';
import { holdingsOf } from './store.ts';

type Judged = { id: string; key?: string; severity: Severity };

/** The id under which an actor holds roles: the person behind a token or link, otherwise the actor itself. */
export const selfOf = (actor: Actor): string => personOf(actor) ?? actor.id;

/** What the present actor may do on the incident. The product's own engines hold every token; policy binds them elsewhere. */
export async function actorAuthority(
  ctx: Ctx,
  incident: Judged,
  holdings?: readonly Holding[],
): Promise<Set<AuthorityToken>> {
  if (ctx.actor.kind === 'system') return new Set(AUTHORITY_TOKENS);
  const roles = holdings ?? (await holdingsOf(ctx, incident.id));
  const self = selfOf(ctx.actor);
  return judge(
    { severity: incident.severity, roles },
    { id: self, roles: ctx.actor.roles },
    await writtenFor(ctx, incident.id, self),
  );
}

/** What a person may do on the incident now; empty for somebody unknown or inactive. */
export async function personAuthority(
  ctx: Pick<Ctx, 'db'>,
  incident: Judged,
  userId: string,
): Promise<Set<AuthorityToken>> {
  const person = await userById(ctx, userId);
  if (!person?.active) return new Set();
  return judge(
    { severity: incident.severity, roles: await holdingsOf(ctx, incident.id) },
    person,
    await writtenFor(ctx, incident.id, userId),
  );
}

/** What a person's response teams hold in writing for this incident: everywhere, or for a service the team owns (M6b). */
async function writtenFor(ctx: Pick<Ctx, 'db'>, incidentId: string, userId: string): Promise<string[]> {
  const owners = await ctx.db
    .selectFrom('incidents.affectedServices as a')
    .innerJoin('catalog.services as s', 's.id', 'a.serviceId')
    .select('s.teamId')
    .where('a.incidentId', '=', incidentId)
    .execute();
  const teams = await teamAuthorityOf(
    ctx,
    userId,
    owners.flatMap(({ teamId }) => teamId ?? []),
  );
  return teams.flatMap(({ authority }) => authority);
}

/** Refuses with 403 when the actor does not hold the token. */
export async function requireAuthority(ctx: Ctx, incident: IncidentRow, token: AuthorityToken): Promise<void> {
  const held = await actorAuthority(ctx, incident);
  if (!held.has(token)) throw problemOf(missingAuthority(incident.key, token));
}
