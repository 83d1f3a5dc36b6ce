/**
 * The sixteen checks, in their order, as one pure decision over facts that were gathered before (domain.md 4.2). Unknown never
 * passes. Every verdict is kept with the action, so that afterwards anybody can see why it ran (invariant 23).
 */
import type { Autonomy, RiskClass } from '../../format/schema.ts';
import { type Held, isAbove } from '../autonomy.ts';
import { FORCEABLE, NUMBER, RULES } from './rules.ts';

/** `refuse` ends it; `ask` lets a person decide; `wait` tries again later; `skip` did not apply. */
export type Verdict = 'pass' | 'refuse' | 'ask' | 'wait' | 'skip' | 'forced';
export interface CheckResult {
  n: number;
  rule: string;
  verdict: Verdict;
  message: string;
}

/** Everything the decision rests on. */
export interface Facts {
  pause: { by: string; reason: string } | null;
  exercise: boolean;
  simulated: boolean;
  /** A live drill's plan names this target. */
  liveTarget: boolean;
  incident: { active: boolean; text: string };
  /** Null while nobody has been asked yet. */
  authority: { given: boolean; lacking: string | null } | null;
  connector: { ok: boolean; detail: string; expires: string | null };
  conditions: { expr: string; verdict: 'true' | 'false' | 'unknown'; detail: string | null }[];
  wanted: boolean;
  concurrency: { group: string; holder: string | null; onConflict: 'refuse' | 'queue' } | null;
  cooldown: string | null;
  oscillation: string | null;
  radius: string[];
  storm: string | null;
  capacity: { useAfterPct: number | null; limitPct: number } | null;
  /** Null: none asked for. */
  dryRun: { valid: boolean; text: string } | null;
  autonomy: { wanted: Autonomy; got: Autonomy; held: Held[]; risk: RiskClass };
  knownBad: { symptom: string; acknowledged: boolean } | null;
  /** Guards that an override passes by now. */
  forced: readonly string[];
  /** Somebody has looked at this very proposal and agreed: what only asks is answered. */
  agreed: boolean;
}

export interface Admission {
  results: CheckResult[];
  /** Not empty: refused. */
  refused: CheckResult[];
  /** Not empty: a person is asked, one authority level up when `escalate`. */
  ask: CheckResult[];
  wait: CheckResult[];
  escalate: boolean;
  noop: boolean;
  autonomy: Autonomy;
}

/** Decides. The order of `results` is the order of the table. */
export function admit(facts: Facts): Admission {
  const results: CheckResult[] = [];
  const say = (rule: string, verdict: Verdict, message: string) => {
    const forced =
      (verdict === 'refuse' || verdict === 'ask') && FORCEABLE.includes(rule) && facts.forced.includes(rule);
    const answered = verdict === 'ask' && facts.agreed && rule !== RULES.knownBad;
    results.push({ n: NUMBER[rule]!, rule, verdict: forced ? 'forced' : answered ? 'pass' : verdict, message });
  };
  const pass = (rule: string, message = '') => say(rule, 'pass', message);
  standing(facts, say, pass);
  target(facts, say, pass);
  limits(facts, say, pass);
  trust(facts, say, pass);
  const of = (verdict: Verdict) => results.filter((one) => one.verdict === verdict);
  const ask = of('ask');
  const held = ask.length > 0 && isAbove(facts.autonomy.got, 'approve');
  return {
    results,
    // What is already so sends nothing: the checks after the seventh have nothing to hold back.
    refused: of('refuse').filter((one) => !facts.wanted || one.n <= 7),
    ask,
    wait: of('wait'),
    escalate: ask.some((one) => one.rule === RULES.radius),
    noop: facts.wanted,
    autonomy: held ? 'approve' : facts.autonomy.got,
  };
}

type Say = (rule: string, verdict: Verdict, message: string) => void;
type Pass = (rule: string, message?: string) => void;

