/** GoAlert, by its GraphQL API. */
import {
  cut,
  type Carried,
  type Contact,
  type Item,
  item,
  type Json,
  listOf,
  type Note,
  type PolicyTarget,
  refTo,
  refusedItem,
  type Rendered,
  type Role,
  type Snapshot,
  textOf,
} from '../../model.ts';
import { overrideItems } from '../overrides.ts';
import type { Vendor } from '../vendor.ts';
import { DOCUMENT, readGoAlert } from './read.ts';
import { overridesOf, rotationLayer, schedulesOf } from './schedules.ts';

function userItem(user: Json): Item<'user'> {
  const [id, name, email] = [String(user.id), textOf(user.name), textOf(user.email).trim()];
  const notes: Note[] = [];
  if (user.role === 'admin')
    notes.push({
      text: `${name} is an administrator there and becomes a manager here.`,
      todo: 'Make them an administrator under Settings → People if they should be one.',
    });
  const contacts = listOf(user.contactMethods).flatMap((method): Contact[] => {
    if (method.disabled === true) return [];
    const [value, label] = [textOf(method.value), cut(textOf(method.name), 100)];
    if (method.type === 'EMAIL')
      return value.toLowerCase() === email.toLowerCase() ? [] : [{ kind: 'email', value, label }];
    if (method.type === 'SMS') return [{ kind: 'sms', value, label }];
    if (method.type === 'VOICE') return [{ kind: 'voice', value, label }];
    return [];
  });
  const other = listOf(user.contactMethods).filter(
    (method) => !['EMAIL', 'SMS', 'VOICE'].includes(textOf(method.type)),
  );
  if (other.length > 0)
    notes.push({
      text: `Not carried: ${[...new Set(other.map((method) => textOf(method.type)))].join(', ')}.`,
      todo: 'They add it under My contact methods.',
    });
  return item(
    'user',
    id,
    name,
    { email, name, role: (user.role === 'admin' ? 'manager' : 'responder') as Role, contacts },
    notes,
  );
}

function policyItem(policy: Json, standFor: Map<string, string[]>): Item<'policy'> {
  const [id, name] = [String(policy.id), textOf(policy.name)];
  const notes: Note[] = [];
  const steps = listOf(policy.steps)
    .sort((a, b) => Number(a.stepNumber) - Number(b.stepNumber))
    .map((step) => ({
      delaySeconds: Number(step.delayMinutes) * 60,
      targets: listOf(step.targets).flatMap((target): PolicyTarget[] => {
        if (target.type === 'user') return [{ kind: 'user' as const, ref: refTo('user', String(target.id)) }];
        if (target.type === 'schedule' || target.type === 'rotation')
          return (standFor.get(String(target.id)) ?? [String(target.id)]).map((own) => ({
            kind: 'schedule' as const,
            ref: refTo('schedule', own),
          }));
        notes.push({
          text: `Step ${Number(step.stepNumber) + 1} also tells ${textOf(target.name) || 'something'} (${textOf(target.type)}), which is left out.`,
          todo: 'Add the room or webhook under Settings → Channels.',
        });
        return [];
      }),
    }));
  const repeat = Number(policy.repeat) || 0;
  if (repeat > 10) notes.push({ text: `It is gone through ${repeat} more times; here 10.`, todo: 'Nothing.' });
  const fields = { name, team: null, steps, repeat: Math.min(10, repeat), ackTimeoutMinutes: null };
  if (steps.length === 0)
    return refusedItem('policy', id, name, fields, 'It has no steps', 'Make it by hand if it is needed.');
  return item('policy', id, name, fields, notes);
}

const KINDS: Record<string, string> = {
  email: 'email',
  generic: 'goalert',
  grafana: 'grafana',
  prometheusAlertmanager: 'alertmanager',
  site24x7: 'generic',
};

