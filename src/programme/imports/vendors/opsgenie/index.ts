/** Opsgenie, and Jira Service Management Operations in its shape. */
import {
  cut,
  type Carried,
  type Contact,
  type HeartbeatFields,
  type Item,
  item,
  type Json,
  listOf,
  type Note,
  refTo,
  refusedItem,
  type Rendered,
  type Role,
  type Snapshot,
  textOf,
} from '../../model.ts';
import { overrideItems } from '../overrides.ts';
import type { Vendor } from '../vendor.ts';
import { circlesIn, defaultRouting, policyItem } from './policies.ts';
import { readOpsgenie } from './read.ts';
import { schedulesOf } from './schedules.ts';
import { heartbeatItems, integrationItem } from './senders.ts';

const ROLES: Record<string, Role> = { owner: 'manager', admin: 'manager', user: 'responder', stakeholder: 'viewer' };

function userItem(user: Json): Item<'user'> {
  const [id, email] = [String(user.id), textOf(user.username).trim()];
  const name = textOf(user.fullName) || email;
  const role = textOf(user.role?.name).toLowerCase();
  const notes: Note[] = [];
  if (role === 'owner' || role === 'admin')
    notes.push({
      text: `${name} is an administrator there and becomes a manager here.`,
      todo: 'Make them an administrator under Settings → People if they should be one.',
    });
  const fields = { email, name, role: ROLES[role] ?? ('responder' as Role), contacts: contactsOf(user, email) };
  if (user.blocked === true)
    return refusedItem(
      'user',
      id,
      name,
      fields,
      'They are blocked there',
      'Invite them here by hand if they should have an account.',
    );
  if (listOf(user.contacts).some((one) => one.method === 'mobile' || one.method === 'mobile_app'))
    notes.push({
      text: 'The Opsgenie app on their phone is no way to reach them from here.',
      todo: 'They add ntfy or SMS under My contact methods.',
    });
  return item('user', id, name, fields, notes);
}

function contactsOf(user: Json, email: string): Contact[] {
  return listOf(user.contacts).flatMap((one): Contact[] => {
    const to = textOf(one.to).trim();
    const method = textOf(one.method);
    if (method === 'email')
      return to.toLowerCase() === email.toLowerCase() ? [] : [{ kind: 'email', value: to, label: '' }];
    if (method === 'sms' || method === 'voice')
      return [{ kind: method, value: `+${to.replace(/\D/g, '')}`, label: '' }];
    return [];
  });
}

function teamItem(team: Json): Item<'team'> {
  const members = listOf(team.members).map((one) => ({
    user: refTo('user', String((one.user ?? {}).id)),
    role: textOf(one.role).toLowerCase() === 'admin' ? ('lead' as const) : ('member' as const),
  }));
  return item('team', String(team.id), textOf(team.name), {
    name: textOf(team.name),
    description: cut(textOf(team.description), 1000),
    members,
  });
}

/** What a team's alerts do here: one service for those that name none, and the policy its default routing means. */
function teamService(
  team: Json,
  routing: Json[],
  standFor: Map<string, string[]>,
): { items: Item[]; policy: string | null } {
  const [id, name] = [String(team.id), textOf(team.name)];
  const notify = defaultRouting(routing, id);
  const notes: Note[] = [];
  const items: Item[] = [];
  let policy: string | null = null;
  if (notify?.type === 'escalation') policy = refTo('policy', String(notify.id));
  else if (notify?.type === 'schedule') {
    policy = refTo('policy', `team/${id}`);
    const targets = (standFor.get(String(notify.id)) ?? [String(notify.id)]).map((own) => ({
      kind: 'schedule' as const,
      ref: refTo('schedule', own),
    }));
    const fields = {
      name: `${name} routing`,
      team: refTo('team', id),
      repeat: 0,
      ackTimeoutMinutes: null,
      steps: [{ delaySeconds: 300, targets }],
    };
    items.push(
      item('policy', `team/${id}`, fields.name, fields, [
        {
          text: `Alerts of team ${name} go straight to a schedule there; here a policy of one step does that.`,
          todo: 'Nothing.',
        },
      ]),
    );
  } else
    notes.push({
      text: `No default routing of team ${name} notifies anybody; here the team itself is called.`,
      todo: 'Give the service a policy.',
    });
  const rules = routing.filter((rule) => String(rule.team) === id && rule.isDefault !== true);
  if (rules.length > 0)
    notes.push({
      text: `Routing rules with conditions are not carried: ${rules.map((rule) => textOf(rule.name)).join(', ')}.`,
      todo: 'Send the alerts they mean to a service of their own, with its own policy.',
    });
  const fields = {
    name: `${name} alerts`,
    description: `Alerts of the team ${name} that name no service.`,
    team: refTo('team', id),
    policy,
  };
  items.push(item('service', `team/${id}`, fields.name, fields, notes));
  return { items, policy };
}

