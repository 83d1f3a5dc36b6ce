/** PagerDuty: REST API v2. */
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
import { readPagerDuty } from './read.ts';
import { scheduleItem, teamRef } from './schedules.ts';

const ROLES: Record<string, Role> = {
  owner: 'manager',
  admin: 'manager',
  user: 'manager',
  limited_user: 'responder',
  observer: 'viewer',
  restricted_access: 'viewer',
  read_only_user: 'viewer',
  read_only_limited_user: 'viewer',
};

function contactsOf(user: Json): Contact[] {
  return listOf(user.contact_methods).flatMap((method): Contact[] => {
    const address = textOf(method.address).trim();
    const label = cut(textOf(method.label), 100);
    const number = `+${method.country_code ?? ''}${address.replace(/\D/g, '')}`;
    if (method.type === 'email_contact_method' && address.toLowerCase() !== textOf(user.email).toLowerCase())
      return [{ kind: 'email', value: address, label }];
    if (method.type === 'sms_contact_method') return [{ kind: 'sms', value: number, label }];
    if (method.type === 'phone_contact_method') return [{ kind: 'voice', value: number, label }];
    return [];
  });
}

function userItem(user: Json): Item<'user'> {
  const [id, name, email] = [String(user.id), textOf(user.name) || textOf(user.summary), textOf(user.email).trim()];
  const role = ROLES[textOf(user.role)] ?? 'responder';
  const notes: Note[] = [];
  if (user.role === 'owner' || user.role === 'admin')
    notes.push({
      text: `${name} is an administrator there and becomes a manager here.`,
      todo: 'Make them an administrator under Settings → People if they should be one.',
    });
  if (listOf(user.contact_methods).some((method) => textOf(method.type).startsWith('push_notification')))
    notes.push({
      text: 'The PagerDuty app on their phone is no way to reach them from here.',
      todo: 'They add ntfy or SMS under My contact methods.',
    });
  return item('user', id, name, { email, name, role, contacts: contactsOf(user) }, notes);
}

const TEAM_ROLES: Record<string, 'lead' | 'member'> = { manager: 'lead', responder: 'member' };

function teamItem(team: Json, members: Json[]): Item<'team'> {
  const [id, name] = [String(team.id), textOf(team.name) || textOf(team.summary)];
  const own = members.filter((one) => String(one.team) === id);
  const observers = own.filter((one) => TEAM_ROLES[textOf(one.role)] === undefined);
  const fields = {
    name,
    description: cut(textOf(team.description), 1000),
    members: own.flatMap((one) => {
      const role = TEAM_ROLES[textOf(one.role)];
      return role ? [{ user: refTo('user', String((one.user ?? {}).id)), role }] : [];
    }),
  };
  const notes: Note[] = [];
  if (observers.length > 0)
    notes.push({
      text: `Observers are not taken into the team: ${observers.map((one) => textOf((one.user ?? {}).summary)).join(', ')}. Whoever is in a team here can be paged with it.`,
      todo: 'Add them if they should be paged.',
    });
  if (team.parent)
    notes.push({
      text: `It is part of ${textOf(team.parent.summary)}; teams here do not contain teams.`,
      todo: 'Nothing.',
    });
  return item('team', id, name, fields, notes);
}

function policyItem(policy: Json, ackTimeoutMinutes: number | null): Item<'policy'> {
  const [id, name] = [String(policy.id), textOf(policy.name) || textOf(policy.summary)];
  const rules = listOf(policy.escalation_rules);
  const notes: Note[] = [];
  const loops = Number(policy.num_loops) || 0;
  if (loops > 10) notes.push({ text: `It is gone through ${loops} more times; here 10.`, todo: 'Nothing.' });
  const fields = {
    name,
    team: teamRef(policy),
    repeat: Math.min(10, loops),
    ackTimeoutMinutes,
    steps: rules.map((rule) => ({
      delaySeconds: (Number(rule.escalation_delay_in_minutes) || 30) * 60,
      ...(textOf(rule.escalation_rule_assignment_strategy?.type) === 'round_robin' && { call: 'round_robin' as const }),
      targets: listOf(rule.targets).flatMap((target): PolicyTarget[] => {
        if (textOf(target.type).startsWith('user'))
          return [{ kind: 'user' as const, ref: refTo('user', String(target.id)) }];
        return [{ kind: 'schedule' as const, ref: refTo('schedule', String(target.id)) }];
      }),
    })),
  };
  if (rules.length === 0)
    return refusedItem('policy', id, name, fields, 'It has no rules', 'Make it by hand if it is needed.');
  if (policy.on_call_handoff_notifications === 'always')
    notes.push({
      text: 'Hand-over notices are sent even when no service uses it.',
      todo: 'Nothing: the calendar feeds say who is on call.',
    });
  return item('policy', id, name, fields, notes);
}

/** A service and the ways alerts come in to it. PagerDuty's senders speak its events wire, or write mails. */
/** There the timeout belongs to the service, here to the policy: it is taken along where all services of a policy agree. */
function ackTimeouts(services: Json[]): Map<string, number> {
  const byPolicy = Map.groupBy(services, (service) => String(service.escalation_policy?.id));
  return new Map(
    [...byPolicy].flatMap(([policy, own]) => {
      const minutes = new Set(own.map((service) => Math.round((Number(service.acknowledgement_timeout) || 0) / 60)));
      const [only = 0] = minutes;
      return minutes.size === 1 && only >= 5 && only <= 10_080 ? [[policy, only] as const] : [];
    }),
  );
}