/** 1–4: may anything run at all, here, for this actor? */
function standing(facts: Facts, say: Say, pass: Pass): void {
  if (facts.pause)
    say(
      RULES.paused,
      'refuse',
      `${facts.pause.by} paused automation: ${facts.pause.reason}. Do it by hand, or resume automation.`,
    );
  else pass(RULES.paused);
  if (facts.exercise && !facts.simulated && !facts.liveTarget)
    say(RULES.simulator, 'refuse', 'An exercise only ever uses simulators, or targets its approved plan names.');
  else pass(RULES.simulator);
  if (!facts.incident.active) say(RULES.incident, 'refuse', facts.incident.text);
  else pass(RULES.incident);
  if (facts.authority === null) say(RULES.authority, 'skip', 'asked when it is about to run');
  else if (facts.authority.lacking) say(RULES.authority, 'refuse', facts.authority.lacking);
  else if (!facts.authority.given) say(RULES.authority, 'refuse', 'Nobody with the authority has approved it.');
  else pass(RULES.authority);
}

/** 5–9: can the target take it, is it the moment, is the place free? */
function target(facts: Facts, say: Say, pass: Pass): void {
  if (!facts.connector.ok) say(RULES.connector, 'refuse', facts.connector.detail);
  else if (facts.connector.expires) say(RULES.connector, 'refuse', facts.connector.expires);
  else pass(RULES.connector);
  const open = facts.conditions.filter((one) => one.verdict !== 'true');
  for (const { expr, verdict, detail } of open)
    say(RULES.preconditions, 'refuse', `Must be true, is ${verdict}: ${expr}${detail ? ` (${detail})` : ''}`);
  if (open.length === 0) pass(RULES.preconditions, facts.conditions.map((one) => one.expr).join('; '));
  if (facts.wanted) say(RULES.wanted, 'skip', 'already in the wanted state: nothing is sent');
  else pass(RULES.wanted);
  pass(RULES.key);
  const { concurrency } = facts;
  if (concurrency?.holder)
    say(
      RULES.concurrency,
      concurrency.onConflict === 'queue' ? 'wait' : 'refuse',
      `"${concurrency.group}" is held by ${concurrency.holder}`,
    );
  else pass(RULES.concurrency);
}

/** 10–12: not too often, not too far, not with too little left. */
function limits(facts: Facts, say: Say, pass: Pass): void {
  if (facts.cooldown) say(RULES.cooldown, 'refuse', facts.cooldown);
  else pass(RULES.cooldown);
  if (facts.oscillation) say(RULES.oscillation, 'refuse', facts.oscillation);
  else pass(RULES.oscillation);
  if (facts.storm) say(RULES.storm, 'refuse', facts.storm);
  if (facts.radius.length > 0)
    say(RULES.radius, 'ask', `with everything active it reaches too far (${facts.radius.join('; ')})`);
  else pass(RULES.radius);
  const { capacity } = facts;
  if (capacity && capacity.useAfterPct === null)
    say(RULES.capacity, 'refuse', 'it takes capacity away, and nobody knows how much is left');
  else if (capacity && capacity.useAfterPct! > capacity.limitPct)
    say(
      RULES.capacity,
      'refuse',
      `what stays would run at ${Math.round(capacity.useAfterPct!)} %, allowed are ${capacity.limitPct} %`,
    );
  else pass(RULES.capacity);
}

/** 13–16: tried before, trusted to run by itself, not known to be bad, not vetoed. */
function trust(facts: Facts, say: Say, pass: Pass): void {
  const automatic = isAbove(facts.autonomy.wanted, 'approve');
  if (facts.dryRun && !facts.dryRun.valid && automatic) say(RULES.dryRun, 'ask', facts.dryRun.text);
  else pass(RULES.dryRun, facts.dryRun?.text ?? '');
  for (const { rule, message } of facts.autonomy.held) say(rule, 'ask', message);
  if (facts.autonomy.held.length === 0) pass(RULES.rehearsal);
  const { knownBad } = facts;
  if (knownBad && !knownBad.acknowledged)
    say(RULES.knownBad, 'ask', `this was tried before and was bad: ${knownBad.symptom}`);
  else pass(RULES.knownBad);
  if (facts.autonomy.got === 'veto') say(RULES.veto, 'skip', 'runs after its veto window unless somebody stops it');
  else pass(RULES.veto);
}
