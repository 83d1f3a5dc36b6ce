/** A lane signs for recovery with evidence, the commander waives it with a reason, or it is taken up again. */
import { conflict, type Ctx, emit, invalid, notFound, personOf, Problem } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { mayLoosen, requireLoosen } from '../authority.ts';
import { signoffChanged } from '../events.ts';
import { lockSignoff, saveSignoff, scansOf, type SignoffRow } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface SignInput {
  signoffId: string;
  verdict: 'signed' | 'waived' | 'open';
  /** What shows it when signing; why when waiving or taking it up again. */
  evidence: string;
  url?: string | undefined;
}

export const sign = command(
  'recovery.sign',
  { allow: 'responder', subject: ({ signoffId }: SignInput) => signoffId },
  async (ctx: Ctx, { signoffId, verdict, evidence, url }: SignInput): Promise<SignoffRow> => {
    const row = await lockSignoff(ctx.db, signoffId);
    if (!row) throw notFound('Sign-off', signoffId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.before = { state: row.state };
    if (evidence.trim() === '')
      throw invalid('A signature rests on something', 'recovery.signoff.evidence', [
        { path: 'evidence', message: 'required' },
      ]);
    if (verdict === 'waived') await requireLoosen(ctx, row.incidentId);
    else await requireLane(ctx, row);
    if (verdict === 'signed') await refuseOverFailedScan(ctx, row);
    const saved = await saveSignoff(ctx, signoffId, {
      state: verdict,
      evidence,
      evidenceUrl: url ?? null,
      by: personOf(ctx.actor) ?? ctx.actor.id,
      byName: ctx.actor.name,
      at: ctx.now,
      reopened: verdict === 'open' ? evidence : null,
    });
    const word = verdict === 'signed' ? 'signed' : verdict === 'waived' ? 'waived' : 'taken up again';
    const of = row.of.replaceAll('_', ' ');
    await appendTimeline(ctx, row.incidentId, {
      kind: 'recovery',
      text: `Sign-off of ${row.lane} (${of}) ${word} by ${ctx.actor.name}: ${evidence}`,
    });
    ctx.audit.after = { state: verdict, evidence, url };
    await emit(
      ctx,
      signoffChanged,
      { incidentId: row.incidentId, courseId: row.courseId, lane: row.lane, state: verdict },
      { subject: row.id, incident: row.incidentId },
    );
    await wakeCourse(ctx, row.courseId);
    return saved;
  },
);

/** Whoever answers for the lane signs, or the commander. Without such a lane on the incident any responder may. */
async function requireLane(ctx: Ctx, row: SignoffRow): Promise<void> {
  if (ctx.actor.kind === 'system') return;
  const lane = await ctx.db
    .selectFrom('incidents.lanes')
    .select(['ownerId', 'title'])
    .where('incidentId', '=', row.incidentId)
    .where('lane', '=', row.lane)
    .executeTakeFirst();
  if (!lane?.ownerId || lane.ownerId === personOf(ctx.actor) || (await mayLoosen(ctx, row.incidentId))) return;
  throw new Problem(403, `Only who answers for the lane “${lane.title}”, or the commander, signs this`, {
    rule: 'recovery.signoff.lane',
  });
}

/** A signature over a result that says the opposite would be worth nothing. */
async function refuseOverFailedScan(ctx: Ctx, row: SignoffRow): Promise<void> {
  const latest = new Map<string, { tool: string; result: string; summary: string }>();
  for (const scan of (await scansOf(ctx.db, row.incidentId)).filter((one) => one.lane === row.lane))
    if (!latest.has(`${scan.kind} ${scan.tool}`)) latest.set(`${scan.kind} ${scan.tool}`, scan);
  const bad = [...latest.values()].find((one) => one.result === 'fail');
  if (bad)
    throw conflict(
      `${bad.tool} reports a failure`,
      'recovery.signoff.scan',
      `${bad.summary || 'No summary was given'}. Report a passing result first, or the commander waives the sign-off.`,
    );
}
