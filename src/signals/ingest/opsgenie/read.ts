/** Opsgenie bodies as normal events. Syntax errors are 400, errors of meaning 422; what is too long is cut, as everywhere. */
import type { NormalEvent, Severity } from '../../model.ts';
import type { ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut, detailsOf, LIMITS, labelsOf, type Marks, textOf } from '../text.ts';

/** P3 is Opsgenie's default and means "moderate": a call in low urgency. */
const PRIORITIES: Record<string, Severity> = { P1: 'critical', P2: 'error', P3: 'warning', P4: 'info', P5: 'info' };

const ACTIONS: Record<string, NormalEvent['action']> = {
  close: 'resolve',
  delete: 'resolve',
  acknowledge: 'acknowledge',
  assign: 'acknowledge',
  unacknowledge: 'unacknowledge',
};

export function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return { ok: false, errors: ['The request body must be a JSON object.'] };
  const { door, params } = context.wire;
  if (door === 'create') return readCreate(body, context);
  // The address names no alert: accepted like every write, and the request's status says that nothing was found.
  const key = params.key;
  const author = textOf(body.user) || textOf(body.source);
  const notes = noteText(body, door).map((text) => ({
    key: key ?? '',
    ...(params.fingerprint ? { fingerprint: params.fingerprint } : {}),
    text,
    author,
  }));
  if (door === 'notes' && notes.length === 0)
    return { ok: false, status: 422, errors: ['note: Note can not be empty.'] };
  const missing = required(body, door);
  if (missing) return { ok: false, status: 422, errors: [missing] };
  if (key === undefined) return { ok: true, events: [], changes: [] };
  const action = ACTIONS[door];
  const events = action
    ? [emptyEvent(action, key, params.fingerprint)]
    : params.alert !== undefined
      ? [changed(body, context, key, params.alert)]
      : [];
  return { ok: true, events, changes: [], notes, key };
}

/** Whom or what an object names. */
const nameOf = (value: JsonValue | undefined): string =>
  isObject(value) ? textOf(value.name) || textOf(value.username) || textOf(value.id) : textOf(value);

/** The note that came with an action, and in words what an action did that has no other place here. */
function noteText(body: JsonObject, door: string): string[] {
  const note = textOf(body.note).trim();
  const said: Record<string, string> = {
    message: `Message is now “${textOf(body.message)}”`,
    description: `Description is now “${textOf(body.description)}”`,
    priority: `Priority is now ${textOf(body.priority)}`,
    tags: `Tags were added: ${textOf(body.tags)}`,
    details: `Details were added: ${textOf(body.details)}`,
    snooze: `Snoozed at its source until ${textOf(body.endTime)}`,
    escalate: `Escalated at its source to ${nameOf(body.escalation)}`,
    assign: `Assigned at its source to ${nameOf(body.owner)}`,
    teams: `Team added at its source: ${nameOf(body.team)}`,
    responders: `Responder added at its source: ${nameOf(body.responder)}`,
    removeTags: 'Tags were removed',
    removeDetails: 'Details were removed',
    action: 'An action was run at its source',
  };
  return [said[door], note].filter((text): text is string => text !== undefined && text !== '');
}

function required(body: JsonObject, door: string): string | undefined {
  const field = { message: 'message', description: 'description', priority: 'priority' }[door];
  if (field && textOf(body[field]).trim() === '') return `${field}: ${field} can not be empty.`;
  if (door === 'priority' && !(textOf(body.priority) in PRIORITIES))
    return 'priority: Priority is one of P1, P2, P3, P4, P5.';
  return undefined;
}

