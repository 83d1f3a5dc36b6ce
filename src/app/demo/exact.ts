/** Puts the instants of the story on its minutes: playing a step takes a few milliseconds, and the figures are exact. */
import { sql } from '#kernel';
import { after } from './cases.ts';
import type { PastIncident } from './data/incidents.ts';
import type { Traces } from './scene.ts';
import type { Stage } from './stage.ts';

/** What no command can say afterwards: when it was detected without an alert, and what never became known. */
async function correct(stage: Stage, id: string, past: PastIncident): Promise<void> {
  const known = stage.db.updateTable('incidents.incidents').where('id', '=', id);
  if (past.page === null) await known.set({ detectedAt: after(past, stage.now, past.detect) as Date }).execute();
  if (past.startUnknown) {
    await known
      .set({ impactStartedAt: null, impactEndedAt: null, containmentStartedAt: null, containedAt: null })
      .execute();
  }
}

export async function makeExact(stage: Stage, traces: Traces, stories: readonly PastIncident[]): Promise<void> {
  for (const past of stories) {
    const id = traces.incidents.get(past.story);
    if (id) await correct(stage, id, past);
  }
  const minute = (name: string) => sql`${sql.ref(name)} = date_trunc('minute', ${sql.ref(name)})`;
  const set = (names: readonly string[]) => sql.join(names.map(minute));
  await sql`update incidents.incidents set ${set([
    ...['impact_started_at', 'detected_at', 'declared_at', 'acknowledged_at', 'responded_at', 'containment_started_at'],
    ...['contained_at', 'eradicated_at', 'recovery_started_at', 'verification_started_at', 'impact_ended_at'],
    ...['restored_at', 'closed_at'],
  ])}`.execute(stage.db);
  await sql`update incidents.role_assignments set ${set(['from_at', 'to_at'])}`.execute(stage.db);
  await sql`update people.pages set ${set(['first_sent_at', 'acknowledged_at'])}`.execute(stage.db);
  await sql`update comms.incident_pages set ${set(['first_published_at'])}`.execute(stage.db);
}
