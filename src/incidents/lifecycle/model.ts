/** The life of an incident as pure rules: phases, the guards between them, and which times a move sets or clears. */
import { gateHeading, gateTitle } from './gates.ts';

export const PHASES = [
  'detection',
  'containment',
  'eradication',
  'recovery',
  'verification',
  'restored',
  'closed',
] as const;
/** A phase on the way from the first signal to the settled incident. */
export type Step = (typeof PHASES)[number];
/** A step, or one of the two ways an incident ends without having been worked through. */
export type Phase = Step | 'false_alarm' | 'merged';
export type ActiveStep = Exclude<Step, 'restored' | 'closed'>;
/** Somebody still has to bring the service back. */
export const ACTIVE_PHASES: ActiveStep[] = ['detection', 'containment', 'eradication', 'recovery', 'verification'];

/** 1 is the highest. */
export type Severity = 1 | 2 | 3 | 4;
export const KINDS = ['availability', 'performance', 'data', 'security', 'third_party', 'integration'] as const;
export type Kind = (typeof KINDS)[number];

/** Why a phase may be passed without its work: it was not ours, it ended by itself, or we live with it. */
export interface Waiver {
  kind: 'external' | 'self_ended' | 'accepted';
  reason: string;
}

/** Why something was refused. Commands turn it into a problem; `rule` is what one greps for. */
export interface Refusal {
  status: 403 | 409 | 422;
  rule: string;
  title: string;
  detail?: string;
  errors?: { path: string; message: string }[];
}
export type Verdict<T> = ({ ok: true } & T) | { ok: false; refusal: Refusal };

export const refuse = (
  rule: string,
  title: string,
  extra: Partial<Omit<Refusal, 'rule' | 'title'>> = {},
): { ok: false; refusal: Refusal } => ({ ok: false, refusal: { status: 409, rule, title, ...extra } });

export interface GateState {
  holds: 'restore' | 'close';
  kind: string;
  state: 'open' | 'closed' | 'waived';
  reasons: string[];
}

/** What the rules need to know about an incident to judge a move. */
export interface Standing {
  key: string;
  phase: Phase;
  severity: Severity;
  kind: Kind;
  commanderId: string | null;
  /** True once the security officer of a security incident has signed the eradication (or acts in person). */
  securitySigned: boolean;
  gates: GateState[];
}

/** What the actor brings along: words, a waiver, and the authority tokens held right now. */
export interface Attempt {
  /** What shows that the phase's work is done: a note, or the check that came true. */
  evidence?: string;
  waiver?: Waiver;
  /** Authority held by the actor; the product's own engines hold all of it. */
  authority: ReadonlySet<string>;
}

/** A passage through one phase; `waived` when its work was not done but excused. */
export interface Passage {
  from: Step;
  to: Step;
  waived?: Waiver;
}

/** How long after `restored` the same effect counts as the same incident. */
export const RELAPSE_WINDOW_MS = 72 * 3_600_000;

const rank = (phase: Step): number => PHASES.indexOf(phase);
export const isStep = (phase: Phase): phase is Step => phase !== 'false_alarm' && phase !== 'merged';
/** Active: somebody still has to bring the service back. */
export const isActive = (phase: Phase): phase is ActiveStep => isStep(phase) && rank(phase) < rank('restored');
/** Ended: nothing may change any more but the notes. */
export const isEnded = (phase: Phase): boolean => phase === 'closed' || !isStep(phase);

/** The least advanced of the services' phases is the incident's (invariant 5). */
export const leastAdvanced = (phases: readonly Step[]): Step | null =>
  phases.length === 0 ? null : phases.reduce((least, phase) => (rank(phase) < rank(least) ? phase : least));
export const isBefore = (a: Step, b: Step): boolean => rank(a) < rank(b);

/** Which authority a forward move into a phase asks for (domain 2.3, column Actor). */
export const AUTHORITY_FOR: Record<Exclude<Step, 'detection'>, string> = {
  containment: 'move_phase',
  eradication: 'declare_contained',
  recovery: 'declare_contained',
  verification: 'move_phase',
  restored: 'declare_restored',
  closed: 'close',
};

const WORDS: Record<Step, string> = {
  detection: 'in detection',
  containment: 'not contained',
  eradication: 'not rid of its cause',
  recovery: 'not recovered',
  verification: 'not verified',
  restored: 'restored',
  closed: 'closed',
};

/**
 * Judges a move forward to `to`. Already there: fine, no passages (a double click changes nothing).
 * The last phase before `to` is left by the attempt's own evidence; any other open phase on the way needs a waiver.
 */
export function advance(
  standing: Standing,
  to: Exclude<Step, 'detection'>,
  attempt: Attempt,
): Verdict<{ passages: Passage[] }> {
  const { key, phase } = standing;
  if (phase === to) return { ok: true, passages: [] };
  if (!isStep(phase) || phase === 'closed') {
    return refuse('incidents.phase.ended', `${key} has ended (${phase}) and takes no further steps`);
  }
  if (rank(phase) > rank(to)) {
    return refuse('incidents.phase.past', `${key} is already in ${phase}; to go back, say why with "move back"`);
  }
  if (to === 'closed' && phase !== 'restored') {
    return refuse('incidents.phase.restored_first', `${key} is ${WORDS[phase]}: it can close once it is restored`);
  }
  const refusal = leavingDetection(standing) ?? lacksAuthority(standing, to, attempt);
  if (refusal) return { ok: false, refusal };

  const passages: Passage[] = [];
  for (let at = rank(phase); at < rank(to); at++) {
    const from = PHASES[at]!;
    const last = at === rank(to) - 1;
    const left = leave(standing, from, last, attempt);
    if (left.refusal) return { ok: false, refusal: left.refusal };
    passages.push({ from, to: PHASES[at + 1]!, ...(left.waived && { waived: left.waived }) });
  }
  return { ok: true, passages };
}