function serviceItems(service: Json): Item[] {
  const [id, name] = [String(service.id), textOf(service.name)];
  const policy = textOf(service.escalationPolicyID) ? refTo('policy', textOf(service.escalationPolicyID)) : null;
  const items: Item[] = [
    item('service', id, name, { name, description: cut(textOf(service.description), 4000), team: null, policy }),
  ];
  for (const key of listOf(service.integrationKeys)) {
    const own = `${textOf(key.name)} · ${name}`;
    const kind = KINDS[textOf(key.type)];
    const fields = { name: own, kind: kind ?? 'generic', service: refTo('service', id) };
    if (!kind)
      items.push(
        refusedItem(
          'integration',
          String(key.id),
          own,
          fields,
          `Keys of the type “${textOf(key.type)}” have no counterpart`,
          'Let the sender post to an integration instead.',
        ),
      );
    else
      items.push(
        item(
          'integration',
          String(key.id),
          own,
          fields,
          kind === 'generic'
            ? [
                {
                  text: 'Its posts are read by a mapping you set.',
                  todo: 'Open the integration and say which fields hold title and severity.',
                },
              ]
            : [],
        ),
      );
  }
  const beats = listOf(service.heartbeatMonitors);
  if (beats.length > 0) {
    const own = `Heartbeats of ${name}`;
    items.push(
      item('integration', `heartbeats/${id}`, own, { name: own, kind: 'opsgenie', service: refTo('service', id) }, [
        {
          text: 'Its heartbeats are pinged in Opsgenie’s way.',
          todo: 'Open the integration: it shows the address to ping.',
        },
      ]),
    );
  }
  for (const beat of beats)
    items.push(
      item('heartbeat', String(beat.id), textOf(beat.name), {
        name: textOf(beat.name),
        integration: refTo('integration', `heartbeats/${id}`),
        description: '',
        intervalSeconds: Math.max(60, Number(beat.timeoutMinutes) * 60),
        enabled: true,
        severity: 'error',
        alertMessage: '',
        tags: [],
      }),
    );
  return items;
}

/** Rotations that a policy calls directly become schedules of their own. */
function calledRotations(policies: Json[], rotations: Json[], readAt: string): Item<'schedule'>[] {
  const called = new Set(
    policies.flatMap((policy) =>
      listOf(policy.steps).flatMap((step) =>
        listOf(step.targets)
          .filter((target) => target.type === 'rotation')
          .map((target) => String(target.id)),
      ),
    ),
  );
  return rotations
    .filter((rotation) => called.has(String(rotation.id)))
    .map((rotation) => {
      const name = textOf(rotation.name);
      const layer = rotationLayer(rotation, readAt);
      const fields = { name, team: null, zone: textOf(rotation.timeZone), layers: [] };
      if (typeof layer === 'string')
        return refusedItem(
          'schedule',
          String(rotation.id),
          name,
          fields,
          layer,
          'Change it there and read it again, or make it by hand.',
        );
      return item('schedule', String(rotation.id), name, { ...fields, zone: layer.zone ?? '', layers: [layer] }, [
        { text: 'A policy calls this rotation directly; here it is a schedule.', todo: 'Nothing.' },
      ]);
    });
}

function carry({ parts, readAt }: Snapshot): Carried {
  const of = (part: string) => parts[part] ?? [];
  const schedules = schedulesOf(of('schedules'), of('rotations'), readAt);
  const changed = overridesOf(of('schedules'), of('userOverrides'), schedules.standFor);
  const notes: Note[] = [
    {
      text: 'Not read: notification rules of people, labels, calendar subscriptions, past alerts.',
      todo: 'People set their rules under My contact methods.',
    },
    ...changed.notes,
  ];
  return {
    items: [
      ...of('users').map(userItem),
      ...schedules.items,
      ...calledRotations(of('escalationPolicies'), of('rotations'), readAt),
      ...overrideItems(changed.overrides, readAt, 'GoAlert'),
      ...of('escalationPolicies').map((policy) => policyItem(policy, schedules.standFor)),
      ...of('services').flatMap(serviceItems),
    ],
    notes,
    rendered: of('schedules').flatMap((record): Rendered[] =>
      record.checkedFrom
        ? [
            {
              scheduleIds: schedules.standFor.get(String(record.id)) ?? [],
              from: record.checkedFrom,
              to: record.checkedTo,
              shifts: listOf(record.shifts).map((shift) => ({
                from: textOf(shift.start),
                to: textOf(shift.end),
                user: refTo('user', String(shift.userID)),
              })),
            },
          ]
        : [],
    ),
  };
}

const SHAPES = ['users', 'schedules', 'rotations', 'escalationPolicies', 'services', 'userOverrides'];

export const goalert: Vendor = {
  name: 'goalert',
  title: 'GoAlert',
  base: null,
  bases: [],
  keyHelp: 'Admin → API Keys → Create, role Admin, with the query that the guide prints.',
  fileHelp: 'JSON as its GraphQL API answers ({"data": {"users": {"nodes": […]}, …}}), in one file or several.',
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  read: readGoAlert,
  parts: Object.fromEntries(SHAPES.map((shape) => [shape, {}])),
  recordsIn(json) {
    const data = (json.data ?? {}) as Json;
    const lists = SHAPES.filter((shape) => Array.isArray(data[shape]?.nodes)).map(
      (shape) => [shape, listOf(data[shape].nodes)] as const,
    );
    return lists.length > 0 ? Object.fromEntries(lists) : undefined;
  },
  carry,
};

export { DOCUMENT as GOALERT_QUERY };
