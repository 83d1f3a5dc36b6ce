/**
 * The invariants of incidents (domain 2.4) over random sequences of real commands by several people, on a real
 * database. After each sequence every invariant is looked up in the rows themselves, not in what the commands said.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '#catalog';
import { type Ctx, Problem, sql } from '#kernel';
import { type House, openHouse } from '../../test/harness/house.ts';
import {
  acceptHandover,
  addHypothesis,
  askQuestion,
  assignRole,
  changeSeverity,
  close,
  completeRecovery,
  correctEntry,
  decideApproval,
  declare,
  declareContained,
  detailOf,
  dismiss,
  eradicate,
  listIncidents,
  merge,
  moveBack,
  offerHandover,
  postEntry,
  recordImpact,
  relapse,
  requestApproval,
  restore,
  setGate,
  setLane,
  setRaci,
  setService,
  startContainment,
  verifyTimeline,
  waiveGate,
} from './index.ts';
import { currentMatrix } from './roles/matrix.ts';
import { PHASES, type Step } from './lifecycle/model.ts';

type Who = 'responder' | 'manager' | 'admin';
const WHO: Who[] = ['responder', 'manager', 'admin'];
const SECRET = 'postgres://app:hunter2@db/orders';
/** Sequences, and commands in each: small numbers, other ones in every run. */
const RUNS = 14;
const LENGTH = 26;

let house: House;
const people = new Map<Who, string>();
let services: string[];
/** Every incident the sequences have made. */
const made: string[] = [];
/** What was seen on the way and cannot be seen afterwards. */
const seen = { lowered: 0, refused: new Map<string, number>(), done: 0 };

beforeAll(async () => {
  house = await openHouse();
  for (const who of WHO) people.set(who, await house.userId(who));
  services = [];
  for (const [i, tier] of ([1, 2, 3] as const).entries())
    services.push((await createService(await house.ctx('manager'), { name: `Service ${i}`, tier })).id);
});
afterAll(() => house.close());

interface Run {
  incidentId: string;
  others: string[];
}
type Act = (ctx: Ctx, run: Run, n: number) => Promise<unknown>;

const ROLES = ['incident_commander', 'deputy', 'operations_lead', 'communications_lead', 'subject_matter_expert'];
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
const waiver = { kind: 'accepted' as const, reason: 'for the property' };
/** Services named by chance: all of them, or one. */
const some = (n: number) => (n % 3 === 0 ? { serviceIds: [pick(services, n)] } : {});

