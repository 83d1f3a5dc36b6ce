/** Brings groups with one probable cause together: one leads, the others are held, and pages nobody has answered end. */
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { groupFolded } from '../../events.ts';
import type { Group } from '../../model.ts';
import { stopPaging } from '../../paging.ts';
import { saveGroup } from '../../store.ts';
import { ask } from '../ask.ts';
import { rankOf } from '../model.ts';
import { heldBy } from '../hold.ts';
import {
  type Correlation,
  correlationFor,
  lockCorrelation,
  lockOpen,
  openMembers,
  saveCorrelation,
  sightingOf,
} from '../store.ts';

export interface FoldGroups {
  originId: string;
  silent: boolean;
  leadGroupId: string;
  memberIds: string[];
  reasons: string[];
  /** When the newest in the whole case began. */
  newest: Date;
}

export const foldGroups = command(
  'signals.foldGroups',
  { allow: 'internal', subject: (input: FoldGroups, id: string | null) => id ?? input.leadGroupId },
  async (ctx, input: FoldGroups): Promise<string | null> => {
    const locked = new Map((await lockOpen(ctx, [input.leadGroupId, ...input.memberIds])).map((one) => [one.id, one]));
    const lead = locked.get(input.leadGroupId);
    const members = input.memberIds.flatMap((id) => locked.get(id) ?? []);
    if (!lead) {
      ctx.audit.skip = true;
      return null;
    }
    const { originId, silent, leadGroupId, reasons, newest } = input;
    const { row: found } = await correlationFor(ctx, { originId, silent, leadGroupId, reasons, lastJoinedAt: newest });
    const row = (await lockCorrelation(ctx, found.id))!;
    const before = new Set([lead, ...members].flatMap(({ correlationId }) => correlationId ?? []));
    before.delete(row.id);
    const asked = await leads(ctx, row, lead);
    const joined = members.filter(({ serviceId }) => !row.separated.some((one) => one.serviceId === serviceId));
    for (const member of joined) await join(ctx, row, asked, member, reasons);
    const grown = newest > row.lastJoinedAt || joined.some(({ correlationId }) => correlationId !== row.id);
    await note(ctx, row, input, newest, grown);
    for (const id of before) await endIfEmpty(ctx, id, `it became part of another: ${reasons[0]}`);
    ctx.audit.after = { originId, leadGroupId, groups: joined.length + 1, reasons };
    ctx.audit.incident = lead.incidentId ?? undefined;
    return row.id;
  },
);

/** The lead is nobody's member: if it was held until now, its people are asked. */
async function leads(ctx: Ctx, row: Correlation, lead: Group): Promise<Group> {
  if (lead.correlationId === row.id && lead.held === null) return lead;
  const free: Group = { ...lead, correlationId: row.id };
  const after = lead.held?.kind === 'correlation' ? await ask(ctx, free, 'It is the probable cause of others.') : free;
  await saveGroup(ctx, after);
  return after;
}

async function join(ctx: Ctx, row: Correlation, lead: Group, member: Group, reasons: string[]): Promise<void> {
  const sighting = sightingOf(lead);
  const rank = rankOf(member.severity);
  const holds = sighting.asked && rank > 0 && rankOf(lead.severity) >= rank && member.state === 'open';
  const held = holds && (member.held === null || member.held.by !== row.id);
  if (member.correlationId === row.id && !held) return;
  if (held && member.pageId !== null && member.held === null)
    await stopPaging(ctx, member.id, `part of “${lead.title}”: ${reasons[0]}`);
  const stays = member.held?.kind === 'correlation' ? null : member.held;
  await saveGroup(ctx, {
    ...member,
    correlationId: row.id,
    held: held && stays === null ? heldBy(ctx, row.id, sighting, reasons) : stays,
  });
  await emit(
    ctx,
    groupFolded,
    { groupId: member.id, leadGroupId: lead.id, correlationId: row.id },
    { subject: member.id, incident: member.incidentId ?? lead.incidentId },
  );
}

async function note(ctx: Ctx, row: Correlation, input: FoldGroups, newest: Date, grown: boolean): Promise<void> {
  // What is over leaves the count as it was: the sentences say how it looked at its largest.
  const said = grown && row.reasons.join('; ') !== input.reasons.join('; ');
  const moved = row.leadGroupId !== input.leadGroupId || row.silent !== input.silent;
  if (!moved && !said && newest <= row.lastJoinedAt) return;
  await saveCorrelation(
    ctx,
    row,
    {
      leadGroupId: input.leadGroupId,
      silent: input.silent,
      reasons: said || moved ? input.reasons : row.reasons,
      lastJoinedAt: newest > row.lastJoinedAt ? newest : row.lastJoinedAt,
    },
    said || moved ? input.reasons.join('; ') : undefined,
  );
}

/** A correlation under which nothing is left but its lead has come to its end. */
async function endIfEmpty(ctx: Ctx, id: string, reason: string): Promise<void> {
  if ((await openMembers(ctx, id)).length > 1) return;
  const row = await lockCorrelation(ctx, id);
  if (row?.state === 'open')
    await saveCorrelation(ctx, row, { state: 'ended', endedBy: 'system', endedReason: reason }, reason);
}
