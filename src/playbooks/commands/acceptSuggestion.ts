/** Takes a suggestion: one click does what it says, in the name of whoever clicked. */
import { addHypothesis, addTask, changeSeverity, declare, incidentById, setService } from '#incidents';
import { conflict, type Ctx } from '#kernel';
import { command } from '#security';
import { assignService } from '#signals';
import { type About, aboutOf, situationOf, type Subject } from '../triage/facts.ts';
import { type Kind, type Severity, suggest } from '../triage/model.ts';
import { decide, settleByHand, type SuggestionRow } from '../triage/store.ts';
import { shownOrRefuse } from '../triage/shown.ts';
import { startRun } from './startRun.ts';

export interface AcceptSuggestion {
  subject: Subject;
  kind: Kind;
  value: string;
  /** For a playbook that asks for more than it has defaults for. */
  inputs?: Record<string, unknown> | undefined;
}
export interface Accepted {
  /** The incident it was done in, also when it was declared by this. */
  incident: { id: string; key: string } | null;
  declared: boolean;
}

export const acceptSuggestion = command(
  'playbooks.acceptSuggestion',
  {
    allow: 'responder',
    subject: ({ subject }: AcceptSuggestion) => subject.groupId ?? subject.incidentId,
  },
  async (ctx: Ctx, input: AcceptSuggestion): Promise<Accepted> => {
    const about = await aboutOf(ctx, input.subject);
    ctx.exercise = about.exercise;
    const row = await shownOrRefuse(ctx, about.subject, input.kind, input.value);
    if (row.state === 'accepted')
      throw conflict(`“${row.label}” was taken already`, 'playbooks.suggestion.decided', 'Nothing is done twice.');
    if (about.over)
      throw conflict(
        'It is over: there is nothing left to decide',
        'playbooks.suggestion.over',
        'Declare an incident if it comes back.',
      );
    // First, so that what follows does not settle the same row by hand.
    await decide(ctx, row.id, { state: 'accepted', via: 'click' });
    const done = await carryOut(ctx, about, row, input);
    ctx.audit.incident = done.incident?.id;
    ctx.audit.after = { kind: row.kind, label: row.label, ...(done.declared && { declared: done.incident?.key }) };
    return done;
  },
);

async function carryOut(ctx: Ctx, about: About, row: SuggestionRow, input: AcceptSuggestion): Promise<Accepted> {
  if (row.kind === 'service') return await placeOn(ctx, about, row.value);
  const { incident, declared } = await incidentFor(ctx, about, row);
  if (row.kind === 'severity' && !declared)
    await changeSeverity(ctx, {
      incidentId: incident.id,
      severity: Number(row.value) as Severity,
      reason: `suggested: ${row.reasons[0] ?? row.label}`,
    });
  if (row.kind === 'playbook')
    await startRun(ctx, { incidentId: incident.id, playbookId: row.value, inputs: input.inputs ?? {} });
  if (row.kind === 'fix') await bringIn(ctx, incident.id, row);
  return { incident, declared };
}

/** The active incident, or a new one from the group: at the severity that is being taken, or the one that was suggested. */
async function incidentFor(ctx: Ctx, about: About, row: SuggestionRow) {
  if (about.incidentId) {
    const { id, key } = await incidentById(ctx, about.incidentId);
    return { incident: { id, key }, declared: false };
  }
  const level =
    row.kind === 'severity' ? row : suggest(await situationOf(ctx, about)).find(({ kind }) => kind === 'severity');
  const { id, key } = await declare(ctx, {
    title: about.title.slice(0, 200),
    severity: level ? (Number(level.value) as Severity) : undefined,
    groupIds: about.groups.map((group) => group.id),
  });
  if (level && level !== row)
    await settleByHand(ctx, { groupIds: about.groups.map((group) => group.id) }, 'severity', level.value);
  return { incident: { id, key }, declared: true };
}

/** The group, and the incident it is part of, are about this service. */
async function placeOn(ctx: Ctx, about: About, serviceId: string): Promise<Accepted> {
  if (about.subject.groupId) await assignService(ctx, { groupId: about.subject.groupId, serviceId });
  if (!about.incidentId) return { incident: null, declared: false };
  await setService(ctx, { incidentId: about.incidentId, serviceId });
  await settleByHand(ctx, { groupIds: [], incidentId: about.incidentId }, 'service', serviceId);
  const { id, key } = await incidentById(ctx, about.incidentId);
  return { incident: { id, key }, declared: false };
}

/** What it was then is a hypothesis now, and what was done then a task for somebody to weigh. */
async function bringIn(ctx: Ctx, incidentId: string, { detail }: SuggestionRow): Promise<void> {
  const { key = 'an earlier incident', cause, actions = [] } = detail;
  if (cause) await addHypothesis(ctx, { incidentId, text: `As in ${key}: ${cause}`.slice(0, 1_000) });
  if (actions.length > 0)
    await addTask(ctx, { incidentId, text: `Try what ended ${key}: ${actions.join('; ')}`.slice(0, 500) });
}
