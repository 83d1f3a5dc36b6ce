/** Starts a page: freezes the plan, remembers it, and calls the first people in the same transaction. */
import { ahead, type Ctx, emit, json, newId, readersOf, sent, sql } from '#kernel';
import { command } from '#security';
import { type Plan, SINK_KEY, sinkPlan, type Target } from '../plan.ts';
import { pageStarted } from '../events.ts';
import { takeTurn } from '../paging.ts';
import type { PageRow, PolicyRow } from '../store.ts';
import { policyInTransaction } from '../foresight.ts';
import { resolvePlan } from '../who.ts';

export interface StartPage {
  subject: { kind: string; id: string };
  title: string;
  body: string;
  /** `low`: mail and console, once, no clock. */
  urgency: 'high' | 'low';
  /** 1 (highest) to 4, for policies that make a difference; nothing: not known. */
  priority?: number | null;
  /** Whom to call: a policy, else one person, else a team. Nothing of it, or none of it there: the emergency contact. */
  policyId?: string | null;
  userId?: string | null;
  teamId?: string | null;
  serviceName?: string | null;
  incidentId?: string | null;
  /** Path in the console, or a full address. */
  link: string;
  /** Two pages for one subject and target are one page, unless their keys differ. */
  key?: string;
  /** The subject is born in this very transaction, so that it has no page yet: nothing is waited for. */
  fresh?: boolean;
  /** The watchdog's own page, with seconds between its steps: into the sink and to nobody. */
  sink?: { stepSeconds: number } | undefined;
}

/** Returns the page; the one that is there already when the same subject pages the same target again. Never refuses for want of people. */
export const startPage = command(
  'people.startPage',
  {
    allow: 'internal',
    subject: (_input: StartPage, result: { pageId: string }) => result.pageId,
  },
  async (ctx, given) => {
    const input = await discreet(ctx, given);
    const { plan, ackTimeoutMinutes } = await planFor(ctx, input);
    const page = newPage(ctx, input, plan, ackTimeoutMinutes);
    const pageId = page.id;
    // Who would be called is asked together with the insert: mostly there is no such page yet.
    const adding = input.fresh ? undefined : addPage(ctx, page);
    const looked = resolvePlan(ctx, plan, false, page);
    for (const question of [adding, looked]) question?.catch(() => {});
    if (adding && !(await adding)) return { pageId: await runningPage(ctx, input) };
    await emit(
      ctx,
      pageStarted,
      { pageId, subject: input.subject, at: ctx.now.toISOString() },
      { subject: pageId, incident: input.incidentId ?? null },
    );
    await takeTurn(ctx, page, { looked, unwritten: adding === undefined });
    ctx.audit.incident = input.incidentId ?? undefined;
    ctx.audit.after = {
      title: input.title,
      subject: input.subject,
      policy: plan.name,
      policyVersion: plan.version,
    };
    return { pageId };
  },
);

/** A page before its first turn. */
const newPage = (ctx: Ctx, input: StartPage, plan: Plan, ackTimeoutMinutes: number | null): PageRow => ({
  id: newId('pag'),
  subjectKind: input.subject.kind,
  subjectId: input.subject.id,
  targetKey: input.key ?? targetKey(input),
  incidentId: input.incidentId ?? null,
  roleIncidentId: null,
  title: input.title.slice(0, 300),
  body: input.body.slice(0, 4000),
  urgency: input.urgency,
  priority: input.priority ?? null,
  ackTimeoutMinutes,
  serviceName: input.serviceName ?? null,
  link: input.link,
  policyId: plan.policyId,
  plan,
  ...{ state: 'paging', stage: 'steps', step: -1, round: 1, turn: 0, nextTurnAt: null, firstSentAt: null },
  ...{ acknowledgedAt: null, acknowledgedBy: null, acknowledgedVia: null, firstAcknowledgedAt: null, assigneeId: null },
  ...{ wakeAt: null, wakeReason: null, endedAt: null, endReason: null },
  exercise: ctx.exercise,
  createdAt: ctx.now,
});

/** False when the same subject pages the same target already. */
async function addPage(ctx: Ctx, page: PageRow): Promise<boolean> {
  const insert = ctx.db
    .insertInto('people.pages')
    .values({ ...page, plan: json(page.plan) })
    // The predicate is written out: as a parameter it would not match the partial index once the statement is planned for all values.
    .onConflict((on) =>
      on
        .columns(['subjectKind', 'subjectId', 'targetKey'])
        .where(sql<boolean>`state <> 'stopped'`)
        .doNothing(),
    )
    .returning('id')
    .modifyEnd(ahead);
  return (await sent(insert)).length > 0;
}

const targetKey = (input: StartPage) =>
  input.sink
    ? SINK_KEY
    : input.policyId
      ? `policy:${input.policyId}`
      : input.userId
        ? `user:${input.userId}`
        : input.teamId
          ? `team:${input.teamId}`
          : 'nobody';

async function runningPage(ctx: Ctx, input: StartPage): Promise<string> {
  const row = await ctx.db
    .selectFrom('people.pages')
    .select('id')
    .where('subjectKind', '=', input.subject.kind)
    .where('subjectId', '=', input.subject.id)
    .where('targetKey', '=', input.key ?? targetKey(input))
    .where('state', '<>', 'stopped')
    .executeTakeFirstOrThrow();
  return row.id;
}

interface Frozen {
  plan: Plan;
  /** Minutes after which a taken page asks again; null: never. */
  ackTimeoutMinutes: number | null;
}

const frozen = (row: PolicyRow, teamId: string | null): Frozen => ({
  plan: {
    policyId: row.id,
    version: row.version,
    name: row.name,
    teamId: row.teamId ?? teamId,
    steps: row.steps,
    repeat: row.repeatCount,
  },
  ackTimeoutMinutes: row.ackTimeoutMinutes,
});

/** What stands in for a policy when there is none. Without a step it leads to the team's leads and the emergency contact. */
const bare = (name: string, teamId: string | null, target?: Target): Frozen => ({
  plan: {
    policyId: null,
    version: null,
    name,
    teamId,
    steps: target ? [{ delaySeconds: DIRECT_DELAY_SECONDS, targets: [target] }] : [],
    repeat: 0,
  },
  ackTimeoutMinutes: null,
});

/** Seconds a directly named person or team has to answer. */
const DIRECT_DELAY_SECONDS = 300;

async function planFor(ctx: Ctx, input: StartPage): Promise<Frozen> {
  if (input.sink) return { plan: sinkPlan(input.sink.stepSeconds), ackTimeoutMinutes: null };
  const teamId = input.teamId ?? null;
  const policies = ctx.db.selectFrom('people.policies').selectAll();
  if (input.policyId) {
    const row = await policyInTransaction(ctx, input.policyId);
    return row ? frozen(row, teamId) : bare('a policy that no longer exists', teamId);
  }
  if (input.userId) return bare('a direct page', teamId, { kind: 'user', id: input.userId });
  if (!teamId) return bare('no policy', null);
  const own = await policies.where('teamId', '=', teamId).orderBy('createdAt').executeTakeFirst();
  return own ? frozen(own, teamId) : bare('the whole team', teamId, { kind: 'team', id: teamId });
}

/** A page travels over telephone and mail: of a restricted incident it says that it calls, and nothing else. */
async function discreet(ctx: Ctx, input: StartPage): Promise<StartPage> {
  if (!input.incidentId || !(await readersOf(ctx, input.incidentId))) return input;
  return {
    ...input,
    title: 'A restricted incident needs you',
    body: 'Open it in Evenkeel: what it is about is not said here.',
    serviceName: null,
  };
}
