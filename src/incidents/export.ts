/** The whole record of an incident as one JSON file that stands on its own (M1b, M24d). */
import type { Ctx } from '#kernel';
import { type Detail, detailOf } from './detail.ts';
import { allEntries, headOf, judged } from './record/queries.ts';
import { hashedOf } from './record/store.ts';
import { readExportSections } from './sections.ts';

export const EXPORT_FORMAT = 'evenkeel.incident-export/v1' as const;

/** The record without its timeline: roles, decisions with who approved, impact, and what modules above add. */
export async function recordOf(ctx: Ctx, detail: Detail) {
  const { next: _next, yourAuthority: _yours, groups, impact, gates, ...incident } = detail;
  const [assignments, sections] = await Promise.all([
    ctx.db
      .selectFrom('incidents.roleAssignments')
      .select(['role', 'userId', 'fromAt', 'toAt', 'exception', 'handoverNote'])
      .where('incidentId', '=', incident.id)
      .orderBy('fromAt')
      .execute(),
    readExportSections(ctx, incident.id),
  ]);
  return {
    exportedAt: ctx.now,
    exportedBy: { id: ctx.actor.id, name: ctx.actor.name },
    incident: { ...incident, impact, gates, alerts: groups },
    customerImpactMinutes: impact.minutes,
    roleHistory: assignments,
    sections,
  };
}

/**
 * Record, timeline with its hashes, roles, decisions with who approved, impact, and what modules above add.
 * Its shape is published as JSON Schema in `contract/incident-export.schema.json`. Throws 404.
 */
export async function exportOf(ctx: Ctx, idOrKey: string) {
  const record = await recordOf(ctx, await detailOf(ctx, idOrKey));
  const [entries, head] = await Promise.all([allEntries(ctx, record.incident.id), headOf(ctx, record.incident.id)]);
  const hashed = entries.map(hashedOf);
  return {
    format: EXPORT_FORMAT,
    ...record,
    timeline: hashed.map((entry, i) => ({ ...entry, correctedBy: entries[i]!.correctedBy })),
    /** How to check: hash = SHA-256(prevHash + newline + canonical JSON of the entry without prevHash, hash and correctedBy). */
    verification: judged(hashed, head),
  };
}
