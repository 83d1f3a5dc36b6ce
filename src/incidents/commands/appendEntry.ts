/** Modules above write onto the timeline through this. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import type { NewEntry } from '../record/store.ts';
import { write } from '../record/write.ts';
import { checkOccurredAt } from '../lifecycle/times.ts';
import { problemOf, readIncident } from '../store.ts';

export interface AppendEntryInput extends NewEntry {
  incidentId: string;
}

export const appendEntry = command(
  'incidents.appendEntry',
  { allow: 'internal', subject: (input: AppendEntryInput) => input.incidentId },
  async (ctx, { incidentId, ...entry }: AppendEntryInput): Promise<{ seq: number }> => {
    const incident = await readIncident(ctx, incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    const wrong = entry.occurredAt && checkOccurredAt(entry.occurredAt, ctx.now);
    if (wrong) throw problemOf(wrong);
    const { seq } = await write(ctx, incident, entry);
    ctx.audit.after = { seq, kind: entry.kind };
    return { seq };
  },
);

/** Appends an entry to an incident's timeline; `occurredAt` may lie in the past, never more than 60 s ahead. */
export const appendTimeline = (ctx: Ctx, incidentId: string, entry: NewEntry): Promise<{ seq: number }> =>
  appendEntry(ctx, { incidentId, ...entry });