const ACTS: Record<string, Act> = {
  role: (ctx, { incidentId }, n) =>
    assignRole(ctx, {
      incidentId,
      role: pick(ROLES, n),
      userId: people.get(pick(WHO, n >> 3)),
      ...(n % 2 && { exception: 'nobody else is there', replaceReason: 'out of reach' }),
    }),
  offer: (ctx, { incidentId }, n) =>
    offerHandover(ctx, {
      incidentId,
      role: 'incident_commander',
      toUserId: people.get(pick(WHO, n))!,
      brief: 'watch the lag',
    }),
  accept: async (ctx, { incidentId }) => {
    const open = await ctx.db
      .selectFrom('incidents.handovers')
      .select('id')
      .where('incidentId', '=', incidentId)
      .where('state', '=', 'offered')
      .executeTakeFirst();
    if (open) await acceptHandover(ctx, { handoverId: open.id, exception: 'nobody else is there' });
  },
  service: (ctx, { incidentId }, n) =>
    setService(ctx, {
      incidentId,
      serviceId: pick(services, n),
      effect: pick(['down', 'partial', 'slow', 'none', 'wrong_data'] as const, n >> 2),
    }),
  contain: (ctx, { incidentId }, n) => startContainment(ctx, { incidentId, action: 'flag off', ...some(n) }),
  contained: (ctx, { incidentId }, n) =>
    declareContained(ctx, { incidentId, ...(n % 4 ? { evidence: 'rate is down' } : { waiver }), ...some(n) }),
  eradicated: (ctx, { incidentId }, n) =>
    eradicate(ctx, { incidentId, ...(n % 4 ? { evidence: 'build removed' } : { waiver }), ...some(n) }),
  recovered: (ctx, { incidentId }, n) =>
    completeRecovery(ctx, { incidentId, ...(n % 4 ? {} : { waiver }), ...some(n) }),
  restored: (ctx, { incidentId }, n) => restore(ctx, { incidentId, ...(n % 3 ? {} : { waiver }) }),
  closed: (ctx, { incidentId }) => close(ctx, { incidentId }),
  back: (ctx, { incidentId }, n) =>
    moveBack(ctx, { incidentId, to: pick(['detection', 'containment', 'eradication'] as const, n), reason: 'worse' }),
  relapse: (ctx, { incidentId }) => relapse(ctx, { incidentId, reason: 'again' }),
  dismiss: (ctx, { incidentId }) => dismiss(ctx, { incidentId, reason: 'was a test' }),
  merge: (ctx, { incidentId, others }, n) => merge(ctx, { incidentId, into: pick(others, n), reason: 'same' }),
  severity: async (ctx, { incidentId }, n) => {
    const owed = () =>
      Promise.all([
        ctx.db.selectFrom('incidents.gates').select(['kind']).where('incidentId', '=', incidentId).execute(),
        ctx.db.selectFrom('incidents.lanes').select('lane').where('incidentId', '=', incidentId).execute(),
        ctx.db.selectFrom('incidents.dues').select('key').where('incidentId', '=', incidentId).execute(),
      ]).then((rows) => rows.flat().map((row) => JSON.stringify(row)));
    const before = await owed();
    const was = await severityOf(incidentId);
    await changeSeverity(ctx, { incidentId, severity: pick([1, 2, 3, 4] as const, n), reason: 'looked again' });
    if ((await severityOf(incidentId)) > was) seen.lowered += 1;
    // Invariant 15, at the moment it could break.
    expect(await owed()).toEqual(expect.arrayContaining(before));
  },
  gate: async (_ctx, { incidentId }, n) =>
    setGate(await house.ctx('system'), {
      incidentId,
      kind: pick(['recovery.readiness', 'comms.resolution', 'learning.review'], n),
      state: n % 3 ? 'closed' : 'open',
      reasons: ['checked'],
    }),
  waive: (ctx, { incidentId }, n) =>
    waiveGate(ctx, { incidentId, kind: pick(['recovery.readiness', 'incidents.lanes'], n), reason: 'by hand' }),
  note: (ctx, { incidentId }, n) =>
    postEntry(ctx, {
      incidentId,
      text: `note ${n}`,
      // From an hour ago to ten minutes ahead.
      occurredAt: new Date(ctx.now.getTime() + (n % 70) * 60_000 - 3_600_000),
    }),
  correct: (ctx, { incidentId }, n) => correctEntry(ctx, { incidentId, seq: 1 + (n % 6), text: `corrected ${n}` }),
  secret: (ctx, { incidentId }, n) =>
    n % 2
      ? postEntry(ctx, { incidentId, text: `try ${SECRET}` })
      : askQuestion(ctx, { incidentId, text: `is it ${SECRET}?` }),
  hypothesis: (ctx, { incidentId }, n) => addHypothesis(ctx, { incidentId, text: `because ${n}` }),
  impact: (ctx, { incidentId }, n) => recordImpact(ctx, { incidentId, customers: n }),
  lane: (ctx, { incidentId }, n) =>
    setLane(ctx, { incidentId, lane: pick(['engineering', 'security'], n), actions: 'looking' }),
  ask: (ctx, { incidentId }, n) =>
    requestApproval(
      { ...ctx, within: ['incidents.invariants'] },
      {
        incidentId,
        subject: { kind: 'property', id: `${incidentId}:${n % 3}` },
        title: 'drop the table',
        authority: pick(['approve_reversible', 'approve_irreversible'], n),
        needed: n % 2 ? 2 : 1,
      },
    ),
  approve: async (ctx, { incidentId }, n) => {
    const open = await ctx.db
      .selectFrom('incidents.approvals')
      .select('id')
      .where('incidentId', '=', incidentId)
      .where('state', '=', 'pending')
      .executeTakeFirst();
    if (open) await decideApproval(ctx, { approvalId: open.id, verdict: n % 5 ? 'granted' : 'refused' });
  },
};

