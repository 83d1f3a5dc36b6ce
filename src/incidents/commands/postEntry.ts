/** A person writes a note into the record. */
import { type Ctx, invalid, readSetting } from '#kernel';
import { command } from '#security';
import { checkOccurredAt } from '../lifecycle/times.ts';
import type { Classification, Ref } from '../record/model.ts';
import type { NewEntry } from '../record/store.ts';
import { strangers } from '../record/access.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { restrictedPolicy } from '../settings.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { TimelineRow } from '../tables.ts';
import { markContainmentStarted } from './markContainmentStarted.ts';

export interface PostEntryInput {
  incidentId: string;
  text: string;
  occurredAt?: Date | undefined;
  classification?: Classification | undefined;
  /** For a restricted entry: people who may read it beside its author and the roles of the policy. */
  readers?: string[] | undefined;
  refs?: Ref[] | undefined;
  /** `action`: something done by hand; while harm is not contained it starts the containment clock. */
  kind?: 'note' | 'action' | undefined;
}

export const postEntry = command(
  'incidents.postEntry',
  { allow: 'responder' },
  async (ctx, { incidentId, kind, readers, ...entry }: PostEntryInput): Promise<TimelineRow> => {
    const incident = await lockIncident(ctx, incidentId);
    refuseSecrets(ctx, { text: entry.text });
    const wrong = entry.occurredAt && checkOccurredAt(entry.occurredAt, ctx.now);
    if (wrong) throw problemOf(wrong);
    const sealed = readers && (await namedReaders(ctx, entry.classification, readers));
    const written = await write(ctx, incident, { ...entry, ...sealed, kind: kind ?? 'note' } as NewEntry);
    const stopsHarm = kind === 'action' && (incident.phase === 'detection' || incident.phase === 'containment');
    if (stopsHarm) await markContainmentStarted(ctx, { incidentId: incident.id });
    return written;
  },
);

/** The people named, beside the roles of the policy. */
async function namedReaders(ctx: Ctx, classification: Classification | undefined, people: string[]) {
  const unknown = await strangers(ctx, people);
  const wrong =
    classification !== 'restricted'
      ? 'only a restricted entry has readers'
      : unknown.length > 0
        ? `no active account: ${unknown.join(', ')}`
        : undefined;
  if (wrong)
    throw invalid('These readers cannot be named', 'incidents.access.person', [{ path: 'readers', message: wrong }]);
  const { roles } = await readSetting(ctx, restrictedPolicy);
  return { readers: { roles, people } };
}
