/** The one next step of an incident: what a tired person should do now, why, and where that happens (M8c). */
import { DUTY_PROMPT_HOURS, dutyPrompts } from '../roles/model.ts';
import { type GateState, type Phase, type Severity, RELAPSE_WINDOW_MS } from './model.ts';

export interface NextStep {
  /** Which rule chose it; stable, for tests and for screens. */
  id: string;
  title: string;
  reason: string;
  /** What the button does: `kind` names a command or a place in the war room; `target` what it concerns. */
  action: { kind: string; label: string; target?: string } | null;
  urgency: 'now' | 'soon' | 'calm';
  /** The person it is meant for, when it is one. */
  forUserId: string | null;
}

/** Something an upper module owes by a time: an update to customers, an approval, a task. */
export interface Due {
  key: string;
  title: string;
  reason: string;
  /** Where it is settled: a panel of the war room or a path. */
  place: string;
  dueAt: Date | null;
}

export interface Situation {
  key: string;
  phase: Phase;
  severity: Severity;
  now: Date;
  commander: { userId: string; name: string; since: Date } | null;
  /** Named by the rota as commander and called, without an answer so far. */
  called: { userId: string; name: string; since: Date } | null;
  acknowledgedBy: { userId: string; name: string } | null;
  handover: { id: string; toUserId: string; toName: string; role: string } | null;
  pendingApprovals: { id: string; title: string; requester: string; requesterId: string }[];
  services: string[];
  containmentStartedAt: Date | null;
  restoredAt: Date | null;
  /** Groups whose source still says "firing"; `linked` counts all. */
  signals: { linked: number; firing: number; newSinceRestored: number };
  gates: GateState[];
  dues: Due[];
  /** Lanes that cannot go on, with what they need. */
  blocked: { lane: string; title: string; needs: string }[];
  /** The matrix proposes a worse severity, and nobody has decided against it. */
  proposal: { severity: Severity; because: string } | null;
  /** More report to one lead than one person keeps in view. */
  split: { userId: string; lead: string; reports: number; teams: number } | null;
}

/** Due times count as pressing this long before they strike. */
const PRESSING_MS = 5 * 60_000;

type Chooser = (s: Situation) => NextStep | null;
const step = (id: string, title: string, reason: string, rest: Partial<NextStep> = {}): NextStep => ({
  id: `incidents.next.${id}`,
  title,
  reason,
  action: null,
  urgency: 'soon',
  forUserId: null,
  ...rest,
});

const lead: Chooser = (s) => {
  if (s.handover) {
    const { id, toUserId, toName } = s.handover;
    return step(
      'accept_handover',
      `${toName}: accept the hand-over`,
      'It was offered to you; the duty stays where it is until you accept',
      {
        action: { kind: 'accept_handover', label: 'Accept', target: id },
        urgency: 'now',
        forUserId: toUserId,
      },
    );
  }
  if (s.commander || s.severity > 2) return null;
  if (s.called) {
    const { userId, name } = s.called;
    return step(
      'answer_command',
      'Take command',
      `${name} is called by the rota and has not answered yet. Whoever is here first leads`,
      {
        action: { kind: 'take_command', label: 'Take command' },
        urgency: 'now',
        forUserId: userId,
      },
    );
  }
  const acked = s.acknowledgedBy ? `${s.acknowledgedBy.name} acknowledged. ` : '';
  return step('take_command', 'Take command', `${acked}SEV${s.severity} needs one person who leads; nobody does yet`, {
    action: { kind: 'take_command', label: 'Take command' },
    urgency: 'now',
    forUserId: s.acknowledgedBy?.userId ?? null,
  });
};

type Pending = Situation['pendingApprovals'][number];
const ask = (waiting: Pending[], forUserId: string | null, elsewhere = false): NextStep | null => {
  const first = waiting[0];
  if (!first) return null;
  const more = waiting.length > 1 ? ` (${waiting.length - 1} more waiting)` : '';
  const why = elsewhere ? 'so somebody else with the authority decides' : 'it waits for a yes or no';
  return step(
    'approval',
    `${elsewhere ? 'Get a second person for' : 'Decide'}: ${first.title}`,
    `${first.requester} asked, ${why}${more}`,
    {
      action: { kind: 'approvals', label: elsewhere ? 'See what waits' : 'Look and decide', target: first.id },
      urgency: 'now',
      forUserId,
    },
  );
};
const own = (s: Situation) => (one: Pending) => one.requesterId === s.commander?.userId;

const approve: Chooser = (s) =>
  ask(
    s.pendingApprovals.filter((one) => !own(s)(one)),
    s.commander?.userId ?? null,
  );
/** What the commander asked for somebody else decides: it comes after what the commander can do about time. */
const approveForCommander: Chooser = (s) => ask(s.pendingApprovals.filter(own(s)), null, true);

const pressing: Chooser = (s) => {
  const due = s.dues
    .filter(({ dueAt }) => dueAt !== null && dueAt.getTime() <= s.now.getTime() + PRESSING_MS)
    .toSorted((a, b) => a.dueAt!.getTime() - b.dueAt!.getTime())[0];
  if (!due) return null;
  return step(`due.${due.key}`, due.title, due.reason, {
    action: { kind: 'open', label: due.title, target: due.place },
    urgency: due.dueAt! <= s.now ? 'now' : 'soon',
  });
};