const severityOf = async (incidentId: string): Promise<number> =>
  (
    await house.core.db
      .selectFrom('incidents.incidents')
      .select('severity')
      .where('id', '=', incidentId)
      .executeTakeFirstOrThrow()
  ).severity;

const step = fc.record({
  act: fc.constantFrom(...Object.keys(ACTS)),
  who: fc.constantFrom(...WHO),
  n: fc.nat(1000),
  pause: fc.constantFrom(0, 0, 0, 40, 3600 * 30),
});
/** A command carried through more often, so that sequences get far enough to relapse and close. */
const onward = fc.constantFrom('role', 'contain', 'contained', 'eradicated', 'recovered', 'gate', 'restored');
const sequence = fc.array(
  fc.oneof(
    step,
    step.chain((one) => onward.map((act) => ({ ...one, act }))),
  ),
  { minLength: 8, maxLength: LENGTH },
);

/** Runs one sequence. A refusal by rule is an answer; anything else breaks the property. */
async function play(severity: 1 | 2 | 3 | 4, steps: { act: string; who: Who; n: number; pause: number }[]) {
  const system = await house.ctx('system');
  const first = await declare(system, { title: 'Property', severity, serviceIds: services.slice(0, 2) });
  const other = made.at(-1) ?? (await declare(system, { title: 'Other', severity: 3 })).id;
  const run: Run = { incidentId: first.id, others: [other, first.id] };
  made.push(first.id);
  for (const { act, who, n, pause } of steps) {
    if (pause) await moveClock(pause);
    try {
      await ACTS[act]!(await house.ctx(who), run, n);
      seen.done += 1;
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      seen.refused.set(error.rule ?? '?', (seen.refused.get(error.rule ?? '?') ?? 0) + 1);
    }
  }
}

/** Only the clock: the work that falls due on the way is other tests' matter. */
async function moveClock(seconds: number): Promise<void> {
  await sql`update kernel.clock set ahead = ahead + make_interval(secs => ${seconds})`.execute(house.core.db);
}

/** One sequence that is always there, so that no property is ever true of nothing. */
const SURE = (
  [
    ['role', 'manager', 10],
    ['severity', 'manager', 3],
    ['ask', 'responder', 0],
    ['approve', 'responder', 1],
    ['approve', 'manager', 1],
    ['contain', 'manager', 1],
    ['contained', 'manager', 1],
    ['contained', 'manager', 3],
    ['eradicated', 'manager', 1],
    ['recovered', 'manager', 1],
    ['waive', 'manager', 0],
    ['restored', 'manager', 1],
    ['relapse', 'responder', 0],
  ] as const
).map(([act, who, n]) => ({ act, who: who as Who, n, pause: 0 }));

