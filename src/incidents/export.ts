/** The whole record of an incident as one JSON file that stands on its own (M1b, M24d). */
import type { Ctx } from '#kernel';
import { detailOf } from './detail.ts';
import { allEntries, headOf, judged } from './record/queries.ts';
import { hashedOf } from './record/store.ts';
import { readExportSections } from './sections.ts';

export const EXPORT_FORMAT = 'evenkeel.incident-export/v1' as const;

/**
 * Record, timeline with its hashes, roles, decisions with who approved, impact, and what modules above add.
 * Its shape is published as JSON Schema in `contract/incident-export.schema.json`. Throws 404.
 */
export async function exportOf(ctx: Ctx, idOrKey: string) {
  const { next: _next, yourAuthority: _yours, groups, impact, gates, ...incident } = await detailOf(ctx, idOrKey);
  const [entries, head, assignments, sections] = await Promise.all([
    allEntries(ctx, incident.id),
    headOf(ctx, incident.id),
    ctx.db
      .selectFrom('incidents.roleAssignments')
      .select(['role', 'userId', 'fromAt', 'toAt', 'exception', 'handoverNote'])
      .where('incidentId', '=', incident.id)
      .orderBy('fromAt')
      .execute(),
    readExportSections(ctx, incident.id),
  ]);
  const hashed = entries.map(hashedOf);
  return {
    format: EXPORT_FORMAT,
    exportedAt: ctx.now,
    exportedBy: { id: ctx.actor.id, name: ctx.actor.name },
    incident: { ...incident, impact, gates, alerts: groups },
    customerImpactMinutes: impact.minutes,
    roleHistory: assignments,
    timeline: hashed.map((entry, i) => ({ ...entry, correctedBy: entries[i]!.correctedBy })),
    /** How to check: hash = SHA-256(prevHash + newline + canonical JSON of the entry without prevHash, hash and correctedBy). */
    verification: judged(hashed, head),
    sections,
  };
}
