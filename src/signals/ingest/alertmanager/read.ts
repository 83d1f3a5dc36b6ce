/** An Alertmanager webhook body as normal events. Lenient: custom templates and older senders leave fields out. */
import { canonicalJson, sha256hex } from '#kernel';
import { type NormalEvent, severityOf } from '../../model.ts';
import type { ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut, detailsOf, LIMITS, labelsOf, linksOf, type Marks, textOf, timeOf } from '../text.ts';

/** Reads a body. Alerts that cannot be read are left out and marked on the others; a body without any readable alert is refused. */
export function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body))
    return { ok: false, errors: ['The body must be an object with “alerts”, as Alertmanager sends it.'] };
  if (!Array.isArray(body.alerts)) return { ok: false, errors: ['“alerts” is missing or not a list.'] };
  const readable = body.alerts.filter(isObject);
  if (readable.length === 0 && body.alerts.length > 0)
    return { ok: false, errors: ['None of the alerts is an object.'] };
  const skipped = readable.length < body.alerts.length;
  return { ok: true, events: readable.map((alert) => eventOf(body, alert, skipped, context)), changes: [] };
}

function eventOf(body: JsonObject, alert: JsonObject, skipped: boolean, context: ReadContext): NormalEvent {
  const marks: Marks = new Set();
  if (context.sanitized) marks.add('sanitized');
  if (skipped) marks.add('alerts_unreadable');
  const labels = labelsOf(alert.labels, marks);
  const annotations = labelsOf(alert.annotations, marks);
  const severity = severityOf(labels.severity ?? labels.priority ?? 'error');
  if (severity === null || (labels.severity ?? labels.priority) === undefined) marks.add('severity_assumed');
  const startedAt = timeOf(alert.startsAt, context.now, marks);
  const endedAt = timeOf(alert.endsAt, context.now, marks);
  return {
    action: isResolved(alert, body, endedAt, context.now) ? 'resolve' : 'trigger',
    key: keyOf(alert, labels),
    title: cut(titleOf(annotations, labels), LIMITS.title, 'title', marks),
    severity: severity ?? 'error',
    description: cut(annotations.description ?? annotations.message ?? '', LIMITS.description, 'description', marks),
    source: cut(labels.instance ?? labels.cluster ?? textOf(body.externalURL), LIMITS.source, 'source', marks),
    service: labels.service ?? null,
    labels,
    details: detailsOf(
      { annotations, receiver: body.receiver ?? null, startsAt: alert.startsAt ?? null, endsAt: alert.endsAt ?? null },
      marks,
    ),
    links: linksOf(
      [
        { href: alert.generatorURL, text: 'Source' },
        { href: annotations.runbook_url, text: 'Runbook' },
        { href: annotations.dashboard_url ?? annotations.dashboard, text: 'Dashboard' },
        { href: body.externalURL, text: 'Alertmanager' },
      ],
      marks,
    ),
    startedAt,
    endedAt,
    group: groupOf(body, marks),
    marks: [...marks],
  };
}

/** `status` of the alert, else of the post, else an end in the past. */
function isResolved(alert: JsonObject, body: JsonObject, endedAt: Date | null, now: Date): boolean {
  for (const status of [alert.status, body.status]) {
    const word = textOf(status).toLowerCase();
    if (word === 'resolved') return true;
    if (word === 'firing') return false;
  }
  return endedAt !== null && endedAt <= now;
}

/** Alertmanager's fingerprint; an old or custom sender without one gets the hash of its labels, which is the same idea. */
function keyOf(alert: JsonObject, labels: Record<string, string>): string {
  const fingerprint = textOf(alert.fingerprint);
  return fingerprint !== '' ? fingerprint : sha256hex(canonicalJson(labels)).slice(0, 32);
}

function titleOf(annotations: Record<string, string>, labels: Record<string, string>): string {
  const said = annotations.summary || annotations.title;
  if (said) return said;
  const name = labels.alertname || 'Alert without a name';
  return labels.instance ? `${name} on ${labels.instance}` : name;
}

function groupOf(body: JsonObject, marks: Marks): NormalEvent['group'] {
  const key = textOf(body.groupKey);
  if (key === '') return null;
  const common = labelsOf(body.commonAnnotations, marks);
  const groupLabels = labelsOf(body.groupLabels, marks);
  const named = common.summary || common.title || groupLabels.alertname || '';
  // Long group keys are told apart by their hash.
  return { key: key.length > 500 ? sha256hex(key) : key, title: cut(named, LIMITS.title, 'title', marks) };
}
