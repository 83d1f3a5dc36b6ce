/** PagerDuty event and change bodies as normal events. Required fields are required as the vendor does; types are read leniently. */
import type { NormalEvent } from '../../model.ts';
import { severityOf } from '../../model.ts';
import type { Door, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut, detailsOf, LIMITS, labelsOf, linksOf, type Marks, textOf, timeOf } from '../text.ts';

/** Fields of the payload that become labels. */
const LABELS = ['source', 'component', 'group', 'class'] as const;

export function read(body: JsonValue, purpose: Door['purpose'], context: ReadContext): Reading {
  if (!isObject(body)) return { ok: false, errors: ['The event must be a JSON object.'] };
  return purpose === 'changes' ? readChange(body, context) : readEvent(body, context);
}

function readEvent(body: JsonObject, context: ReadContext): Reading {
  const marks: Marks = new Set(context.sanitized ? ['sanitized'] : []);
  const action = textOf(body.event_action).trim().toLowerCase();
  // Alertmanager sends `payload` on resolve as well; it is read when it is there.
  const payload = isObject(body.payload) ? body.payload : undefined;
  // A number is kept as its digits, so that 9007199254740993 and …992 stay two keys (bad-input row 8).
  const given = textOf(body.dedup_key).trim();
  const errors = problemsOf(body, action, payload, given);
  if (errors.length > 0) return { ok: false, errors };
  const key = given === '' ? context.newKey : given;
  return {
    ok: true,
    changes: [],
    key,
    events: [eventOf(body, payload ?? {}, action as NormalEvent['action'], key, marks, context)],
  };
}

function problemsOf(body: JsonObject, action: string, payload: JsonObject | undefined, key: string): string[] {
  const errors: string[] = [];
  if (!['trigger', 'acknowledge', 'resolve'].includes(action)) {
    errors.push("'event_action' is missing or invalid (must be one of: trigger, acknowledge, resolve)");
  }
  if (action !== 'trigger' && errors.length === 0 && key === '') errors.push("'dedup_key' is missing or blank");
  if (isObject(body.dedup_key) || Array.isArray(body.dedup_key)) errors.push("'dedup_key' must be a string");
  if (action !== 'trigger') return errors;
  if (!payload) return [...errors, "'payload' is missing or blank"];
  for (const field of ['summary', 'source'] as const) {
    if (textOf(payload[field]).trim() === '') errors.push(`'payload.${field}' is missing or blank`);
  }
  if (severityOf(payload.severity) === null)
    errors.push("'payload.severity' is missing or invalid (must be one of: critical, error, warning, info)");
  return errors;
}

function eventOf(
  body: JsonObject,
  payload: JsonObject,
  action: NormalEvent['action'],
  key: string,
  marks: Marks,
  context: ReadContext,
): NormalEvent {
  const labels = labelsOf(flatDetails(payload.custom_details), marks);
  for (const name of LABELS) {
    const value = textOf(payload[name]);
    if (value !== '') labels[name] = cut(value, LIMITS.labelValue, 'labels', marks);
  }
  return {
    action,
    key,
    title: cut(textOf(payload.summary), LIMITS.title, 'title', marks),
    severity: severityOf(payload.severity) ?? 'error',
    description: '',
    source: cut(textOf(payload.source), LIMITS.source, 'source', marks),
    service: labels.service ?? null,
    labels,
    details: detailsOf(payload.custom_details, marks),
    links: linksOf(
      [...linkList(body.links), { href: body.client_url, text: textOf(body.client) }, ...imageList(body.images)],
      marks,
    ),
    startedAt: timeOf(payload.timestamp, context.now, marks),
    endedAt: null,
    group: null,
    marks: [...marks],
  };
}

/** The plain members of custom_details, which senders use like labels. */
function flatDetails(details: JsonValue | undefined): JsonObject {
  const flat = Object.create(null) as JsonObject;
  if (!isObject(details)) return flat;
  for (const [name, value] of Object.entries(details))
    if (value !== null && typeof value !== 'object') flat[name] = value;
  return flat;
}

const linkList = (links: JsonValue | undefined) =>
  (Array.isArray(links) ? links.filter(isObject) : []).map((link) => ({ href: link.href, text: textOf(link.text) }));

const imageList = (images: JsonValue | undefined) =>
  (Array.isArray(images) ? images.filter(isObject) : []).map((image) => ({
    href: image.href ?? image.src,
    text: textOf(image.alt) || 'Image',
  }));

function readChange(body: JsonObject, context: ReadContext): Reading {
  const marks: Marks = new Set();
  const payload = isObject(body.payload) ? body.payload : undefined;
  const summary = textOf(payload?.summary).trim();
  if (!payload || summary === '') return { ok: false, errors: ["'payload.summary' is missing or blank"] };
  const details = labelsOf(flatDetails(payload.custom_details), marks);
  return {
    ok: true,
    events: [],
    changes: [
      {
        kind: 'deploy',
        summary: cut(summary, LIMITS.title, 'title', marks),
        source: cut(textOf(payload.source), LIMITS.source, 'source', marks),
        service: details.service ?? null,
        url: linksOf(linkList(body.links), marks)[0]?.href ?? null,
        at: timeOf(payload.timestamp, context.now, marks),
      },
    ],
  };
}
