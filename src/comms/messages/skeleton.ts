/** The first text of a message, filled in from the record: what is known to be true, in words the lint lets pass. */
import type { ComponentState, MessageKind, UpdateFields } from '../lint/index.ts';

export interface SkeletonFacts {
  kind: MessageKind;
  now: Date;
  /** Minutes until the next update, by policy. */
  offeredMinutes: number;
  impactStartedAt: Date | null;
  impactEndedAt: Date | null;
  /** Public components on the affected services, with their state now. */
  components: {
    id: string;
    name: string;
    state: ComponentState;
    effect: 'none' | 'slow' | 'partial' | 'down' | 'wrong_data';
  }[];
  previous: UpdateFields | null;
  /** Answers said in plain words, oldest first: offered as what is known, for the writer to keep or to strike. */
  plain?: string[];
  /** How well it works now, by the last measure. */
  expectation?: UpdateFields['expectation'] | undefined;
  /** What the playbook that runs says to customers. */
  playbook?: { impact?: string | undefined; protection?: string | undefined; customer_actions?: string | undefined };
  contact?: string;
  /** The paragraph about earlier incidents like this one, where somebody confirmed one. */
  recurrence?: UpdateFields['recurrence'] | undefined;
}

const clock = (at: Date): string => at.toISOString().slice(11, 16);
const list = (names: string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What a component is said to be while its service has this effect. */
export const STATE_OF_EFFECT: Record<string, ComponentState> = {
  none: 'operational',
  slow: 'degraded_performance',
  partial: 'partial_outage',
  down: 'major_outage',
  wrong_data: 'partial_outage',
};

function headline(facts: SkeletonFacts, names: string): string {
  if (names === '') return '';
  if (facts.kind === 'resolution') return `${names}: working as usual again`;
  const down = facts.components.some(({ effect }) => effect === 'down');
  const slow = facts.components.every(({ effect }) => effect === 'slow');
  return down ? `${names}: not available` : slow ? `${names}: slow` : `${names}: not working as usual`;
}

const nextAt = (facts: SkeletonFacts): string => {
  // Whole minutes, rounded down, so that the time stays within policy.
  const at = Math.floor((facts.now.getTime() + facts.offeredMinutes * 60_000) / 60_000) * 60_000;
  return new Date(at).toISOString();
};

function firstMessage(facts: SkeletonFacts, empty: UpdateFields): UpdateFields {
  const names = list(facts.components.map(({ name }) => name));
  const since = facts.impactStartedAt ? `Since ${clock(facts.impactStartedAt)} UTC ` : '';
  return {
    ...empty,
    headline: headline(facts, names),
    impact:
      names === ''
        ? ''
        : `${since}${names} ${facts.components.length > 1 ? 'do' : 'does'} not work as usual. We do not know yet how many customers are affected.`,
    known: names === '' ? [] : [`What is affected: ${names}.`],
    unknown: ['How long it will last.'],
    doing: ['We are finding out where it comes from and limiting the effect.'],
    dataImpact: {
      state: 'under_investigation',
      sentence: 'We are checking whether any data is affected.',
      evidence: '',
    },
    nextUpdateBy: nextAt(facts),
    componentStates: Object.fromEntries(
      facts.components.map(({ id, effect }) => [id, STATE_OF_EFFECT[effect] ?? 'partial_outage']),
    ),
  };
}

/** What every kind carries, when there is something to carry. */
const common = (facts: SkeletonFacts): Partial<UpdateFields> => ({
  ...(facts.recurrence && { recurrence: facts.recurrence }),
  ...(facts.contact && { contact: facts.contact }),
});

/** Words each kind begins with, beyond what the last message said. */
const KIND_STARTS: Partial<Record<MessageKind, Partial<UpdateFields>>> = {
  containment: { doing: ['We have limited the effect and are looking for a lasting repair.'] },
  recovery_progress: { doing: ['We bring it back step by step and check each step.'] },
  setback: { known: ['A step of the repair did not hold, and we went back to the safe state.'] },
};

/** What changes from message to message: measured anew, promised anew. */
const fresh = (facts: SkeletonFacts): Partial<UpdateFields> => ({
  estimate: null,
  apology: '',
  nextUpdateBy: nextAt(facts),
  settled: [],
  expectation: facts.expectation ?? null,
});

/**
 * The fields a writer starts from. An update carries the last one on, so that every unknown is answered or said again;
 * a resolution says from when to when, and sets every component of the incident back.
 */
export function skeleton(facts: SkeletonFacts, empty: UpdateFields): UpdateFields {
  const { previous } = facts;
  if (facts.kind === 'resolution') {
    const names = list(facts.components.map(({ name }) => name));
    const [from, to] = [facts.impactStartedAt, facts.impactEndedAt];
    const span = from && to ? `From ${clock(from)} to ${clock(to)} UTC ` : '';
    const ids = new Set([...Object.keys(previous?.componentStates ?? {}), ...facts.components.map(({ id }) => id)]);
    return {
      ...empty,
      ...common(facts),
      headline: headline(facts, names),
      impact: span && names ? `${span}${names} did not work as usual. ` : (previous?.impact ?? ''),
      customerActions: 'none',
      componentStates: Object.fromEntries([...ids].map((id) => [id, 'operational'])),
    };
  }
  if (facts.kind === 'post_incident' && previous)
    return {
      ...empty,
      ...common(facts),
      headline: previous.headline,
      impact: previous.impact,
      customerActions: 'none',
      dataImpact: previous.dataImpact,
      changes: [],
    };
  const playbook = facts.playbook ?? {};
  const quoted = (known: string[]) => [...known, ...(facts.plain ?? []).filter((one) => !known.includes(one))];
  if (!previous) {
    const first = firstMessage(facts, empty);
    return {
      ...first,
      ...common(facts),
      ...(facts.expectation && { expectation: facts.expectation }),
      ...(playbook.protection && { protection: playbook.protection }),
      ...(playbook.customer_actions && { customerActions: [playbook.customer_actions] }),
      known: quoted(first.known),
    };
  }
  return {
    ...previous,
    ...common(facts),
    ...(previous.protection === '' && playbook.protection && { protection: playbook.protection }),
    ...fresh(facts),
    ...KIND_STARTS[facts.kind],
    known: quoted([...(KIND_STARTS[facts.kind]?.known ?? []), ...previous.known]),
  };
}
