/** The older Events API v1 (`create_event.json`), which Nagios, Zabbix and many scripts still speak. It has no severity: `error` is assumed. */
import type { NormalEvent } from '../../model.ts';
import type { ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut, detailsOf, LIMITS, labelsOf, linksOf, type Marks, textOf } from '../text.ts';

/** A v1 body as one event. `description` is required for a trigger, `incident_key` for the other two. */
export function readV1(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return { ok: false, errors: ['The event must be a JSON object.'] };
  const action = textOf(body.event_type).trim().toLowerCase();
  const description = textOf(body.description).trim();
  const given = textOf(body.incident_key).trim();
  const errors: string[] = [];
  if (!['trigger', 'acknowledge', 'resolve'].includes(action))
    errors.push('Event type is invalid (must be one of: trigger, acknowledge, resolve)');
  else if (action !== 'trigger' && given === '') errors.push('Incident key is missing or blank');
  if (action === 'trigger' && description === '') errors.push('Description is missing or blank');
  if (errors.length > 0) return { ok: false, errors };
  const key = given === '' ? context.newKey : given;
  const marks: Marks = new Set(context.sanitized ? ['sanitized'] : []);
  if (action === 'trigger') marks.add('severity_assumed');
  const labels = labelsOf(plainOnly(body.details), marks);
  const contexts = Array.isArray(body.contexts) ? body.contexts.filter(isObject) : [];
  return {
    ok: true,
    key,
    changes: [],
    events: [
      {
        action: action as NormalEvent['action'],
        key,
        title: cut(description, LIMITS.title, 'title', marks),
        severity: 'error',
        description: '',
        source: cut(textOf(body.client), LIMITS.source, 'source', marks),
        service: labels.service ?? null,
        labels,
        details: detailsOf(body.details, marks),
        links: linksOf(
          [
            ...contexts.map((one) => ({ href: one.href ?? one.src, text: textOf(one.text ?? one.alt) })),
            { href: body.client_url, text: textOf(body.client) },
          ],
          marks,
        ),
        startedAt: null,
        endedAt: null,
        group: null,
        marks: [...marks],
      },
    ],
  };
}

function plainOnly(details: JsonValue | undefined): JsonObject {
  const flat = Object.create(null) as JsonObject;
  if (!isObject(details)) return flat;
  for (const [name, value] of Object.entries(details))
    if (value !== null && typeof value !== 'object') flat[name] = value;
  return flat;
}
