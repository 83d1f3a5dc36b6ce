/** Roles, authority and approvals, by table. */
import { describe, expect, it } from 'vitest';
import { type ApprovalRequest, changeHypothesis, decide } from '../decisions/model.ts';
import { AUTHORITY_TOKENS, assign, authorityOf, dutyPrompts, type Holding, type RoleFacts } from './model.ts';

const at = new Date('2026-03-01T12:00:00Z');
const COMMAND = AUTHORITY_TOKENS.filter((token) => token !== 'approve_irreversible');
const fact = (key: string, title: string, over: Partial<RoleFacts> = {}): RoleFacts => ({
  key,
  title,
  authority: [],
  handsOn: false,
  shared: false,
  ...over,
});
const FACTS = {
  incident_commander: fact('incident_commander', 'Incident commander', { authority: COMMAND }),
  deputy: fact('deputy', 'Deputy'),
  operations_lead: fact('operations_lead', 'Operations lead', {
    authority: ['move_phase', 'approve_reversible'],
    handsOn: true,
  }),
  communications_lead: fact('communications_lead', 'Communications lead', {
    authority: ['publish_internal', 'publish_public'],
  }),
  subject_matter_expert: fact('subject_matter_expert', 'Subject matter expert', { handsOn: true, shared: true }),
};
const held = (role: keyof typeof FACTS, userId: string, accepted = true): Holding => ({
  role,
  userId,
  from: at,
  accepted,
  title: FACTS[role].title,
  authority: FACTS[role].authority,
  handsOn: FACTS[role].handsOn,
});
const responder = (id: string) => ({ id, roles: ['responder'] });
const nameOf = (id: string) => id.replace('usr_', '');

describe('authority', () => {
  it('the commander holds all but the irreversible, which needs a manager', () => {
    const tokens = authorityOf({ severity: 1, roles: [held('incident_commander', 'usr_a')] }, responder('usr_a'));
    expect(tokens).toEqual(new Set(AUTHORITY_TOKENS.filter((token) => token !== 'approve_irreversible')));
    expect(authorityOf({ severity: 1, roles: [] }, { id: 'usr_m', roles: ['manager'] })).toContain(
      'approve_irreversible',
    );
  });

  it('a past commander holds nothing of it', () => {
    const tokens = authorityOf({ severity: 1, roles: [held('incident_commander', 'usr_b')] }, responder('usr_a'));
    expect(tokens).not.toContain('approve_reversible');
  });

  it('operations may approve what is reversible, communications may publish', () => {
    const roles = [
      held('incident_commander', 'usr_a'),
      held('operations_lead', 'usr_o'),
      held('communications_lead', 'usr_c'),
    ];
    expect([...authorityOf({ severity: 1, roles }, responder('usr_o'))]).toContain('approve_reversible');
    expect([...authorityOf({ severity: 1, roles }, responder('usr_o'))]).not.toContain('publish_public');
    expect([...authorityOf({ severity: 1, roles }, responder('usr_c'))]).toContain('publish_public');
  });

  it('while nobody leads a SEV3, any responder acts as its commander; at SEV2 nobody does', () => {
    expect(authorityOf({ severity: 3, roles: [] }, responder('usr_a'))).toContain('declare_restored');
    expect(authorityOf({ severity: 2, roles: [] }, responder('usr_a'))).not.toContain('declare_restored');
    expect(
      authorityOf({ severity: 3, roles: [held('incident_commander', 'usr_b')] }, responder('usr_a')),
    ).not.toContain('close');
  });

  it('a response team’s written authority holds whatever role its member has, but makes nobody a responder', () => {
    const incident = { severity: 1 as const, roles: [held('incident_commander', 'usr_a')] };
    expect(authorityOf(incident, responder('usr_t'), ['approve_reversible'])).toContain('approve_reversible');
    expect(authorityOf(incident, { id: 'usr_t', roles: ['viewer'] }, ['approve_reversible'])).toEqual(
      new Set(['declare']),
    );
  });

  it('who is called and has not answered does not lead: at SEV3 any responder still acts', () => {
    const roles = [held('incident_commander', 'usr_b', false)];
    expect(authorityOf({ severity: 3, roles }, responder('usr_a'))).toContain('close');
  });

  it('a viewer may declare and nothing else', () => {
    expect(authorityOf({ severity: 4, roles: [] }, { id: 'usr_v', roles: ['viewer'] })).toEqual(new Set(['declare']));
  });
});

