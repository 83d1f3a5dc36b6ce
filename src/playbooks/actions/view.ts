/** Actions as screens and the API show them. */
import { type Ctx, personOf, secondsBetween } from '#kernel';
import { personRefs } from '#security';
import { tokensOf } from '../authority.ts';
import { RULES } from './admission/index.ts';
import { type ActionRow, actionById } from './store.ts';

type Approval = {
  id: string;
  needed: number;
  authority: string;
  state: string;
  requesterId: string;
  selfAllowed: boolean;
};
type Verdict = {
  approvalId: string;
  approverId: string;
  verdict: string;
  at: Date;
};

/** Views of several actions of one incident. */
export async function actionViews(ctx: Ctx, rows: ActionRow[]) {
  if (rows.length === 0) return [];
  const ids = rows.flatMap((row) => (row.approvalId ? [row.approvalId] : []));
  const [approvals, verdicts] = await Promise.all([approvalsOf(ctx, ids), verdictsOf(ctx, ids)]);
  const people = await personRefs(ctx, [
    ...rows.map((row) => row.requestedBy),
    ...verdicts.map((one) => one.approverId),
  ]);
  const tokens = await tokensOf(ctx, rows[0]!.incidentId);
  const name = (id: string) => people.get(id) ?? { id, name: id };
  return rows.map((row) => {
    const approval = approvals.find((one) => one.id === row.approvalId);
    const given = verdicts.filter((one) => one.approvalId === row.approvalId && one.verdict === 'granted');
    return {
      id: row.id,
      incidentId: row.incidentId,
      runId: row.runId,
      stepRunId: row.stepRunId,
      action: row.action,
      title: row.title,
      params: row.params,
      state: row.state,
      autonomy: row.autonomy,
      wantedAutonomy: row.wantedAutonomy,
      automatic: row.automatic,
      vetoUntil: row.state === 'veto_window' ? (row.vetoUntil?.toISOString() ?? null) : null,
      waitsFor: row.waitsFor,
      impact: row.impact,
      checks: row.checks,
      policy: row.policy,
      knownBad: row.checks.find((one) => one.rule === RULES.knownBad && one.verdict === 'ask')?.message ?? null,
      measureUntil: row.state === 'effective' ? (row.measureUntil?.toISOString() ?? null) : null,
      measureKept: row.measureKeptBy !== null,
      riskClass: row.riskClass,
      customerVisible: row.customerVisible,
      plan: row.plan,
      rules: row.rules,
      noop: row.noop,
      error: row.error,
      manual: row.manual,
      reason: row.reason,
      approval: approval
        ? {
            needed: approval.needed,
            given: given.map((one) => ({
              ...name(one.approverId),
              at: one.at.toISOString(),
            })),
            notRequester: !approval.selfAllowed,
            ...mine(ctx, row, approval, given, tokens),
          }
        : null,
      requestedBy: { id: row.requestedBy, name: row.requestedByName },
      requestedAt: row.requestedAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
      undoneAt: row.undoneAt?.toISOString() ?? null,
      durationSeconds: row.startedAt && row.endedAt ? secondsBetween(row.startedAt, row.endedAt) : null,
      outcomeNote: row.outcomeNote,
      canUndo: (row.state === 'effective' || row.state === 'needs_human') && !row.noop && row.plan?.reversible === true,
      simulated: row.simulated,
      exercise: row.exercise,
    };
  });
}

/** Whether the reader may give the second click, and if not, why. */
function mine(
  ctx: Ctx,
  row: ActionRow,
  approval: Approval,
  given: Verdict[],
  tokens: ReadonlySet<string>,
): { yours: boolean; why: string | null } {
  const person = personOf(ctx.actor);
  const no = (why: string) => ({ yours: false, why });
  if (row.state !== 'awaiting_approval' || approval.state !== 'pending') return { yours: false, why: null };
  if (!person) return no('only a person approves');
  if (given.some((one) => one.approverId === person)) return no('you have approved; a second person is needed');
  if (!approval.selfAllowed && approval.requesterId === person) return no('you asked for it: somebody else approves');
  if (!tokens.has(approval.authority))
    return no(
      `needs the authority "${approval.authority.replaceAll('_', ' ')}" (incident commander${row.riskClass === 'reversible' ? ' or operations lead' : ''})`,
    );
  return { yours: true, why: null };
}

const approvalsOf = (ctx: Ctx, ids: string[]): Promise<Approval[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : ctx.db
        .selectFrom('incidents.approvals')
        .select(['id', 'needed', 'authority', 'state', 'requesterId', 'selfAllowed'])
        .where('id', 'in', ids)
        .execute();

const verdictsOf = (ctx: Ctx, ids: string[]): Promise<Verdict[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : ctx.db
        .selectFrom('incidents.approvalVerdicts')
        .select(['approvalId', 'approverId', 'verdict', 'at'])
        .where('approvalId', 'in', ids)
        .orderBy('at')
        .execute();

/** One action, read again. */
export async function actionView(ctx: Ctx, row: Pick<ActionRow, 'id'>) {
  const [view] = await actionViews(ctx, [(await actionById(ctx.db, row.id))!]);
  return view!;
}