function serviceItems(service: Json, timeouts: Map<string, number>): Item[] {
  const [id, name] = [String(service.id), textOf(service.name) || textOf(service.summary)];
  const policy = service.escalation_policy?.id ? refTo('policy', String(service.escalation_policy.id)) : null;
  const fields = { name, description: cut(textOf(service.description), 4000), team: teamRef(service), policy };
  const notes: Note[] = [];
  if (service.status === 'disabled')
    notes.push({
      text: 'It is disabled there; here it pages as soon as alerts come in.',
      todo: 'Switch its integrations off until it should page.',
    });
  if (Number(service.acknowledgement_timeout) > 0 && !timeouts.has(String(service.escalation_policy?.id)))
    notes.push({
      text: `An acknowledged incident pages again after ${Math.round(service.acknowledgement_timeout / 60)} minutes there.`,
      todo: 'Services of its policy differ in this. Set “asks again” in the policy here if it should hold.',
    });
  const urgency = textOf(service.incident_urgency_rule?.type);
  if (urgency === 'use_support_hours' || textOf(service.incident_urgency_rule?.urgency) === 'low')
    notes.push({
      text: 'Its urgency is low, or follows support hours; here the severity of the alert decides.',
      todo: 'Send severity “warning” for what must not wake anybody.',
    });
  if (textOf(service.alert_grouping_parameters?.type))
    notes.push({
      text: `Its alerts are grouped (${textOf(service.alert_grouping_parameters.type)}); here alerts of one source and service join for five minutes.`,
      todo: 'Look at the first groups after the move.',
    });
  const made: Item[] = [item('service', id, name, fields, notes)];
  for (const one of listOf(service.integrations)) {
    const own = `${textOf(one.name) || textOf(one.summary) || 'Events API'} · ${name}`;
    const kind = textOf(one.type).includes('email') ? 'email' : 'pagerduty';
    const integration = { name: own, kind, service: refTo('service', id) };
    made.push(item('integration', String(one.id), own, integration));
  }
  return made;
}

function carry({ parts, readAt }: Snapshot): Carried {
  const of = (part: string) => parts[part] ?? [];
  const schedules = of('schedules').map((record) => scheduleItem(record, readAt));
  const timeouts = ackTimeouts(of('services'));
  const rendered = of('schedules').flatMap((record): Rendered[] => {
    const entries = record.final_schedule?.rendered_schedule_entries;
    if (!Array.isArray(entries) || !record.checkedFrom) return [];
    const shifts = listOf(entries).map((entry) => ({
      from: textOf(entry.start),
      to: textOf(entry.end),
      user: refTo('user', String((entry.user ?? {}).id)),
    }));
    return [{ scheduleIds: [String(record.id)], from: record.checkedFrom, to: record.checkedTo, shifts }];
  });
  const overrides = overrideItems(
    of('overrides').map((one) => ({
      id: String(one.id),
      schedules: [String(one.schedule)],
      user: refTo('user', String((one.user ?? {}).id)),
      replaces: null,
      from: textOf(one.start),
      to: textOf(one.end),
    })),
    readAt,
    'PagerDuty',
  );
  return {
    items: [
      ...of('users').map(userItem),
      ...of('teams').map((team) => teamItem(team, of('members'))),
      ...schedules,
      ...overrides,
      ...of('escalation_policies').map((policy) => policyItem(policy, timeouts.get(String(policy.id)) ?? null)),
      ...of('services').flatMap((service) => serviceItems(service, timeouts)),
    ],
    notes: [
      {
        text: 'Not read: event orchestrations, business services, maintenance windows, response plays, past incidents.',
        todo: 'Set up silences, dependencies and playbooks here where you need them.',
      },
    ],
    rendered,
  };
}

const SHAPES = ['users', 'teams', 'members', 'schedules', 'overrides', 'escalation_policies', 'services'];

export const pagerduty: Vendor = {
  name: 'pagerduty',
  title: 'PagerDuty',
  base: 'https://api.pagerduty.com',
  bases: [
    { label: 'United States', url: 'https://api.pagerduty.com' },
    { label: 'Europe', url: 'https://api.eu.pagerduty.com' },
  ],
  keyHelp: 'Integrations → API Access Keys → Create New API Key, read-only.',
  fileHelp:
    'JSON as its API answers: users, teams, schedules, escalation_policies, services; members-<team id>.json and overrides-<schedule id>.json.',
  headers: (key) => ({ authorization: `Token token=${key}`, accept: 'application/vnd.pagerduty+json;version=2' }),
  read: readPagerDuty,
  parts: {
    ...Object.fromEntries(SHAPES.map((shape) => [shape, {}])),
    members: { parent: 'team' },
    overrides: { parent: 'schedule' },
  },
  recordsIn(json) {
    const lists = SHAPES.filter((shape) => Array.isArray(json[shape])).map(
      (shape) => [shape, listOf(json[shape])] as const,
    );
    const single = [
      ['schedule', 'schedules'],
      ['escalation_policy', 'escalation_policies'],
      ['service', 'services'],
      ['user', 'users'],
      ['team', 'teams'],
    ]
      .filter(([one]) => typeof json[one ?? ''] === 'object' && json[one ?? ''] !== null)
      .map(([one, many]) => [many ?? '', [json[one ?? ''] as Json]] as const);
    return lists.length + single.length > 0 ? Object.fromEntries([...single, ...lists]) : undefined;
  },
  carry,
};
