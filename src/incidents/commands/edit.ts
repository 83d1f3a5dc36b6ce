/** Corrects what the incident says about itself; the record shows the old and the new. */
import { emit, Problem } from '#kernel';
import { command } from '#security';
import { incidentEdited } from '../events.ts';
import type { Kind } from '../lifecycle/model.ts';
import { checkTimes } from '../lifecycle/times.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident, problemOf, saveIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';

export interface EditInput {
  incidentId: string;
  title?: string | undefined;
  summary?: string | undefined;
  kind?: Kind | undefined;
  impactStartedAt?: Date | undefined;
  impactEndedAt?: Date | null | undefined;
  /** The version the editor saw; another one meanwhile answers 412. */
  ifVersion?: number | undefined;
}

export interface Edited {
  id: string;
  key: string;
  version: number;
  changed: boolean;
}

export const edit = command(
  'incidents.edit',
  { allow: 'responder' },
  async (ctx, input: EditInput): Promise<Edited> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (input.ifVersion !== undefined && input.ifVersion !== incident.version) {
      throw new Problem(412, `${incident.key} was changed meanwhile`, {
        rule: 'incidents.version',
        detail: 'Look at the present state and make your change again.',
      });
    }
    refuseSecrets(ctx, { title: input.title, summary: input.summary });
    const change = changed(incident, input);
    const fields = Object.keys(change) as (keyof typeof change)[];
    if (fields.length === 0) return { id: incident.id, key: incident.key, version: incident.version, changed: false };
    const wrong = checkTimes({ ...incident, ...change }, ctx.now);
    if (wrong) throw problemOf(wrong);
    const saved = await saveIncident(ctx, incident, {
      ...change,
      ...(change.impactStartedAt && { impactStartConfidence: 'stated' as const }),
    });
    const text = fields
      .map((field) => `${LABELS[field]}: ${shown(incident[field])} → ${shown(change[field])}`)
      .join('; ');
    await write(ctx, saved, { kind: 'edit', text });
    ctx.audit.before = Object.fromEntries(fields.map((field) => [field, incident[field]]));
    ctx.audit.after = change;
    await emit(
      ctx,
      incidentEdited,
      { incidentId: incident.id, key: incident.key },
      { subject: incident.id, incident: incident.id },
    );
    return { id: saved.id, key: saved.key, version: saved.version, changed: true };
  },
);

type Editable = Partial<Pick<IncidentRow, 'title' | 'summary' | 'kind' | 'impactStartedAt' | 'impactEndedAt'>>;

const LABELS: Record<keyof Editable, string> = {
  title: 'Title',
  summary: 'Summary',
  kind: 'Kind',
  impactStartedAt: 'Impact started',
  impactEndedAt: 'Impact ended',
};

/** Only what differs: the same values again are no change, no version and no entry (bad input row 38). */
function changed(incident: IncidentRow, input: EditInput): Editable {
  const wanted: Editable = {
    ...(input.title !== undefined && { title: storable(input.title) }),
    ...(input.summary !== undefined && { summary: storable(input.summary) }),
    ...(input.kind !== undefined && { kind: input.kind }),
    ...(input.impactStartedAt !== undefined && { impactStartedAt: input.impactStartedAt }),
    ...(input.impactEndedAt !== undefined && { impactEndedAt: input.impactEndedAt }),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => shown(value) !== shown(incident[field as keyof Editable])),
  ) as Editable;
}

const shown = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : value === null || value === '' ? '–' : String(value);
