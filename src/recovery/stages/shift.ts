/** How a stage moves load: an action of the playbooks module, asked for in the name of the person who let the stage go. */
import { type Ctx, Problem } from '#kernel';
import { approveAction, proposeAction, undoAction } from '#playbooks';
import { systemActor, userActor, userById } from '#security';
import type { CourseRow, StageRow } from './store.ts';

export interface ShiftAction {
  id: string;
  title: string;
  state: string;
  noop: boolean;
  why: string | null;
}

/** The action that carries a stage, as it stands now. */
export async function actionOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<ShiftAction | undefined> {
  const row = await ctx.db
    .selectFrom('playbooks.actionRuns')
    .select(['id', 'title', 'state', 'noop', 'error', 'rules'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const rules = row.rules.map((one) => one.message).join(' ');
  return { id: row.id, title: row.title, state: row.state, noop: row.noop, why: row.error ?? (rules || null) };
}

/**
 * Proposes the shift and approves it in the name of who opened the gate before it, or who started the course: that click
 * was the approval. What asks for a second person still waits for one. Asking again finds the same action.
 */
export async function askForShift(ctx: Ctx, course: CourseRow, stages: StageRow[], stage: StageRow): Promise<string> {
  const { shift, title } = course.plan.stages[stage.position]!;
  const before = stages[stage.position - 1];
  const person = await userById(ctx, before?.gateBy ?? course.startedBy);
  if (!person?.active)
    throw new Problem(409, 'Whoever started this recovery is not active any more', { rule: 'recovery.stages.person' });
  const named: Ctx = { ...ctx, actor: userActor(person) };
  const action = await proposeAction(named, {
    incidentId: course.incidentId,
    action: shift!.action!,
    with: shift!.with,
    reason: `Recovery: ${title}`,
  });
  if (action.state === 'awaiting_approval' && action.riskClass !== 'irreversible')
    await approveAction(named, { actionRunId: action.id });
  return action.id;
}

/** Takes the shift back; the product does that with its own authority, as the plan says. */
export const takeBack = (ctx: Ctx, actionRunId: string, reason: string): Promise<unknown> =>
  undoAction({ ...ctx, actor: systemActor('recovery.stages') }, { actionRunId, reason });
