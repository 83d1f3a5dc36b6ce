/** Escalation chains as policies: what stands between two waits is one step, the wait after it is its delay. */
import {
  type Item,
  item,
  type Json,
  type Note,
  type PolicyStep,
  type PolicyTarget,
  refTo,
  refusedItem,
  textOf,
} from '../../model.ts';

const LAST_SECONDS = 300;
/** What OnCall repeats at most. */
const REPEATS = 5;

/** What has no counterpart, in words, and what to do. */
const LEFT_OUT: Record<string, [string, string]> = {
  notify_user_group: ['calls a Slack user group', 'Name its people, or make a team of them.'],
  notify_whole_channel: ['calls a whole Slack channel', 'Make a team of those who should be called.'],
  trigger_action: ['triggers a webhook', 'Make a playbook action, or a webhook contact method.'],
  trigger_webhook: ['triggers a webhook', 'Make a playbook action, or a webhook contact method.'],
  notify_if_num_alerts_in_window: ['goes on only after a number of alerts', 'Let the sender wait instead.'],
  resolve: ['resolves the alert by itself', 'Set an end for its alerts at the source.'],
  declare_incident: ['declares an incident', 'Declare it from the alert; one click.'],
};

export function policyItem(chain: Json, all: Json[], standFor: Map<string, string[]>): Item<'policy'> {
  const [id, name] = [String(chain.id), textOf(chain.name)];
  const own = all
    .filter((step) => String(step.escalation_chain_id) === id)
    .sort((a, b) => Number(a.position) - Number(b.position));
  const notes: Note[] = [];
  const steps: PolicyStep[] = [];
  let when: PolicyStep['when'];
  let inTurn = false;
  let open: PolicyTarget[] = [];
  let repeat = 0;
  let early = 0;
  const stepOf = (delaySeconds: number): PolicyStep => {
    const step: PolicyStep = {
      delaySeconds,
      targets: open,
      ...(inTurn && { call: 'round_robin' }),
      ...(when && { when }),
    };
    [open, when, inTurn] = [[], undefined, false];
    return step;
  };
  for (const step of own) {
    const type = textOf(step.type).replace(/_important$/, '');
    if (type === 'wait') {
      const seconds = Number(step.duration) || 0;
      const last = steps.at(-1);
      if (open.length > 0) steps.push(stepOf(seconds));
      else if (last) last.delaySeconds += seconds;
      else early += seconds;
    } else if (type === 'repeat_escalation') repeat = REPEATS;
    else if (type === 'notify_if_time_from_to') {
      // What was called so far is a step of its own, without the hours.
      if (open.length > 0) steps.push(stepOf(0));
      when = hoursOf(step, notes);
    } else if (type === 'notify_person_next_each_time') {
      if (open.length > 0) steps.push(stepOf(0));
      open.push(...peopleOf(step.persons_to_notify_next_each_time));
      inTurn = true;
    } else open.push(...targetsOf(step, type, standFor, notes));
  }
  if (open.length > 0) steps.push(stepOf(LAST_SECONDS));
  const fields = {
    ackTimeoutMinutes: null,
    name,
    team: chain.team_id ? refTo('team', String(chain.team_id)) : null,
    steps,
    repeat,
  };
  if (steps.length === 0)
    return refusedItem(
      'policy',
      id,
      name,
      fields,
      'None of its steps calls anybody',
      'Make it by hand if it is needed.',
    );
  if (early > 0)
    notes.push({
      text: `It waits ${Math.round(early / 60)} minutes before the first call; here the first step calls at once.`,
      todo: 'Let the sender wait instead.',
    });
  return item('policy', id, name, fields, notes);
}

const peopleOf = (ids: unknown): PolicyTarget[] =>
  (Array.isArray(ids) ? ids : []).map((user) => ({ kind: 'user', ref: refTo('user', String(user)) }));

/** `09:00:00Z` to `17:00:00Z`, every day: the page waits for those hours, there and here. */
function hoursOf(step: Json, notes: Note[]): PolicyStep['when'] {
  const time = (text: unknown) => /^(\d{2}:\d{2})/.exec(textOf(text))?.[1];
  const [from, to] = [time(step.notify_if_time_from), time(step.notify_if_time_to)];
  if (!from || !to || from === to) {
    notes.push({
      text: 'A step goes on only at hours that cannot be read.',
      todo: 'Set the hours of the step after it by hand.',
    });
    return undefined;
  }
  notes.push({
    text: `A step waits for ${from} to ${to} UTC; those hours are set on the step after it.`,
    todo: 'Set their zone to yours if they should follow summer time.',
  });
  return {
    hours: { zone: 'UTC', outside: 'wait', windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from, to }] },
  };
}

function targetsOf(step: Json, type: string, standFor: Map<string, string[]>, notes: Note[]): PolicyTarget[] {
  if (type === 'notify_persons') return peopleOf(step.persons_to_notify);
  if (type === 'notify_on_call_from_schedule') {
    const schedule = String(step.notify_on_call_from_schedule);
    return (standFor.get(schedule) ?? [schedule]).map((own) => ({ kind: 'schedule', ref: refTo('schedule', own) }));
  }
  if (type === 'notify_team_members') return [{ kind: 'team', ref: refTo('team', String(step.team_to_notify)) }];
  const [what, todo] = LEFT_OUT[type] ?? [
    `does something we do not know (${type})`,
    'Look at it there and make it by hand.',
  ];
  notes.push({ text: `A step ${what}, which is left out.`, todo });
  return [];
}
