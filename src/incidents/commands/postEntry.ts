/** A person writes a note into the record. */
import { command } from '#security';
import { checkOccurredAt } from '../lifecycle/times.ts';
import type { Classification, Ref } from '../record/model.ts';
import type { NewEntry } from '../record/store.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { TimelineRow } from '../tables.ts';
import { markContainmentStarted } from './markContainmentStarted.ts';

export interface PostEntryInput {
  incidentId: string;
  text: string;
  occurredAt?: Date | undefined;
  classification?: Classification | undefined;
  refs?: Ref[] | undefined;
  /** `action`: something done by hand; while harm is not contained it starts the containment clock. */
  kind?: 'note' | 'action' | undefined;
}

export const postEntry = command(
  'incidents.postEntry',
  { allow: 'responder' },
  async (ctx, { incidentId, kind, ...entry }: PostEntryInput): Promise<TimelineRow> => {
    const incident = await lockIncident(ctx, incidentId);
    refuseSecrets(ctx, { text: entry.text });
    const wrong = entry.occurredAt && checkOccurredAt(entry.occurredAt, ctx.now);
    if (wrong) throw problemOf(wrong);
    const written = await write(ctx, incident, { ...entry, kind: kind ?? 'note' } as NewEntry);
    const stopsHarm = kind === 'action' && (incident.phase === 'detection' || incident.phase === 'containment');
    if (stopsHarm) await markContainmentStarted(ctx, { incidentId: incident.id });
    return written;
  },
);