describe('after random sequences of commands by several people', () => {
  beforeAll(async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 3, 4), sequence, async (severity, steps) => {
        await play(severity as 1 | 2 | 3 | 4, steps);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    await play(1, SURE);
    // Two at once on one incident: the races that no sequence shows.
    const { id } = await declare(await house.ctx('system'), { title: 'Race', severity: 2, serviceIds: services });
    made.push(id);
    const run = { incidentId: id, others: [made[0]!] };
    const acts = ['role', 'note', 'contain', 'severity', 'role', 'note', 'lane', 'hypothesis', 'contained', 'service'];
    const racing = acts.map(async (act, i) => ACTS[act]!(await house.ctx(pick(WHO, i)), run, i * 8 + 1));
    const answers = await Promise.allSettled(racing);
    for (const answer of answers)
      if (answer.status === 'rejected' && !(answer.reason instanceof Problem)) throw answer.reason;
  }, 60_000);

  const rows = () => house.core.db;

  it('the sequences were worth something: most commands were carried out, and many rules refused', () => {
    expect(seen.done).toBeGreaterThan(60);
    expect(seen.refused.size).toBeGreaterThan(3);
  });

  it('invariant 1: at most one commander and one contact at every instant; assignments never overlap', async () => {
    const held = await rows()
      .selectFrom('incidents.roleAssignments')
      .selectAll()
      .where('shared', '=', false)
      .orderBy('fromAt')
      .execute();
    expect(held.length).toBeGreaterThan(5);
    for (const a of held)
      for (const b of held)
        if (a.id < b.id && a.incidentId === b.incidentId && a.role === b.role)
          expect((a.toAt !== null && a.toAt <= b.fromAt) || (b.toAt !== null && b.toAt <= a.fromAt)).toBe(true);
  });

  it('invariant 2: the timeline has no gaps, and every hash follows from the one before', async () => {
    for (const id of made) {
      const verdict = await verifyTimeline(await house.ctx('system'), id);
      expect(verdict).toMatchObject({ ok: true });
    }
  });

  it('invariant 3: nothing is said to have happened more than 60 s after it was written down', async () => {
    const entries = await rows().selectFrom('incidents.timeline').select(['occurredAt', 'recordedAt']).execute();
    for (const { occurredAt, recordedAt } of entries)
      expect(occurredAt.getTime() - recordedAt.getTime()).toBeLessThanOrEqual(60_000);
  });

  it('invariant 4: impact begins before it ends, ends before restored, restored before closed; contained before restored', async () => {
    const all = await rows().selectFrom('incidents.incidents').selectAll().execute();
    const inOrder = (a: Date | null, b: Date | null) => a === null || b === null || a <= b;
    for (const one of all) {
      expect(inOrder(one.impactStartedAt, one.impactEndedAt)).toBe(true);
      expect(inOrder(one.impactEndedAt, one.restoredAt)).toBe(true);
      expect(inOrder(one.restoredAt, one.closedAt)).toBe(true);
      expect(inOrder(one.containedAt, one.restoredAt)).toBe(true);
    }
  });

  it('invariant 5: an incident is in the phase of its least advanced service', async () => {
    const all = await rows().selectFrom('incidents.incidents').select(['id', 'key', 'phase']).execute();
    const affected = await rows().selectFrom('incidents.affectedServices').selectAll().execute();
    for (const { id, key, phase } of all) {
      const own = affected.filter(({ incidentId }) => incidentId === id);
      if (own.length === 0 || phase === 'merged' || phase === 'false_alarm') continue;
      const least = own.map((service) => PHASES.indexOf(service.phase)).reduce((a, b) => Math.min(a, b));
      expect([key, phase as Step]).toEqual([key, PHASES[least]]);
    }
  });

  it('invariant 6: nobody approved what they asked for, and what needs two was granted by two', async () => {
    const approvals = await rows().selectFrom('incidents.approvals').selectAll().execute();
    const verdicts = await rows().selectFrom('incidents.approvalVerdicts').selectAll().execute();
    expect(approvals.length).toBeGreaterThan(0);
    for (const { approverId, requesterId, selfAllowed } of verdicts)
      expect(selfAllowed || approverId !== requesterId).toBe(true);
    for (const one of approvals.filter(({ state }) => state === 'granted')) {
      const yes = verdicts.filter(({ approvalId, verdict }) => approvalId === one.id && verdict === 'granted');
      expect(new Set(yes.map(({ approverId }) => approverId)).size).toBeGreaterThanOrEqual(one.needed);
    }
  });

  it('invariant 15: lowering severity took no gate, lane or due away (asserted at each change)', () => {
    expect(seen.lowered).toBeGreaterThan(0);
  });

  it('invariant 16: no secret entered the record, and each attempt was refused', async () => {
    const texts = await rows().selectFrom('incidents.timeline').select('text').execute();
    const asked = await rows().selectFrom('incidents.questions').select('text').execute();
    expect([...texts, ...asked].filter(({ text }) => text.includes('hunter2'))).toEqual([]);
    const ctx = await house.ctx('responder');
    await expect(postEntry(ctx, { incidentId: made[0]!, text: SECRET })).rejects.toMatchObject({
      rule: 'incidents.secret',
    });
    const log = await rows().selectFrom('security.audit').selectAll().execute();
    expect(JSON.stringify(log)).not.toContain('hunter2');
  });

  it('invariant 19: whatever matrix is saved, each row has exactly one A', async () => {
    const cell = fc.record({
      role: fc.constantFrom('incident_commander', 'operations_lead', 'scribe'),
      letters: fc.uniqueArray(fc.constantFrom('R' as const, 'A' as const, 'C' as const), { minLength: 1 }),
    });
    const cells = fc.uniqueArray(cell, { selector: ({ role }) => role, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 3 }), async (matrix) => {
        const ctx = await house.ctx('admin');
        const { version } = await currentMatrix(ctx);
        const activities = matrix.map((own, i) => ({ title: `Row ${i}`, phases: [], severities: [], cells: own }));
        const valid = matrix.every(
          (own) =>
            own.filter(({ letters }) => letters.includes('A')).length === 1 &&
            own.some(({ letters }) => letters.includes('R')),
        );
        const saved = await setRaci(ctx, { version, activities }).then(
          () => true,
          (error: unknown) => {
            if (error instanceof Problem) return false;
            throw error;
          },
        );
        expect(saved).toBe(valid);
        for (const { cells: own } of (await currentMatrix(ctx)).activities)
          expect(own.filter(({ letters }) => letters.includes('A'))).toHaveLength(1);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('invariant 17: a restricted incident is there for its list only, and each look at it is logged', async () => {
    const roles = ['manager', 'admin', 'viewer', 'auditor'] as const;
    await fc.assert(
      fc.asyncProperty(fc.subarray([...roles]), async (listed) => {
        const owner = await house.ctx('responder');
        const list = await Promise.all(listed.map((role) => house.userId(role)));
        const { id } = await declare(owner, { title: 'Hidden', severity: 3, restricted: { people: list } });
        for (const role of roles) {
          const ctx = await house.ctx(role);
          const found = await detailOf(ctx, id).then(
            () => true,
            (error: unknown) => (error as Problem).status !== 404,
          );
          expect([role, found]).toEqual([role, listed.includes(role)]);
          const listing = await listIncidents(ctx, { limit: 200, state: 'all' });
          expect(listing.items.some((one) => one.id === id)).toBe(listed.includes(role));
          const refused = postEntry(ctx, { incidentId: id, text: 'x' });
          if (!listed.includes(role)) await expect(refused).rejects.toBeInstanceOf(Problem);
          else await refused.catch(() => undefined);
        }
        const looks = await rows()
          .selectFrom('security.audit')
          .select('actorId')
          .where('incident', '=', id)
          .where('action', '=', 'incidents.noteRead')
          .execute();
        expect([...new Set(looks.map(({ actorId }) => actorId))].toSorted()).toEqual(
          expect.arrayContaining(list.toSorted()),
        );
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('every phase that was left was entered before, and only one is open (the log of M2a)', async () => {
    const log = await rows().selectFrom('incidents.phaseLog').selectAll().orderBy('enteredAt').execute();
    for (const { enteredAt, leftAt } of log) expect(leftAt === null || leftAt >= enteredAt).toBe(true);
    const open = log
      .filter(({ leftAt }) => leftAt === null)
      .map(({ incidentId, serviceId }) => `${incidentId} ${serviceId}`);
    expect(new Set(open).size).toBe(open.length);
  });
});
