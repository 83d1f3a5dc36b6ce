/** Escalation chains as policies: what stands between two waits is one step, the wait after it is its delay. */
import { type Item, item, type Json, type Note, type PolicyTarget, refTo, refusedItem, textOf } from '../../model.ts';

const LAST_SECONDS = 300;
/** What OnCall repeats at most. */
const REPEATS = 5;

/** What has no counterpart, in words, and what to do. */
const LEFT_OUT: Record<string, [string, string]> = {
  notify_user_group: ['calls a Slack user group', 'Name its people, or make a team of them.'],
  notify_whole_channel: ['calls a whole Slack channel', 'Make a team of those who should be called.'],
  trigger_action: ['triggers a webhook', 'Make a playbook action, or a webhook contact method.'],
  trigger_webhook: ['triggers a webhook', 'Make a playbook action, or a webhook contact method.'],
  notify_if_time_from_to: ['goes on only at certain hours', 'Give the schedule those hours instead.'],
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
  const steps: { delaySeconds: number; targets: PolicyTarget[] }[] = [];
  let open: PolicyTarget[] = [];
  let repeat = 0;
  let early = 0;
  for (const step of own) {
    const type = textOf(step.type).replace(/_important$/, '');
    if (type === 'wait') {
      const seconds = Number(step.duration) || 0;
      const last = steps.at(-1);
      if (open.length > 0) steps.push({ delaySeconds: seconds, targets: open });
      else if (last) last.delaySeconds += seconds;
      else early += seconds;
      open = [];
    } else if (type === 'repeat_escalation') repeat = REPEATS;
    else open.push(...targetsOf(step, type, standFor, notes));
  }
  if (open.length > 0) steps.push({ delaySeconds: LAST_SECONDS, targets: open });
  const fields = { name, team: chain.team_id ? refTo('team', String(chain.team_id)) : null, steps, repeat };
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

function targetsOf(step: Json, type: string, standFor: Map<string, string[]>, notes: Note[]): PolicyTarget[] {
  const people = (ids: unknown): PolicyTarget[] =>
    (Array.isArray(ids) ? ids : []).map((user) => ({ kind: 'user', ref: refTo('user', String(user)) }));
  if (type === 'notify_persons') return people(step.persons_to_notify);
  if (type === 'notify_person_next_each_time') {
    notes.push({
      text: 'A step calls the next of several people each time; here it calls all of them.',
      todo: 'Make a rotation of them if that is too many.',
    });
    return people(step.persons_to_notify_next_each_time);
  }
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
