/** What small families share: one normal event from a flat description, and the doors of OnCall's kind of address. */
import { type NormalEvent, severityOf } from '../model.ts';
import type { Door, ReadContext, Reading } from './family.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { cut, detailsOf, LIMITS, labelsOf, linksOf, type Marks, textOf, timeOf } from './text.ts';

export interface Plain {
  action: NormalEvent['action'];
  key: string;
  title: string;
  /** A word; `error` with a mark when it is not known. */
  severity?: JsonValue | undefined;
  description?: JsonValue | undefined;
  source?: JsonValue | undefined;
  service?: string | undefined;
  labels?: JsonValue | undefined;
  details?: JsonValue | undefined;
  links?: { href: JsonValue | undefined; text: string }[];
  startedAt?: JsonValue | undefined;
  endedAt?: JsonValue | undefined;
  group?: { key: string; title: string } | null;
}

/** A normal event, cut to the documented sizes, with its marks. */
export function plainEvent(plain: Plain, context: ReadContext): NormalEvent {
  const marks: Marks = new Set(context.sanitized ? ['sanitized'] : []);
  const labels = labelsOf(plain.labels ?? null, marks);
  const said = textOf(plain.severity);
  const severity = severityOf(said === '' ? labels.severity : said);
  if (severity === null && plain.action === 'trigger') marks.add('severity_assumed');
  return {
    action: plain.action,
    key: plain.key,
    title: cut(plain.title.trim(), LIMITS.title, 'title', marks),
    severity: severity ?? 'error',
    description: cut(textOf(plain.description), LIMITS.description, 'description', marks),
    source: cut(textOf(plain.source), LIMITS.source, 'source', marks),
    service: plain.service ?? labels.service ?? null,
    labels,
    details: detailsOf(plain.details, marks),
    links: linksOf(plain.links ?? [], marks),
    startedAt: timeOf(plain.startedAt, context.now, marks),
    endedAt: timeOf(plain.endedAt, context.now, marks),
    group: plain.group ?? null,
    marks: [...marks],
  };
}

export const one = (plain: Plain, context: ReadContext): Reading => ({
  ok: true,
  events: [plainEvent(plain, context)],
  changes: [],
  key: plain.key,
});

export const unreadable = (...errors: string[]): Reading => ({ ok: false, errors });

/** `Name: value` lines or a list of `name:value` as labels. */
export function labelsOfTags(tags: JsonValue | undefined): JsonObject {
  const list = Array.isArray(tags) ? tags.map(textOf) : textOf(tags).split(',');
  const labels = Object.create(null) as JsonObject;
  for (const tag of list.map((text) => text.trim()).filter((text) => text !== '')) {
    const at = tag.indexOf(':');
    labels[at > 0 ? tag.slice(0, at) : tag] = at > 0 ? tag.slice(at + 1) : 'true';
  }
  return labels;
}

/** The plain members of an object. */
export function flat(value: JsonValue | undefined): JsonObject {
  const members = Object.create(null) as JsonObject;
  if (!isObject(value)) return members;
  for (const [name, item] of Object.entries(value)) if (item !== null && typeof item !== 'object') members[name] = item;
  return members;
}

/** Doors with the key in the address, with and without the slash at the end. */
export const doorsAt = (base: string, more: Partial<Door> = {}): Door[] =>
  ['', '/', '/:key', '/:key/'].map((end) => ({ path: `${base}${end}`, purpose: 'alerts', name: base, ...more }));

/** Seconds since 1970 as an RFC 3339 text; anything else as it is. */
export function epoch(value: JsonValue | undefined): JsonValue | undefined {
  const text = textOf(value);
  if (!/^\d{9,13}(\.\d+)?$/.test(text)) return value;
  const number = Number(text);
  return new Date(number > 1e11 ? number : number * 1000).toISOString();
}

/** What the test button says. */
export const testText = (name: string) => ({
  title: `Test alert from “${name}”`,
  text: 'Somebody pressed the test button in Evenkeel. Nothing is broken.',
});

/** The answer of families whose senders look at the status only. */
export const taken = (reading: Extract<Reading, { ok: true }>, signalId: string, status = 202) => ({
  status,
  body: { status: 'accepted', signal: signalId, alerts: reading.events.length },
});