const tired: Chooser = (s) => {
  if (!s.commander || dutyPrompts(s.commander.since, s.now) === 0) return null;
  const hours = Math.floor((s.now.getTime() - s.commander.since.getTime()) / 3_600_000);
  return step(
    'handover_due',
    'Hand over command',
    `${s.commander.name} has led for ${hours} h without a break (asked from ${DUTY_PROMPT_HOURS} h, each hour)`,
    {
      action: { kind: 'offer_handover', label: 'Hand over' },
      forUserId: s.commander.userId,
    },
  );
};

/** What holds somebody else up comes before the work of the phase. */
const blocked: Chooser = (s) => {
  const first = s.blocked[0];
  if (!first) return null;
  return step(
    'lane_blocked',
    `${first.title} is blocked`,
    first.needs ? `It needs: ${first.needs}` : 'Ask what it needs',
    {
      action: { kind: 'open', label: 'Look at the lane', target: 'lanes' },
      urgency: 'now',
      forUserId: s.commander?.userId ?? null,
    },
  );
};

const raise: Chooser = (s) =>
  s.proposal && s.proposal.severity < s.severity
    ? step('raise_severity', `Raise to SEV${s.proposal.severity}, or say why not`, s.proposal.because, {
        action: {
          kind: 'change_severity',
          label: `Set SEV${s.proposal.severity}`,
          target: String(s.proposal.severity),
        },
        urgency: 'now',
      })
    : null;

const split: Chooser = (s) =>
  s.split
    ? step(
        'split',
        'Split into sub-teams',
        `${s.split.reports} people report to ${s.split.lead}; ${s.split.teams} sub-teams are proposed, each with a lead`,
        { action: { kind: 'open', label: 'See the proposal', target: 'people' }, forUserId: s.split.userId },
      )
    : null;

const move = (kind: string, label: string, target?: string): Partial<NextStep> => ({
  action: { kind, label, ...(target && { target }) },
});

const work: Chooser = (s) => {
  switch (s.phase) {
    case 'detection':
      if (s.signals.linked > 0 && s.signals.firing === 0) {
        return step(
          'all_quiet',
          'Is it over, or was it nothing?',
          'Every linked alert says resolved. Dismiss a false alarm, or go on to containment',
          move('start_containment', 'Go on to containment'),
        );
      }
      if (s.services.length === 0) {
        return step(
          'say_what',
          'Say which service is affected',
          'No service is named yet, so no playbook and no owner can be found',
          move('add_service', 'Name the service'),
        );
      }
      return step(
        'start_containment',
        'Start containment',
        `${s.services.join(', ')}: stop the harm first, look for the cause later`,
        move('start_containment', 'Start containment'),
      );
    case 'containment':
      return s.containmentStartedAt
        ? step(
            'declare_contained',
            'Has the harm stopped growing?',
            'A containment action is under way. When its effect shows, say so',
            move('declare_contained', 'Declare contained'),
          )
        : step(
            'contain',
            'Take a first containment action',
            'Nothing has been done yet to stop the harm: pick a playbook, or write down what you do by hand',
            move('open', 'Choose an action', 'containment'),
          );
    case 'eradication':
      return step(
        'eradicate',
        'Remove the cause, or say why not',
        'Harm is contained. Recovery starts when the cause is gone or waived (external, self-ended, accepted)',
        move('eradicate', 'Cause dealt with'),
      );
    case 'recovery':
      return step(
        'complete_recovery',
        'Bring the service back',
        'When the last step is done, verification begins',
        move('complete_recovery', 'Recovery complete'),
      );
    case 'verification':
      return (
        held(s, 'restore') ??
        step('restore', 'Declare restored', 'Every readiness gate is met', move('restore', 'Declare restored'))
      );
    case 'restored':
      return settle(s);
    default:
      return step('nothing', 'Nothing left to do', `${s.key} is ${s.phase.replace('_', ' ')}`, { urgency: 'calm' });
  }
};

function settle(s: Situation): NextStep {
  const fresh = s.restoredAt !== null && s.now.getTime() - s.restoredAt.getTime() <= RELAPSE_WINDOW_MS;
  if (fresh && s.signals.newSinceRestored > 0) {
    return step('relapse', 'Is it back?', 'A new alert arrived for the same service since it was restored', {
      action: { kind: 'relapse', label: 'It is back: reopen' },
      urgency: 'now',
    });
  }
  return (
    held(s, 'close') ??
    step('close', 'Close the incident', 'Every obligation is settled', { ...move('close', 'Close'), urgency: 'calm' })
  );
}

function held(s: Situation, holds: 'restore' | 'close'): NextStep | null {
  const open = s.gates.filter((gate) => gate.holds === holds && gate.state === 'open');
  const first = open[0];
  if (!first) return null;
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : '';
  const reason = `${first.reasons[0] ?? 'not answered yet'}${more}`;
  return step(
    `gate.${first.kind}`,
    holds === 'restore' ? 'Not restored yet' : 'Not closed yet',
    `${first.kind}: ${reason}`,
    {
      action: { kind: 'open', label: 'Show what is open', target: first.kind },
      urgency: holds === 'restore' ? 'soon' : 'calm',
    },
  );
}

/** Exactly one step for every incident at every moment: who leads, then what waits for a yes, then what is due, then the work. */
export function next(situation: Situation): NextStep {
  const active = !['restored', 'closed', 'false_alarm', 'merged'].includes(situation.phase);
  const choosers: Chooser[] = active
    ? [lead, approve, raise, blocked, pressing, tired, split, approveForCommander, work]
    : [pressing, work];
  const ended = ['closed', 'false_alarm', 'merged'].includes(situation.phase);
  for (const choose of ended ? [work] : choosers) {
    const chosen = choose(situation);
    if (chosen) return chosen;
  }
  throw new Error('work() always answers');
}
