/** The one way from inside this module onto the timeline: store, note the first response, announce. */
import { type Ctx, emit, invalid } from '#kernel';
import { timelineAppended } from '../events.ts';
import { markResponded } from '../store.ts';
import type { IncidentRow, TimelineRow } from '../tables.ts';
import { type EntryKind, secretIn, withoutSecret } from './model.ts';
import { sealEntry } from './sealed.ts';
import { append, type NewEntry } from './store.ts';

/** Kinds that tell of the incident itself; whoever causes them has not responded to it yet. */
const NO_RESPONSE: readonly EntryKind[] = ['declared', 'signal', 'edit', 'gate', 'message', 'exercise'];

/**
 * Appends an entry. An automatic action, or anything a person does, counts as the first response (M8a).
 * Texts of machines that carry a secret are withheld; a person's are refused earlier, by `refuseSecrets`.
 */
export async function write(ctx: Ctx, incident: IncidentRow, entry: NewEntry): Promise<TimelineRow> {
  const actor = entry.actor ?? ctx.actor;
  const byPerson = actor.kind === 'user' || actor.kind === 'token' || actor.kind === 'link';
  const responds = entry.kind === 'action' || (byPerson && !NO_RESPONSE.includes(entry.kind));
  if (responds && !incident.respondedAt) {
    // Before the timeline's own lock, in the order in which every command takes them.
    await markResponded(ctx, incident.id, entry.occurredAt ?? ctx.now, byPerson ? 'manual' : 'automatic');
  }
  const told = { ...entry, text: withoutSecret(entry.text) };
  const sealed = entry.classification === 'restricted' ? await sealEntry(ctx, incident, told) : undefined;
  const row = await append(ctx, incident, sealed?.veiled ?? told);
  await sealed?.keep(row);
  const about = { subject: incident.id, incident: incident.id };
  await emit(
    ctx,
    timelineAppended,
    { incidentId: incident.id, key: incident.key, seq: row.seq, kind: row.kind },
    about,
  );
  return row;
}

/** Refuses a person's text that carries a secret: the record is append-only, it could never be taken out (invariant 16). */
export function refuseSecrets(ctx: Ctx, fields: Record<string, string | undefined>): void {
  for (const [path, text] of Object.entries(fields)) {
    const found = text === undefined ? null : secretIn(text);
    if (!found) continue;
    ctx.log.warn({ rule: 'incidents.secret', path, found }, 'a text with a secret was kept out of the record');
    throw invalid(
      `This text seems to contain ${found}: the record is permanent, so take it out first`,
      'incidents.secret',
      [{ path, message: `contains ${found}` }],
    );
  }
}
