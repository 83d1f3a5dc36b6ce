/** Grafana OnCall, its open-source edition and Grafana Cloud IRM. */
import {
  type Carried,
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
import { policyItem } from './policies.ts';
import { readOnCall } from './read.ts';
import { schedulesOf } from './schedules.ts';

const ROLES: Record<string, Role> = {
  admin: 'manager',
  editor: 'responder',
  viewer: 'viewer',
  user: 'responder',
  observer: 'viewer',
};

function userItem(user: Json): Item<'user'> {
  const [id, email] = [String(user.id), textOf(user.email).trim()];
  const name = textOf(user.name) || textOf(user.username) || email;
  const notes: Note[] = [];
  if (user.role === 'admin')
    notes.push({
      text: `${name} is an administrator there and becomes a manager here.`,
      todo: 'Make them an administrator under Settings → People if they should be one.',
    });
  if (user.is_phone_number_verified === true)
    notes.push({
      text: 'They have a phone number there; the API does not give it out.',
      todo: 'They add it under My contact methods.',
    });
  const fields = { email, name, role: ROLES[textOf(user.role)] ?? ('responder' as Role), contacts: [] };
  return item('user', id, name, fields, notes);
}

function teamItem(team: Json, users: Json[]): Item<'team'> {
  const id = String(team.id);
  const members = users.filter((user) => Array.isArray(user.teams) && user.teams.map(String).includes(id));
  return item('team', id, textOf(team.name), {
    name: textOf(team.name),
    description: '',
    members: members.map((user) => ({ user: refTo('user', String(user.id)), role: 'member' as const })),
  });
}

/** Which of our integrations speaks what a sender of that type sends; the others keep OnCall's own wire. */
const KINDS: Record<string, string> = {
  inbound_email: 'email',
  alertmanager: 'alertmanager',
  legacy_alertmanager: 'alertmanager',
  grafana: 'grafana',
  grafana_alerting: 'grafana',
  legacy_grafana_alerting: 'grafana',
  sentry: 'sentry',
  datadog: 'datadog',
  amazon_sns: 'sns',
  uptimekuma: 'uptimekuma',
};
const NOT_HERE = new Set(['maintenance', 'manual', 'direct_paging', 'slack_channel']);

/** There alerts go from an integration by routes to chains; here an integration belongs to a service, which has a policy. */
function integrationItems(one: Json, routes: Json[]): Item[] {
  const [id, name, type] = [String(one.id), textOf(one.name) || textOf(one.type), textOf(one.type)];
  const chain = one.default_route?.escalation_chain_id;
  const team = one.team_id ? refTo('team', String(one.team_id)) : null;
  const service = {
    name,
    description: textOf(one.description_short),
    team,
    policy: chain ? refTo('policy', String(chain)) : null,
  };
  const integration = { name, kind: KINDS[type] ?? 'oncall', service: refTo('service', id) };
  if (NOT_HERE.has(type))
    return [
      refusedItem(
        'integration',
        id,
        name,
        integration,
        `Integrations of the type “${type}” have no counterpart`,
        'To page people directly, declare an incident or reassign a page.',
      ),
    ];
  const notes: Note[] = [];
  const others = routes.filter((route) => String(route.integration_id) === id && route.is_the_last_route !== true);
  if (others.length > 0)
    notes.push({
      text: `${others.length} route${others.length > 1 ? 's' : ''} with conditions ${others.length > 1 ? 'are' : 'is'} not carried: ${others.map((route) => textOf(route.routing_regex).slice(0, 60)).join(' · ')}`,
      todo: 'Label those alerts with a service of their own, which has its own policy.',
    });
  if (!chain)
    notes.push({
      text: 'Its default route calls nobody there; here the team is called, or the emergency contact.',
      todo: 'Give the service a policy, or send severity “info”.',
    });
  const own: Note[] = [];
  if (one.heartbeat?.link)
    own.push({
      text: 'It has a heartbeat; the API does not say how often it is due.',
      todo: 'Make a heartbeat for it under Integrations and set the interval.',
    });
  return [item('service', id, name, service, notes), item('integration', id, name, integration, own)];
}

function carry({ parts, readAt }: Snapshot): Carried {
  const of = (part: string) => parts[part] ?? [];
  const schedules = schedulesOf(of('schedules'), of('on_call_shifts'), readAt);
  return {
    items: [
      ...of('users').map(userItem),
      ...of('teams').map((team) => teamItem(team, of('users'))),
      ...schedules.items,
      ...overrideItems(schedules.overrides, readAt, 'Grafana OnCall'),
      ...of('escalation_chains').map((chain) => policyItem(chain, of('escalation_policies'), schedules.standFor)),
      ...of('integrations').flatMap((one) => integrationItems(one, of('routes'))),
    ],
    notes: [
      {
        text: 'Not read: personal notification rules, templates, webhooks, Slack and Telegram connections, past alert groups.',
        todo: 'People set their rules under My contact methods; channels are under Settings.',
      },
    ],
    rendered: of('final_shifts').map((one): Rendered => ({
      scheduleIds: schedules.standFor.get(String(one.schedule)) ?? [],
      from: one.checkedFrom,
      to: one.checkedTo,
      shifts: listOf(one.shifts).map((shift) => ({
        from: textOf(shift.shift_start),
        to: textOf(shift.shift_end),
        user: refTo('user', String(shift.user_pk)),
      })),
    })),
  };
}

const SHAPES = [
  'users',
  'teams',
  'schedules',
  'on_call_shifts',
  'final_shifts',
  'escalation_chains',
  'escalation_policies',
  'integrations',
  'routes',
];

export const oncall: Vendor = {
  name: 'oncall',
  title: 'Grafana OnCall',
  base: null,
  bases: [],
  keyHelp: 'OnCall → Settings → API Tokens → Create token; the address is shown there as API URL.',
  fileHelp:
    'JSON as its API answers, one file per list: users, teams, schedules, on_call_shifts, escalation_chains, escalation_policies, integrations, routes.',
  headers: (key) => ({ authorization: key }),
  read: readOnCall,
  parts: { ...Object.fromEntries(SHAPES.map((shape) => [shape, {}])), final_shifts: {} },
  recordsIn(json, part) {
    if (!part || !SHAPES.includes(part)) return undefined;
    if (Array.isArray(json)) return { [part]: listOf(json) };
    return Array.isArray(json.results) ? { [part]: listOf(json.results) } : undefined;
  },
  carry,
};
