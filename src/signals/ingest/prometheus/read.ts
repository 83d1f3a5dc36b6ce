/** The alerts that Prometheus posts. It sends the same ones again while they fire: that refreshes them and counts nothing. */
import { addMs, sha256hex } from '#kernel';
import { type NormalEvent, severityOf } from '../../model.ts';
import type { ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut, detailsOf, LIMITS, labelsOf, linksOf, type Marks, timeOf } from '../text.ts';

/** Alertmanager's default `resolve_timeout`: without an end, an alert lasts so long after it was last sent. */
export const RESOLVE_TIMEOUT_MS = 5 * 60_000;
/** An end further away than this is not believed. */
const LONGEST_MS = 24 * 3_600_000;

export function read(body: JsonValue, context: ReadContext): Reading {
  if (!Array.isArray(body)) return { ok: false, errors: ['the body must be a list of alerts'] };
  const readable = body.filter((alert) => isObject(alert) && isObject(alert.labels)) as JsonObject[];
  const labelled = readable.filter((alert) => Object.keys(alert.labels as JsonObject).length > 0);
  if (labelled.length === 0) return { ok: false, errors: ['at least one alert with labels is required'] };
  const skipped = labelled.length < body.length;
  return { ok: true, changes: [], events: labelled.map((alert) => eventOf(alert, skipped, context)) };
}

/** Identity of an alert: its labels. 16 characters like Alertmanager's fingerprint. */
export const fingerprintOf = (labels: Record<string, string>) => sha256hex(canonicalLabels(labels)).slice(0, 16);

/** What `canonicalJson` makes of a flat list of texts. */
function canonicalLabels(labels: Record<string, string>): string {
  let text = '';
  for (const name of Object.keys(labels).sort())
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${JSON.stringify(labels[name])}`;
  return text === '' ? '{}' : `${text}}`;
}

function eventOf(alert: JsonObject, skipped: boolean, context: ReadContext): NormalEvent {
  const marks: Marks = new Set(context.sanitized ? ['sanitized'] : []);
  if (skipped) marks.add('alerts_unreadable');
  const labels = labelsOf(alert.labels, marks);
  const annotations = labelsOf(alert.annotations, marks);
  const severity = severityOf(labels.severity ?? labels.priority ?? 'error');
  if (severity === null || (labels.severity ?? labels.priority) === undefined) marks.add('severity_assumed');
  // Firing alerts are sent with an end some minutes ahead: that is how it works, no mark.
  const endsAt = timeOf(alert.endsAt, context.now, new Set());
  const over = endsAt !== null && endsAt <= context.now;
  const name = labels.alertname || 'Alert without a name';
  return {
    action: over ? 'resolve' : 'trigger',
    key: fingerprintOf(labels),
    refresh: true,
    expiresAt: over ? null : expiryOf(endsAt, context.now),
    title: cut(
      annotations.summary || annotations.title || (labels.instance ? `${name} on ${labels.instance}` : name),
      LIMITS.title,
      'title',
      marks,
    ),
    severity: severity ?? 'error',
    description: cut(annotations.description ?? annotations.message ?? '', LIMITS.description, 'description', marks),
    source: cut(labels.instance ?? labels.cluster ?? 'Prometheus', LIMITS.source, 'source', marks),
    service: labels.service ?? null,
    labels,
    details: detailsOf(
      { annotations, startsAt: alert.startsAt ?? null, generatorURL: alert.generatorURL ?? null },
      marks,
    ),
    links: linksOf(
      [
        { href: alert.generatorURL, text: 'Source' },
        { href: annotations.runbook_url, text: 'Runbook' },
        { href: annotations.dashboard_url ?? annotations.dashboard, text: 'Dashboard' },
      ],
      marks,
    ),
    startedAt: timeOf(alert.startsAt, context.now, marks),
    endedAt: over ? endsAt : null,
    group: null,
    marks: [...marks],
  };
}

function expiryOf(endsAt: Date | null, now: Date): Date {
  if (endsAt === null) return addMs(now, RESOLVE_TIMEOUT_MS);
  return endsAt.getTime() - now.getTime() > LONGEST_MS ? addMs(now, LONGEST_MS) : endsAt;
}
