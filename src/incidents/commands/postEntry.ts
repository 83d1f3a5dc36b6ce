/** A person writes a note into the record. */
import { command } from '#security';
import { checkOccurredAt } from '../lifecycle/times.ts';
import type { Classification, Ref } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { TimelineRow } from '../tables.ts';

export interface PostEntryInput {
  incidentId: string;
  text: string;
  occurredAt?: Date | undefined;
  classification?: Classification | undefined;
  refs?: Ref[] | undefined;
  /** `action` for something done by hand, which also starts the clock of response. */
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
    return write(ctx, incident, { ...entry, kind: kind ?? 'note' } as Parameters<typeof write>[2]);
  },
);
