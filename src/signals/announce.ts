/** What a group's turn means for people and for the modules above: pages, timers, events. */
import type { Service } from '#catalog';
import { type Ctx, emit, secondsBetween } from '#kernel';
import { groupAcknowledged, groupChanged, groupOpened, groupReopened, groupResolved, groupWorsened } from './events.ts';
import { rankOf } from './correlation/model.ts';
import { noteHidden } from './hidden/store.ts';
import { type Group, type Held, type Turn, withinGrace } from './model.ts';
import { pageFor, stopPaging } from './paging.ts';
import { keepPaging, settleLater, stopSoon } from './timers.ts';

export interface Settled {
  before: Group | undefined;
  group: Group;
  turn: Turn;
  /** Of the alert that caused the turn, for the page's text. */
  description: string;
  /** The silence that hides every alert of this turn; people are not asked. */
  silence: string | null;
  /** Why people are not asked about this turn, when it is no silence. */
  hold: Held | null;
  /** An alert of this turn that nothing hides. */
  loud: boolean;
  /** The group's service, when it was read already. */
  service?: Service | undefined;
}

export const factsOf = ({ id, serviceId, severity, title, test }: Group) => ({
  groupId: id,
  serviceId,
  severity,
  title,
  test,
});

/**
 * Acts on one group's turn. `mayPage` is false for a test alert that was not asked to page. Returns the group as it is to
 * be written: with its page, or with the silence that kept people from being asked.
 */
export async function announce(ctx: Ctx, settled: Settled, mayPage: boolean): Promise<Group> {
  const { before, group, turn } = settled;
  const about = { subject: group.id, incident: group.incidentId };
  switch (turn) {
    case 'opened':
      await emit(ctx, groupOpened, factsOf(group), about);
      if (group.state === 'resolved') await emit(ctx, groupResolved, { ...factsOf(group), by: 'source' }, about);
      return await ask(ctx, settled, mayPage);
    case 'reopened':
      await keepPaging(ctx, group.id);
      // After the grace the old page has ended or is ending: people are asked anew.
      if (before && !withinGrace(before, ctx.now)) await stopPaging(ctx, group.id, 'the alert came back');
      await emit(ctx, groupReopened, factsOf(group), about);
      return await ask(ctx, settled, mayPage);
    case 'worse':
      await stopPaging(ctx, group.id, 'its severity rose');
      await emit(ctx, groupWorsened, factsOf(group), about);
      return await ask(ctx, settled, mayPage);
    case 'released':
      await stopPaging(ctx, group.id, 'given back at its source');
      await emit(ctx, groupReopened, factsOf(group), about);
      return await ask(ctx, settled, mayPage);
    case 'acknowledged':
      // No person of ours took it: the source only says that somebody there did.
      await stopPaging(ctx, group.id, 'acknowledged at its source');
      await emit(ctx, groupAcknowledged, { ...factsOf(group), userId: null, via: 'source' }, about);
      return group;
    case 'resolved':
      await stopSoon(ctx, group.id);
      await emit(ctx, groupResolved, { ...factsOf(group), by: 'source' }, about);
      return group;
    case 'resolve_held':
      await settleLater(ctx, group.id);
      await refreshScreens(ctx, settled);
      return group;
    case 'unchanged':
      await refreshScreens(ctx, settled);
      // What a silence kept quiet was joined by something that it does not hide.
      return settled.loud && hushed(group) ? await ask(ctx, settled, mayPage) : group;
  }
}

async function ask(ctx: Ctx, settled: Settled, mayPage: boolean): Promise<Group> {
  const { group, silence, hold } = settled;
  if (!mayPage || group.state !== 'open') return group;
  // A silence over everything must not make the outside believe that the pager is dead.
  if (silence !== null && !ctx.synthetic) {
    await noteHidden(ctx, group, 'silence', silence);
    return { ...group, suppressedBy: silence };
  }
  const held = hold ?? (settled.turn === 'reopened' || (settled.loud && hushed(group)) ? null : group.held);
  if (held && rankOf(group.severity) <= held.rank) {
    if (held.kind !== 'correlation') await noteHidden(ctx, group, held.kind, held.by.split(':')[0]!);
    return { ...group, held };
  }
  if (group.routed?.urgency === 'none') await noteHidden(ctx, group, 'rule', group.routed.ruleId);
  const pageId = await pageFor(ctx, group, settled.description, settled.service, settled.before === undefined);
  return { ...group, pageId: pageId ?? group.pageId, suppressedBy: null, held: null };
}

/** Kept quiet by something that is about single alerts, so that another alert of the group may end it. */
export const hushed = ({ suppressedBy, held }: Group): boolean =>
  suppressedBy !== null || (held !== null && held.kind !== 'correlation');

/** At most one notification per group in five seconds: a storm must not flood every open browser. */
async function refreshScreens(ctx: Ctx, { before, group }: Settled): Promise<void> {
  if (before && before.alertCount === group.alertCount && secondsBetween(before.lastAt, ctx.now) < 5) return;
  await emit(ctx, groupChanged, { groupId: group.id }, { subject: group.id, incident: group.incidentId });
}