function readCreate(body: JsonObject, context: ReadContext): Reading {
  const marks: Marks = new Set(context.sanitized ? ['sanitized'] : []);
  const message = textOf(body.message).trim();
  const priority = textOf(body.priority).trim().toUpperCase();
  const errors: string[] = [];
  if (message === '') errors.push('message: Message can not be empty.');
  if (priority !== '' && !(priority in PRIORITIES)) errors.push('priority: Priority is one of P1, P2, P3, P4, P5.');
  if (isObject(body.alias) || Array.isArray(body.alias)) errors.push('alias: Alias must be a text.');
  if (body.tags !== undefined && body.tags !== null && !Array.isArray(body.tags))
    errors.push('tags: Tags must be a list.');
  if (errors.length > 0) return { ok: false, status: 422, errors };
  const alias = textOf(body.alias).trim();
  // The vendor's text does not say what an alert without an alias is; the owner may (options).
  const key = alias !== '' ? alias : context.options.withoutAlias === 'message' ? message : context.newKey;
  const labels = labelsOf(body.details, marks);
  for (const name of ['entity', 'source'] as const) {
    const value = textOf(body[name]);
    if (value !== '') labels[name] ??= cut(value, LIMITS.labelValue, 'labels', marks);
  }
  const tags = Array.isArray(body.tags) ? body.tags.map(textOf) : [];
  if (tags.length > 0) labels.tags ??= cut(tags.join(','), LIMITS.labelValue, 'labels', marks);
  const { message: _m, description: _d, details: _e, ...rest } = body;
  const event: NormalEvent = {
    ...emptyEvent('trigger', key),
    title: cut(message, LIMITS.title, 'title', marks),
    severity: PRIORITIES[priority] ?? 'warning',
    description: cut(textOf(body.description), LIMITS.description, 'description', marks),
    source: cut(textOf(body.source) || textOf(body.entity), LIMITS.source, 'source', marks),
    service: labels.service ?? null,
    labels,
    details: detailsOf(Object.assign(Object.create(null) as JsonObject, rest), marks),
    marks: [...marks],
  };
  const note = textOf(body.note).trim();
  return {
    ok: true,
    events: [event],
    changes: [],
    key,
    notes: note === '' ? [] : [{ key, text: note, author: textOf(body.user) }],
  };
}

/** The alert as it is, with what the write changes: refreshed, not counted. */
function changed(body: JsonObject, context: ReadContext, key: string, now: string): NormalEvent {
  const { door, params, query } = context.wire;
  const marks: Marks = new Set(context.sanitized ? ['sanitized'] : []);
  const alert = JSON.parse(now) as Omit<NormalEvent, 'action' | 'key'>;
  const event: NormalEvent = { ...emptyEvent('trigger', key, params.fingerprint), ...alert, refresh: true };
  const listed = (text: string | undefined) => (text ?? '').split(',').map((one) => one.trim());
  const tags = (event.labels.tags ?? '').split(',').filter((tag) => tag !== '');
  const withTags = (all: string[]) => ({
    ...event.labels,
    tags: cut([...new Set(all)].join(','), LIMITS.labelValue, 'labels', marks),
  });
  if (door === 'message') event.title = cut(textOf(body.message).trim(), LIMITS.title, 'title', marks);
  if (door === 'description')
    event.description = cut(textOf(body.description), LIMITS.description, 'description', marks);
  if (door === 'priority') event.severity = PRIORITIES[textOf(body.priority)] ?? event.severity;
  if (door === 'tags' && Array.isArray(body.tags)) event.labels = withTags([...tags, ...body.tags.map(textOf)]);
  if (door === 'removeTags') event.labels = withTags(tags.filter((tag) => !listed(query.tags).includes(tag)));
  if (door === 'details') event.labels = { ...event.labels, ...labelsOf(body.details, marks) };
  if (door === 'removeDetails')
    event.labels = Object.fromEntries(
      Object.entries(event.labels).filter(([name]) => !listed(query.keys).includes(name)),
    );
  return { ...event, marks: [...new Set([...event.marks, ...marks])] };
}

const emptyEvent = (action: NormalEvent['action'], key: string, fingerprint?: string): NormalEvent => ({
  action,
  key,
  ...(fingerprint ? { fingerprint } : {}),
  title: '',
  severity: 'warning',
  description: '',
  source: '',
  service: null,
  labels: {},
  details: {},
  links: [],
  startedAt: null,
  endedAt: null,
  group: null,
  marks: [],
});
