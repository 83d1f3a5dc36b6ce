/** The phases and their guards, by table and by random walks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUTHORITY_TOKENS } from '../roles/model.ts';
import {
  type Attempt,
  advance,
  dismiss,
  isStep,
  leastAdvanced,
  moveBack,
  type Passage,
  PHASES,
  relapse,
  type Standing,
  type Step,
} from './model.ts';
import { changeSeverity, declaredSeverity, DEFAULT_RULES, proposedSeverity } from './severity.ts';
import { checkOccurredAt, checkTimes, durations, type Times, timesAfter, timesAfterGoingBack } from './times.ts';

const ALL: ReadonlySet<string> = new Set(AUTHORITY_TOKENS);
const standing = (over: Partial<Standing> = {}): Standing => ({
  key: 'INC-1',
  phase: 'detection',
  severity: 1,
  kind: 'availability',
  commanderId: 'usr_a',
  securitySigned: true,
  gates: [],
  ...over,
});
const attempt = (over: Partial<Attempt> = {}): Attempt => ({ authority: ALL, ...over });
const waiver = { kind: 'external', reason: 'the carrier fixed its network' } as const;
const ruleOf = (verdict: { ok: boolean } & { refusal?: { rule: string } }) =>
  verdict.ok ? 'ok' : verdict.refusal!.rule;

describe('moving forward', () => {
  it.each<[string, Partial<Standing>, Exclude<Step, 'detection'>, Partial<Attempt>, string]>([
    [
      'a SEV1 without commander does not leave detection',
      { commanderId: null },
      'containment',
      {},
      'incidents.phase.ic_required',
    ],
    ['a SEV3 needs no commander', { commanderId: null, severity: 3 }, 'containment', {}, 'ok'],
    [
      'contained needs something that shows it',
      { phase: 'containment' },
      'eradication',
      {},
      'incidents.phase.containment_open',
    ],
    ['contained with evidence', { phase: 'containment' }, 'eradication', { evidence: 'errors back to 0.1 %' }, 'ok'],
    [
      'contained straight from detection: the evidence covers it',
      {},
      'eradication',
      { evidence: 'flag off, errors gone' },
      'ok',
    ],
    [
      'eradicated without cause removed or waiver',
      { phase: 'eradication' },
      'recovery',
      {},
      'incidents.phase.eradication_open',
    ],
    ['eradicated by waiver', { phase: 'eradication' }, 'recovery', { waiver }, 'ok'],
    [
      'recovery is not entered past an open eradication',
      { phase: 'eradication' },
      'verification',
      {},
      'incidents.phase.eradication_open',
    ],
    [
      'recovery is not entered past an open containment',
      { phase: 'containment' },
      'recovery',
      { evidence: 'x' },
      'incidents.phase.containment_open',
    ],
    [
      'a waiver needs its own authority',
      { phase: 'eradication' },
      'recovery',
      { waiver, authority: new Set(['declare_contained']) },
      'incidents.authority.waive_phase',
    ],
    [
      'a move needs authority',
      { phase: 'containment' },
      'eradication',
      { evidence: 'x', authority: new Set() },
      'incidents.authority.declare_contained',
    ],
    [
      'a security incident needs its officer',
      { phase: 'eradication', kind: 'security', securitySigned: false },
      'recovery',
      { evidence: 'x' },
      'incidents.phase.security_sign_off',
    ],
    ['nothing closes that is not restored', { phase: 'verification' }, 'closed', {}, 'incidents.phase.restored_first'],
    ['nothing moves back by moving forward', { phase: 'recovery' }, 'containment', {}, 'incidents.phase.past'],
    ['a closed incident stays closed', { phase: 'closed' }, 'restored', {}, 'incidents.phase.ended'],
    ['a merged incident takes no steps', { phase: 'merged' }, 'containment', {}, 'incidents.phase.ended'],
  ])('%s', (_name, over, to, tried, expected) => {
    expect(ruleOf(advance(standing(over), to, attempt(tried)))).toBe(expected);
  });

  it('being there already is no mistake: a double click changes nothing', () => {
    expect(advance(standing({ phase: 'containment' }), 'containment', attempt())).toEqual({ ok: true, passages: [] });
  });

  it('restored is refused with every open gate and its reasons', () => {
    const gates = [
      {
        holds: 'restore' as const,
        kind: 'recovery.readiness',
        state: 'open' as const,
        reasons: ['orders-db: replica lag is unknown', 'soak: 4 of 10 min'],
      },
      { holds: 'restore' as const, kind: 'recovery.data', state: 'waived' as const, reasons: [] },
      { holds: 'close' as const, kind: 'learning.review', state: 'open' as const, reasons: ['no review'] },
    ];
    const verdict = advance(standing({ phase: 'verification', gates }), 'restored', attempt());
    expect(verdict).toMatchObject({
      ok: false,
      refusal: { status: 409, rule: 'incidents.restore', title: 'INC-1 has one open gate: readiness criteria' },
    });
    if (verdict.ok) throw new Error('unreachable');
    expect(verdict.refusal.errors).toEqual([
      { path: 'recovery.readiness', message: 'orders-db: replica lag is unknown' },
      { path: 'recovery.readiness', message: 'soak: 4 of 10 min' },
    ]);
  });

  it('a waiver never passes a gate', () => {
    const gates = [
      { holds: 'restore' as const, kind: 'recovery.readiness', state: 'open' as const, reasons: ['unknown'] },
    ];
    expect(ruleOf(advance(standing({ gates }), 'restored', attempt({ waiver })))).toBe('incidents.restore');
  });

  it('skipped phases are walked through one by one, each marked as waived', () => {
    const verdict = advance(standing(), 'restored', attempt({ waiver }));
    if (!verdict.ok) throw new Error(verdict.refusal.title);
    expect(verdict.passages.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'detection>containment',
      'containment>eradication',
      'eradication>recovery',
      'recovery>verification',
      'verification>restored',
    ]);
    expect(verdict.passages.filter((passage) => passage.waived).map((passage) => passage.from)).toEqual([
      'containment',
      'eradication',
      'recovery',
    ]);
  });
});

describe('moving back', () => {
  it('going back is for active incidents and earlier phases', () => {
    expect(ruleOf(moveBack(standing({ phase: 'recovery' }), 'containment', ALL))).toBe('ok');
    expect(ruleOf(moveBack(standing({ phase: 'containment' }), 'recovery', ALL))).toBe('incidents.phase.not_back');
    expect(ruleOf(moveBack(standing({ phase: 'restored' }), 'containment', ALL))).toBe('incidents.phase.ended');
  });

  it('the same effect within 72 hours of restored is a relapse, later it is a new incident', () => {
    const restoredAt = new Date('2026-03-01T00:00:00Z');
    const after = (hours: number) => new Date(restoredAt.getTime() + hours * 3_600_000);
    expect(ruleOf(relapse(standing({ phase: 'restored' }), restoredAt, after(72)))).toBe('ok');
    expect(ruleOf(relapse(standing({ phase: 'restored' }), restoredAt, after(72.01)))).toBe('incidents.relapse.window');
    expect(ruleOf(relapse(standing({ phase: 'verification' }), null, after(0)))).toBe('ok');
    expect(ruleOf(relapse(standing({ phase: 'recovery' }), null, after(0)))).toBe('incidents.relapse.phase');
    expect(ruleOf(relapse(standing({ phase: 'closed' }), restoredAt, after(1)))).toBe('incidents.relapse.phase');
  });

  it('a false alarm is dismissed from detection, without customer impact, by who may close', () => {
    expect(ruleOf(dismiss(standing(), false, ALL))).toBe('ok');
    expect(ruleOf(dismiss(standing(), true, ALL))).toBe('incidents.dismiss.impact');
    expect(ruleOf(dismiss(standing({ phase: 'containment' }), false, ALL))).toBe('incidents.dismiss.phase');
    expect(ruleOf(dismiss(standing(), false, new Set()))).toBe('incidents.authority.close');
  });
});

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute));
const blank: Times = {
  impactStartedAt: at(0),
  detectedAt: at(2),
  declaredAt: at(3),
  acknowledgedAt: null,
  respondedAt: at(4),
  containmentStartedAt: null,
  containedAt: null,
  eradicatedAt: null,
  recoveryStartedAt: null,
  verificationStartedAt: null,
  impactEndedAt: null,
  restoredAt: null,
  closedAt: null,
};

describe('times', () => {
  it('containment duration is computed from the first action to contained, and missing is never zero', () => {
    expect(durations(blank).containment).toBeNull();
    expect(durations({ ...blank, containmentStartedAt: at(10), containedAt: at(22) }).containment).toBe(720);
  });

  it('detection-to-response is first responder action minus first signal', () => {
    expect(durations(blank).detectionToResponse).toBe(120);
    expect(durations({ ...blank, respondedAt: null }).detectionToResponse).toBeNull();
  });

  it('detected before impact counts as no time to detect', () => {
    expect(durations({ ...blank, impactStartedAt: at(9) }).timeToDetect).toBe(0);
  });

  it('start points keep their first value and end points take the last', () => {
    const passages: Passage[] = [
      { from: 'containment', to: 'eradication' },
      { from: 'eradication', to: 'recovery' },
    ];
    const first = { ...blank, ...timesAfter(blank, passages, at(20)) };
    const back = { ...first, ...timesAfterGoingBack('containment', false) };
    const second = { ...back, ...timesAfter(back, passages, at(40)) };
    expect(second.recoveryStartedAt).toEqual(at(20));
    expect(second.containedAt).toEqual(at(40));
    expect(second.eradicatedAt).toEqual(at(40));
  });

  it('a waived phase leaves no time of its own', () => {
    const change = timesAfter(blank, [{ from: 'eradication', to: 'recovery', waived: waiver }], at(20));
    expect(change).not.toHaveProperty('eradicatedAt');
    expect(change.recoveryStartedAt).toEqual(at(20));
  });

  it('impact that started after it ended, or in the future, is refused by field', () => {
    expect(checkTimes({ ...blank, impactStartedAt: at(30), impactEndedAt: at(20) }, at(60))?.errors).toEqual([
      { path: 'impactStartedAt', message: expect.stringContaining('lies after impactEndedAt') },
    ]);
    expect(checkTimes({ ...blank, impactStartedAt: at(62) }, at(60))?.rule).toBe('incidents.times');
    expect(checkTimes(blank, at(60))).toBeNull();
  });

  it('an entry may tell of the past, and of at most 60 s ahead', () => {
    expect(checkOccurredAt(at(0), at(60))).toBeNull();
    expect(checkOccurredAt(at(61), at(60))).toBeNull();
    expect(checkOccurredAt(new Date(at(61).getTime() + 1), at(60))?.rule).toBe('incidents.occurred_at');
  });
});

describe('severity', () => {
  it.each([
    ['critical', 1, 1],
    ['error', 1, 2],
    ['critical', 2, 2],
    ['error', 2, null],
    ['warning', 1, null],
    ['critical', 3, null],
  ] as const)('policy: %s on tier %i declares SEV%s', (alert, tier, severity) => {
    expect(declaredSeverity(DEFAULT_RULES, alert, tier)).toBe(severity);
  });

  it('what is not known is proposed as the worst plausible', () => {
    expect(proposedSeverity('critical', null)).toBe(1);
    expect(proposedSeverity('error', null)).toBe(2);
    expect(proposedSeverity('critical', 3)).toBe(3);
    expect(proposedSeverity('info', 1)).toBe(4);
  });

  it('anyone raises, lowering needs a reason and authority', () => {
    expect(changeSeverity('INC-1', 3, 1, undefined, new Set())).toMatchObject({ ok: true, raised: true });
    expect(changeSeverity('INC-1', 1, 3, undefined, ALL)).toMatchObject({
      ok: false,
      refusal: { rule: 'incidents.severity.reason' },
    });
    expect(changeSeverity('INC-1', 1, 3, 'one region only', new Set())).toMatchObject({
      ok: false,
      refusal: { status: 403 },
    });
    expect(changeSeverity('INC-1', 1, 3, 'one region only', ALL)).toMatchObject({ ok: true, changed: true });
    expect(changeSeverity('INC-1', 2, 2, undefined, new Set())).toMatchObject({ ok: true, changed: false });
  });
});

const step = fc.constantFrom(...PHASES);
const forward = fc.constantFrom(...PHASES.slice(1)) as fc.Arbitrary<Exclude<Step, 'detection'>>;

describe('whatever anybody tries', () => {
  it('a walk forward never skips a phase and ends where it was asked to', () => {
    fc.assert(
      fc.property(step, forward, fc.boolean(), fc.boolean(), (phase, to, withEvidence, withWaiver) => {
        const verdict = advance(
          standing({ phase }),
          to,
          attempt({ ...(withEvidence && { evidence: 'seen' }), ...(withWaiver && { waiver }) }),
        );
        if (!verdict.ok || verdict.passages.length === 0) return;
        expect(verdict.passages[0]!.from).toBe(phase);
        expect(verdict.passages.at(-1)!.to).toBe(to);
        for (const [i, passage] of verdict.passages.entries()) {
          expect(PHASES.indexOf(passage.to)).toBe(PHASES.indexOf(passage.from) + 1);
          if (i > 0) expect(passage.from).toBe(verdict.passages[i - 1]!.to);
        }
      }),
    );
  });

  it('the times stay in order through any walk forward and back', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            forward.map((to) => ({ to })),
            fc.constantFrom('detection', 'containment', 'recovery').map((back) => ({ back: back as Step })),
          ),
          { maxLength: 30 },
        ),
        (moves) => {
          let phase: Step = 'detection';
          let times: Times = { ...blank };
          let minute = 5;
          for (const move of moves) {
            minute += 1;
            if ('to' in move) {
              const verdict = advance(standing({ phase }), move.to, attempt({ evidence: 'seen', waiver }));
              if (!verdict.ok) continue;
              times = { ...times, ...timesAfter(times, verdict.passages, at(minute)) };
              if (verdict.passages.length > 0) phase = move.to;
            } else if (phase === 'verification' || phase === 'restored') {
              phase = 'containment';
              times = { ...times, ...timesAfterGoingBack('containment', true) };
            } else {
              const verdict = moveBack(standing({ phase }), move.back as 'detection', ALL);
              if (!verdict.ok) continue;
              phase = move.back;
              times = { ...times, ...timesAfterGoingBack(move.back, false) };
            }
            expect(checkTimes(times, at(minute))).toBeNull();
          }
        },
      ),
    );
  });

  it('the least advanced service leads', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (phases) => {
        const least = leastAdvanced(phases)!;
        expect(phases).toContain(least);
        expect(phases.every((phase) => PHASES.indexOf(phase) >= PHASES.indexOf(least))).toBe(true);
        expect(isStep(least)).toBe(true);
      }),
    );
    expect(leastAdvanced([])).toBeNull();
  });
});