function carry({ parts, readAt }: Snapshot): Carried {
  const of = (part: string) => parts[part] ?? [];
  const routing = of('routing');
  const schedules = schedulesOf(of('schedules'), of('overrides'), readAt);
  const circles = circlesIn(of('escalations'), of('schedules'), routing);
  const teams = of('teams').map((team) => ({ id: String(team.id), ...teamService(team, routing, schedules.standFor) }));
  const policyOf = new Map(teams.map((team) => [team.id, team.policy]));
  const overrides = overrideItems(
    of('overrides').map((one) => {
      const rotations = listOf(one.rotations).map((rotation) => schedules.ofRotation.get(String(rotation.id)) ?? '');
      const all = schedules.standFor.get(String(one.schedule)) ?? [String(one.schedule)];
      return {
        id: `${one.schedule}/${one.alias}`,
        schedules: rotations.length > 0 ? [...new Set(rotations)].filter(Boolean) : all,
        user: refTo('user', String((one.user ?? {}).id)),
        replaces: null,
        from: textOf(one.startDate),
        to: textOf(one.endDate),
      };
    }),
    readAt,
    'Opsgenie',
  );
  const services = of('services').map((one) => {
    const team = one.teamId ? String(one.teamId) : null;
    const name = textOf(one.name);
    return item('service', String(one.id), name, {
      name,
      description: cut(textOf(one.description), 4000),
      team: team && refTo('team', team),
      policy: team ? (policyOf.get(team) ?? null) : null,
    });
  });
  const notes: Note[] = [
    {
      text: 'Not read: alert and notification policies, maintenance windows, incident templates, reports, past alerts.',
      todo: 'Set up silences and playbooks here where you need them.',
    },
  ];
  for (const rule of of('forwarding'))
    notes.push({
      text: `Calls for ${textOf(rule.fromUser?.username)} are forwarded to ${textOf(rule.toUser?.username)} from ${rule.startDate} to ${rule.endDate}.`,
      todo: 'Enter overrides for that time.',
    });
  return {
    items: [
      ...of('users').map(userItem),
      ...of('teams').map(teamItem),
      ...schedules.items,
      ...overrides,
      ...of('escalations').map((one) => policyItem(one, schedules.standFor, routing, circles)),
      ...teams.flatMap((team) => team.items),
      ...services,
      ...of('integrations').map(integrationItem),
      ...heartbeatItems(of('heartbeats')),
    ],
    notes,
    rendered: of('timelines').map((timeline): Rendered => ({
      scheduleIds: schedules.standFor.get(String(timeline.schedule)) ?? [],
      from: timeline.checkedFrom,
      to: timeline.checkedTo,
      shifts: listOf(timeline.finalTimeline?.rotations).flatMap((rotation) =>
        listOf(rotation.periods)
          .filter((period) => period.recipient?.type === 'user')
          .map((period) => ({
            from: textOf(period.startDate),
            to: textOf(period.endDate),
            user: refTo('user', String(period.recipient.id)),
          })),
      ),
    })),
  };
}

const SHAPES = [
  'users',
  'teams',
  'routing',
  'schedules',
  'overrides',
  'timelines',
  'escalations',
  'services',
  'integrations',
  'heartbeats',
  'forwarding',
];

export const opsgenie: Vendor = {
  name: 'opsgenie',
  title: 'Opsgenie',
  base: 'https://api.opsgenie.com',
  bases: [
    { label: 'United States', url: 'https://api.opsgenie.com' },
    { label: 'Europe', url: 'https://api.eu.opsgenie.com' },
  ],
  keyHelp: 'Settings → API key management → Add new API key, with the rights Read and Configuration access.',
  fileHelp:
    'JSON as its API answers, one file per list: users, teams, schedules (expand=rotation), escalations, services, integrations, heartbeats; routing-<team id>.json, overrides-<schedule id>.json, timelines-<schedule id>.json.',
  headers: (key) => ({ authorization: `GenieKey ${key}` }),
  read: readOpsgenie,
  parts: {
    ...Object.fromEntries(SHAPES.map((shape) => [shape, {}])),
    routing: { parent: 'team' },
    overrides: { parent: 'schedule' },
    timelines: { parent: 'schedule' },
  },
  recordsIn(json, part) {
    if (Array.isArray(json.data?.heartbeats)) return { heartbeats: listOf(json.data.heartbeats) };
    if (!part || !SHAPES.includes(part)) return undefined;
    if (Array.isArray(json.data)) return { [part]: listOf(json.data) };
    return typeof json.data === 'object' && json.data !== null ? { [part]: [json.data as Json] } : undefined;
  },
  carry,
};
