/** The one next step, by table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PHASES } from './model.ts';
import { next, type Situation } from './next.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const ada = { userId: 'usr_ada', name: 'Ada' };
const calm = (over: Partial<Situation> = {}): Situation => ({
  key: 'INC-1',
  phase: 'detection',
  severity: 1,
  now,
  commander: { ...ada, since: ago(10) },
  called: null,
  acknowledgedBy: ada,
  handover: null,
  pendingApprovals: [],
  services: ['Checkout'],
  containmentStartedAt: null,
  restoredAt: null,
  signals: { linked: 1, firing: 1, newSinceRestored: 0 },
  gates: [],
  dues: [],
  blocked: [],
  proposal: null,
  split: null,
  ...over,
});
const gate = (holds: 'restore' | 'close', kind: string, reasons: string[]) => ({
  holds,
  kind,
  state: 'open' as const,
  reasons,
});
const due = (minutes: number) => ({
  key: 'comms.update',
  title: 'Publish an update',
  reason: 'promised',
  place: 'comms',
  dueAt: ago(-minutes),
});

describe('the next step', () => {
  it.each<[string, Partial<Situation>, string, string | undefined]>([
    ['nobody leads a SEV1', { commander: null }, 'take_command', 'take_command'],
    [
      'the rota has called Ada and she has not answered',
      { commander: null, called: { ...ada, since: ago(1) } },
      'answer_command',
      'take_command',
    ],
    [
      'a lane cannot go on',
      { blocked: [{ lane: 'security', title: 'Security', needs: 'the access logs' }] },
      'lane_blocked',
      'open',
    ],
    [
      'the matrix proposes worse',
      { severity: 3, proposal: { severity: 1, because: 'Checkout (tier 1) is down' } },
      'raise_severity',
      'change_severity',
    ],
    [
      'the matrix proposes milder',
      { severity: 1, proposal: { severity: 3, because: 'x' } },
      'start_containment',
      'start_containment',
    ],
    ['eight report to one', { split: { userId: 'usr_ada', lead: 'Ada', reports: 8, teams: 2 } }, 'split', 'open'],
    ['nobody needs to lead a SEV3', { commander: null, severity: 3 }, 'start_containment', 'start_containment'],
    [
      'a hand-over waits',
      { handover: { id: 'hnd_1', toUserId: 'usr_b', toName: 'Ben', role: 'incident_commander' } },
      'accept_handover',
      'accept_handover',
    ],
    [
      'an approval waits',
      { pendingApprovals: [{ id: 'apr_1', title: 'switch the flag', requester: 'Ben', requesterId: 'usr_ben' }] },
      'approval',
      'approvals',
    ],
    ['an update is due in four minutes', { dues: [due(4)] }, 'due.comms.update', 'open'],
    ['an update is due in an hour', { dues: [due(60)] }, 'start_containment', 'start_containment'],
    ['Ada has led for four hours', { commander: { ...ada, since: ago(240) } }, 'handover_due', 'offer_handover'],
    ['no service is named', { services: [] }, 'say_what', 'add_service'],
    [
      'every alert says resolved',
      { signals: { linked: 2, firing: 0, newSinceRestored: 0 } },
      'all_quiet',
      'start_containment',
    ],
    ['nothing done against the harm', { phase: 'containment' }, 'contain', 'open'],
    [
      'an action is under way',
      { phase: 'containment', containmentStartedAt: ago(5) },
      'declare_contained',
      'declare_contained',
    ],
    ['the cause is open', { phase: 'eradication' }, 'eradicate', 'eradicate'],
    ['recovery runs', { phase: 'recovery' }, 'complete_recovery', 'complete_recovery'],
    [
      'readiness is not met',
      { phase: 'verification', gates: [gate('restore', 'recovery.readiness', ['lag is unknown'])] },
      'gate.recovery.readiness',
      'open',
    ],
    ['readiness is met', { phase: 'verification' }, 'restore', 'restore'],
    [
      'the same alert is back',
      { phase: 'restored', restoredAt: ago(60), signals: { linked: 1, firing: 1, newSinceRestored: 1 } },
      'relapse',
      'relapse',
    ],
    [
      'a review is missing',
      { phase: 'restored', restoredAt: ago(60), gates: [gate('close', 'learning.review', ['no review is scheduled'])] },
      'gate.learning.review',
      'open',
    ],
    ['all is settled', { phase: 'restored', restoredAt: ago(60) }, 'close', 'close'],
    ['it is over', { phase: 'closed' }, 'nothing', undefined],
    ['it was nothing', { phase: 'false_alarm', dues: [due(-5)] }, 'nothing', undefined],
  ])('%s', (_name, over, id, action) => {
    const step = next(calm(over));
    expect(step.id).toBe(`incidents.next.${id}`);
    expect(step.action?.kind).toBe(action);
  });

  it('who acknowledged is the one asked to take command', () => {
    expect(next(calm({ commander: null }))).toMatchObject({
      forUserId: 'usr_ada',
      urgency: 'now',
      reason: expect.stringContaining('Ada acknowledged'),
    });
  });

  it('there is exactly one step, with a title and a reason, in every situation', () => {
    const situation = fc.record({
      phase: fc.constantFrom(...PHASES, 'false_alarm' as const, 'merged' as const),
      severity: fc.constantFrom(1, 2, 3, 4) as fc.Arbitrary<1 | 2 | 3 | 4>,
      commander: fc.option(fc.constant({ ...ada, since: ago(500) })),
      services: fc.array(fc.constant('Checkout'), { maxLength: 2 }),
      gates: fc.array(fc.constantFrom(gate('restore', 'a', []), gate('close', 'b', ['x'])), { maxLength: 3 }),
      dues: fc.array(fc.constantFrom(due(1), due(90)), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(situation, (over) => {
        const step = next(calm(over));
        expect(step.title).not.toBe('');
        expect(step.reason).not.toBe('');
      }),
    );
  });
});
