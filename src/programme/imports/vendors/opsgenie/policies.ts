/**
 * Opsgenie's escalations as our policies. There the delay of a rule counts from the beginning of the alert, here a step's
 * delay is how long its people have to answer. An escalation that calls a team goes on with that team's routing.
 */
import {
  type Item,
  item,
  type Json,
  listOf,
  type Note,
  type PolicyTarget,
  refTo,
  refusedItem,
  textOf,
} from '../../model.ts';

const UNIT_SECONDS: Record<string, number> = { minutes: 60, hours: 3600, days: 86_400 };
/** How long the last step has when nothing says so. */
const LAST_SECONDS = 300;

/** What a team's alerts go to unless a rule says otherwise. */
export const defaultRouting = (routing: Json[], teamId: string): Json | undefined =>
  routing.find((rule) => String(rule.team) === teamId && rule.isDefault === true)?.notify;

export function policyItem(
  record: Json,
  standFor: Map<string, string[]>,
  routing: Json[],
  circles: Map<string, string>,
): Item<'policy'> {
  const [id, name] = [String(record.id), textOf(record.name)];
  const team = record.ownerTeam?.id ? refTo('team', String(record.ownerTeam.id)) : null;
  const notes: Note[] = [];
  const rules = listOf(record.rules)
    .map((rule) => ({
      rule,
      after: Number(rule.delay?.timeAmount ?? 0) * (UNIT_SECONDS[textOf(rule.delay?.timeUnit)] ?? 60),
    }))
    .sort((a, b) => a.after - b.after);
  const times = [...new Set(rules.map(({ after }) => after))];
  const repeat = Number(record.repeat?.count ?? 0);
  const last = Number(record.repeat?.waitInterval ?? 0) * 60 || LAST_SECONDS;
  const fields = {
    name,
    team,
    repeat: Math.min(10, repeat),
    ackTimeoutMinutes: null,
    steps: times.map((after, i) => ({
      delaySeconds: i + 1 < times.length ? (times[i + 1] ?? 0) - after : last,
      targets: rules
        .filter((one) => one.after === after)
        .flatMap(({ rule }) => targetsOf(rule, i + 1, standFor, routing, notes)),
    })),
  };
  const circle = circles.get(id);
  if (circle)
    return refusedItem(
      'policy',
      id,
      name,
      fields,
      `It goes round in a circle: ${circle}`,
      'Take one of the calls out in Opsgenie and read it again.',
    );
  if (rules.length === 0)
    return refusedItem('policy', id, name, fields, 'It has no rules', 'Make it by hand if it is needed.');
  const first = times[0] ?? 0;
  if (first > 0)
    notes.push({
      text: `Its first rule waits ${first / 60} minutes; here the first step calls at once.`,
      todo: 'Let the sender wait instead, if alerts often resolve by themselves in that time.',
    });
  if (rules.some(({ rule }) => rule.condition === 'if-not-closed'))
    notes.push({
      text: 'Some rules call on although somebody has acknowledged (“if not closed”); here calling ends with the acknowledgement.',
      todo: 'Set “asks again” in the policy if people must be called again.',
    });
  if (repeat > 10) notes.push({ text: `It is gone through ${repeat} more times; here 10.`, todo: 'Nothing.' });
  if (record.repeat?.closeAlertAfterAll === true)
    notes.push({
      text: 'The alert is closed there when all is through; here it stays open and says that nobody answered.',
      todo: 'Nothing.',
    });
  return item('policy', id, name, fields, notes);
}

function targetsOf(
  rule: Json,
  step: number,
  standFor: Map<string, string[]>,
  routing: Json[],
  notes: Note[],
): PolicyTarget[] {
  const { type, id, name, username } = (rule.recipient ?? {}) as Json;
  const how = textOf(rule.notifyType) || 'default';
  const called = textOf(name) || textOf(username) || String(id);
  const schedules = (scheduleId: string): PolicyTarget[] =>
    (standFor.get(scheduleId) ?? [scheduleId]).map((own) => ({
      kind: 'schedule' as const,
      ref: refTo('schedule', own),
    }));
  if (type === 'user') return [{ kind: 'user', ref: refTo('user', String(id)) }];
  if (type === 'schedule' && how === 'default') return schedules(String(id));
  if (type === 'schedule') {
    notes.push({
      text: `Step ${step} calls the ${how} person on call of ${called}, which cannot be said here; it is left out.`,
      todo: 'Make a second schedule, one turn apart, and call that.',
    });
    return [];
  }
  if (type === 'team' && how === 'default') {
    const notify = defaultRouting(routing, String(id));
    if (notify?.type === 'schedule') return schedules(String(notify.id));
    if (notify?.type === 'none') {
      notes.push({
        text: `Step ${step} calls team ${called}, whose alerts notify nobody; it is left out.`,
        todo: 'Choose whom the step should call.',
      });
      return [];
    }
    notes.push({
      text: `Step ${step} goes on with the escalation of team ${called}; here it calls whoever is on call in the team’s schedules.`,
      todo: 'Name others in that step if those are not the right ones.',
    });
    return [{ kind: 'team_on_call', ref: refTo('team', String(id)) }];
  }
  if (type === 'team') {
    if (how !== 'all')
      notes.push({
        text: `Step ${step} calls ${how} of team ${called}; here it calls everybody in the team.`,
        todo: 'Name the people in that step if that is too many.',
      });
    return [{ kind: 'team', ref: refTo('team', String(id)) }];
  }
  notes.push({
    text: `Step ${step} calls a ${textOf(type) || 'thing'} (${called}), which cannot be called here; it is left out.`,
    todo: 'Choose whom the step should call.',
  });
  return [];
}

/** Escalations that lead back to themselves by way of teams or rotations, each with its way round. */
export function circlesIn(escalations: Json[], schedules: Json[], routing: Json[]): Map<string, string> {
  const name = new Map<string, string>();
  const ways = new Map<string, string[]>();
  const add = (kind: string, record: Json, to: string[]) => {
    name.set(`${kind}:${record.id}`, textOf(record.name));
    ways.set(`${kind}:${record.id}`, to);
  };
  for (const one of escalations)
    add(
      'escalation',
      one,
      listOf(one.rules).flatMap(({ recipient, notifyType }) =>
        recipient && (recipient.type !== 'team' || (notifyType ?? 'default') === 'default')
          ? [`${recipient.type}:${recipient.id}`]
          : [],
      ),
    );
  for (const one of schedules)
    add(
      'schedule',
      one,
      listOf(one.rotations).flatMap((rotation) => listOf(rotation.participants).map((who) => `${who.type}:${who.id}`)),
    );
  for (const rule of routing.filter((one) => one.isDefault === true && one.notify?.id))
    ways.set(`team:${rule.team}`, [`${rule.notify.type}:${rule.notify.id}`]);
  const found = new Map<string, string>();
  for (const one of escalations) {
    const way = wayBack(ways, `escalation:${one.id}`);
    if (way) found.set(String(one.id), way.map((key) => name.get(key) ?? key.replace(':', ' ')).join(' → '));
  }
  return found;
}

/** The shortest way from a node back to itself. */
function wayBack(ways: Map<string, string[]>, start: string): string[] | undefined {
  const queue = (ways.get(start) ?? []).map((next) => [start, next]);
  const seen = new Set<string>();
  for (const path of queue) {
    const at = path.at(-1) ?? '';
    if (at === start) return path;
    if (seen.has(at)) continue;
    seen.add(at);
    queue.push(...(ways.get(at) ?? []).map((next) => [...path, next]));
  }
  return undefined;
}