function leavingDetection({ key, phase, severity, commanderId }: Standing): Refusal | null {
  if (phase !== 'detection' || severity > 2 || commanderId) return null;
  return {
    status: 409,
    rule: 'incidents.phase.ic_required',
    title: `${key} is SEV${severity} and nobody leads it: assign an incident commander first`,
  };
}

function lacksAuthority({ key }: Standing, to: Exclude<Step, 'detection'>, attempt: Attempt): Refusal | null {
  const token = AUTHORITY_FOR[to];
  if (attempt.waiver && !attempt.authority.has('waive_phase')) return missingAuthority(key, 'waive_phase');
  return attempt.authority.has(token) ? null : missingAuthority(key, token);
}

/** The refusal for an actor without a token, in words that say how to get it. */
export const missingAuthority = (key: string, token: string): Refusal => ({
  status: 403,
  rule: `incidents.authority.${token}`,
  title: `You do not hold the authority "${token.replaceAll('_', ' ')}" on ${key}`,
  detail: 'The incident commander holds it. Take command if nobody leads, ask the commander, or ask for a hand-over.',
});

/** May `from` be left? By its own evidence when it is the last one on the way, otherwise by a waiver. */
function leave(
  standing: Standing,
  from: Step,
  last: boolean,
  attempt: Attempt,
): { refusal?: Refusal; waived?: Waiver } {
  const { key } = standing;
  const open = (title: string): { refusal: Refusal } => ({
    refusal: { status: 409, rule: `incidents.phase.${from}_open`, title },
  });
  const waived = attempt.waiver ? { waived: attempt.waiver } : null;
  switch (from) {
    case 'detection':
      return {};
    case 'containment':
      if (last && attempt.evidence) return {};
      return (
        waived ?? open(`${key} is not contained: say what shows that harm has stopped growing, or waive with a reason`)
      );
    case 'eradication':
      if (standing.kind === 'security' && !standing.securitySigned) {
        return {
          refusal: {
            status: 409,
            rule: 'incidents.phase.security_sign_off',
            title: `${key} is a security incident: the security officer signs that the cause is gone`,
          },
        };
      }
      if (last && attempt.evidence) return {};
      return (
        waived ??
        open(`${key}: the cause is neither removed nor waived (external, self-ended or accepted) with a reason`)
      );
    case 'recovery':
      return last ? {} : (waived ?? open(`${key} is not recovered: complete the recovery, or waive it with a reason`));
    case 'verification':
      return heldBy(standing, 'restore') ?? {};
    default:
      return heldBy(standing, 'close') ?? {};
  }
}

/** The refusal that lists every open gate with what is false, unknown or missing behind it. */
export function heldBy(standing: Standing, holds: 'restore' | 'close'): { refusal: Refusal } | null {
  const open = standing.gates.filter((gate) => gate.holds === holds && gate.state === 'open');
  if (open.length === 0) return null;
  const lines = open.map((gate) => `${gateHeading(gate.kind)}: ${gate.reasons.join('; ') || 'not answered yet'}`);
  const count = open.length === 1 ? 'one open gate' : `${open.length} open gates`;
  const errors = open.flatMap((gate) =>
    (gate.reasons.length ? gate.reasons : ['not answered yet']).map((message) => ({ path: gate.kind, message })),
  );
  return {
    refusal: {
      status: 409,
      rule: `incidents.${holds}`,
      title: `${standing.key} has ${count}: ${open.map((gate) => gateTitle(gate.kind)).join(', ')}`,
      detail: lines.join('\n'),
      errors,
    },
  };
}

/** Judges a move back to an earlier active phase. Nothing earlier is lost: the phase log keeps every entry. */
export function moveBack(
  { key, phase }: Standing,
  to: ActiveStep,
  authority: ReadonlySet<string>,
): Verdict<{ from: ActiveStep }> {
  if (!isActive(phase))
    return refuse('incidents.phase.ended', `${key} is ${phase}: only an active incident moves back`);
  if (rank(to) >= rank(phase)) return refuse('incidents.phase.not_back', `${key} is in ${phase}; ${to} is not earlier`);
  if (!authority.has('move_phase')) return { ok: false, refusal: missingAuthority(key, 'move_phase') };
  return { ok: true, from: phase };
}

/** The same effect is back: verification or restored return to containment, within 72 h of restored. */
export function relapse(
  { key, phase }: Standing,
  restoredAt: Date | null,
  now: Date,
): Verdict<{ from: 'verification' | 'restored' }> {
  if (phase !== 'verification' && phase !== 'restored') {
    return refuse(
      'incidents.relapse.phase',
      `${key} is ${phase}: only an incident in verification or restored can relapse`,
    );
  }
  if (phase === 'restored' && restoredAt && now.getTime() - restoredAt.getTime() > RELAPSE_WINDOW_MS) {
    return refuse(
      'incidents.relapse.window',
      `${key} was restored more than 72 hours ago: declare a new incident that refers to it`,
    );
  }
  return { ok: true, from: phase };
}

/** An incident that was none: only from detection, by its commander, and only when no customer felt anything. */
export function dismiss(
  { key, phase }: Standing,
  customerImpact: boolean,
  authority: ReadonlySet<string>,
): Verdict<object> {
  if (phase !== 'detection')
    return refuse('incidents.dismiss.phase', `${key} is in ${phase}: only detection can be dismissed`);
  if (customerImpact) {
    return refuse(
      'incidents.dismiss.impact',
      `${key} has recorded customer impact: work it through, it is no false alarm`,
    );
  }
  if (!authority.has('close')) return { ok: false, refusal: missingAuthority(key, 'close') };
  return { ok: true };
}