describe('taking a role', () => {
  const roles = [held('incident_commander', 'usr_ada')];
  const ruleOf = (verdict: ReturnType<typeof assign>) =>
    verdict.ok ? (verdict.changed ? 'ok' : 'same') : verdict.refusal.rule;

  it('who comes second is told who has it', () => {
    const verdict = assign(
      'INC-1',
      roles,
      { role: FACTS.incident_commander, userId: 'usr_b' },
      responder('usr_b'),
      nameOf,
    );
    expect(verdict).toMatchObject({
      ok: false,
      refusal: { rule: 'incidents.roles.held', title: 'ada is already Incident commander of INC-1' },
    });
  });

  it('the same holder again changes nothing', () => {
    expect(
      ruleOf(
        assign('INC-1', roles, { role: FACTS.incident_commander, userId: 'usr_ada' }, responder('usr_ada'), nameOf),
      ),
    ).toBe('same');
  });

  it('a manager or the deputy replaces a holder, and says why', () => {
    const manager = { id: 'usr_m', roles: ['manager'] };
    const wanted = { role: FACTS.incident_commander, userId: 'usr_b' };
    expect(ruleOf(assign('INC-1', roles, wanted, manager, nameOf))).toBe('incidents.roles.replace_reason');
    expect(assign('INC-1', roles, { ...wanted, replaceReason: 'out of reach' }, manager, nameOf)).toMatchObject({
      ok: true,
      replaces: roles[0],
    });
    expect(
      ruleOf(
        assign(
          'INC-1',
          [...roles, held('deputy', 'usr_d')],
          { ...wanted, replaceReason: 'asleep' },
          responder('usr_d'),
          nameOf,
        ),
      ),
    ).toBe('ok');
  });

  it('nobody commands and works hands-on at once without a recorded exception', () => {
    const wanted = { role: FACTS.operations_lead, userId: 'usr_ada' };
    expect(ruleOf(assign('INC-1', roles, wanted, responder('usr_ada'), nameOf))).toBe('incidents.roles.hands_on');
    expect(
      ruleOf(assign('INC-1', roles, { ...wanted, exception: 'alone until 7:00' }, responder('usr_ada'), nameOf)),
    ).toBe('ok');
  });

  it('several experts may help at once', () => {
    const two = [...roles, held('subject_matter_expert', 'usr_b')];
    expect(
      ruleOf(assign('INC-1', two, { role: FACTS.subject_matter_expert, userId: 'usr_c' }, responder('usr_c'), nameOf)),
    ).toBe('ok');
  });

  it('somebody the rota called and who has not answered is replaced by whoever is there, without a reason', () => {
    const called = [held('incident_commander', 'usr_ada', false)];
    const wanted = { role: FACTS.incident_commander, userId: 'usr_b' };
    expect(assign('INC-1', called, wanted, responder('usr_b'), nameOf)).toMatchObject({
      ok: true,
      answers: false,
      replaces: called[0],
    });
    expect(assign('INC-1', called, { ...wanted, userId: 'usr_ada' }, responder('usr_ada'), nameOf)).toMatchObject({
      ok: true,
      changed: true,
      answers: true,
      replaces: null,
    });
  });
});

describe('long duty', () => {
  it.each([
    [239, 0],
    [240, 1],
    [299, 1],
    [300, 2],
    [600, 7],
  ])('after %i minutes there have been %i prompts', (minutes, prompts) => {
    expect(dutyPrompts(at, new Date(at.getTime() + minutes * 60_000))).toBe(prompts);
  });
});

describe('approving', () => {
  const request: ApprovalRequest = {
    authority: 'approve_reversible',
    requesterId: 'usr_r',
    selfAllowed: false,
    needed: 1,
    state: 'pending',
    expiresAt: null,
  };
  const boss = { id: 'usr_ic', kind: 'user', authority: new Set(['approve_reversible']) };
  const ruleOf = (verdict: ReturnType<typeof decide>) => (verdict.ok ? verdict.state : verdict.refusal.rule);
  const judge = (
    over: Partial<ApprovalRequest>,
    who: Partial<typeof boss>,
    verdict: 'granted' | 'refused' = 'granted',
    given: { approverId: string; verdict: 'granted' | 'refused' }[] = [],
  ) => ruleOf(decide('INC-1', { ...request, ...over }, { ...boss, ...who }, verdict, given, at));

  it.each<[string, string, string]>([
    ['who holds the authority grants', judge({}, {}), 'granted'],
    ['who asked does not approve', judge({}, { id: 'usr_r' }), 'incidents.approval.second_person'],
    ['who asked approves where policy says so', judge({ selfAllowed: true }, { id: 'usr_r' }), 'granted'],
    [
      'without the authority nobody approves',
      judge({}, { authority: new Set() }),
      'incidents.authority.approve_reversible',
    ],
    ['a token is no person', judge({}, { kind: 'token' }), 'incidents.approval.person'],
    ['the product itself is no person', judge({}, { kind: 'system' }), 'incidents.approval.person'],
    ['one refusal ends it', judge({ needed: 2 }, {}, 'refused'), 'refused'],
    ['irreversible needs two', judge({ needed: 2 }, {}), 'pending'],
    [
      'two distinct people',
      judge({ needed: 2 }, {}, 'granted', [{ approverId: 'usr_x', verdict: 'granted' }]),
      'granted',
    ],
    [
      'the same person twice is one',
      judge({ needed: 2 }, {}, 'granted', [{ approverId: 'usr_ic', verdict: 'granted' }]),
      'pending',
    ],
    ['what is settled stays settled', judge({ state: 'granted' }, {}), 'incidents.approval.settled'],
    ['what has expired is asked again', judge({ expiresAt: at }, {}), 'incidents.approval.expired'],
  ])('%s', (_name, outcome, expected) => expect(outcome).toBe(expected));
});

describe('hypotheses', () => {
  it('every state but open rests on evidence', () => {
    expect(changeHypothesis('open', 'confirmed', undefined)).toMatchObject({ ok: false, refusal: { status: 422 } });
    expect(changeHypothesis('open', 'confirmed', 'graph 3 shows it')).toEqual({ ok: true, changed: true });
    expect(changeHypothesis('supported', 'open', undefined)).toEqual({ ok: true, changed: true });
    expect(changeHypothesis('open', 'open', undefined)).toEqual({ ok: true, changed: false });
  });
});
