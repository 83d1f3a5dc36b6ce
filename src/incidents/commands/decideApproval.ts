/** Grants or refuses what was asked: a signed-in person, with the authority at this moment, and not the one who asked (M25a, M31a). */
import { emit, notFound, Problem, readSetting } from '#kernel';
import { command, provenBy } from '#security';
import { decide } from '../decisions/model.ts';
import { insertVerdict, lockApproval, settleApproval, verdictsOf } from '../decisions/store.ts';
import { approvalGranted, approvalRefused } from '../events.ts';
import { storable } from '../record/model.ts';
import { knownId } from '../links.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { actorAuthority, selfOf } from '../roles/authority.ts';
import { holdingsOf } from '../roles/store.ts';
import { approvalPolicy } from '../settings.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { ApprovalRow, IncidentRow } from '../tables.ts';
import { ERADICATION_SIGN_OFF } from '../lifecycle/security.ts';
import type { Ctx } from '#kernel';

export interface DecideApprovalInput {
  approvalId: string;
  verdict: 'granted' | 'refused';
  note?: string | undefined;
}

export const decideApproval = command(
  'incidents.decideApproval',
  { allow: 'responder' },
  async (ctx, input: DecideApprovalInput): Promise<ApprovalRow> => {
    const asked = await ctx.db
      .selectFrom('incidents.approvals')
      .select('incidentId')
      .where('id', '=', knownId('apr', 'Approval', input.approvalId))
      .executeTakeFirst();
    if (!asked) throw notFound('Approval', input.approvalId);
    const incident = await lockIncident(ctx, asked.incidentId);
    const approval = (await lockApproval(ctx, input.approvalId))!;
    ctx.audit.subject = approval.id;
    refuseSecrets(ctx, { note: input.note });
    const given = await verdictsOf(ctx, [approval.id]);
    const approver = {
      id: selfOf(ctx.actor),
      kind: ctx.actor.kind,
      authority: await tokensFor(ctx, incident, approval),
    };
    const judged = decide(incident.key, approval, approver, input.verdict, given, ctx.now);
    if (!judged.ok) throw problemOf(judged.refusal);
    if (!judged.changed) return approval;
    const proof = approval.secondFactor && input.verdict === 'granted' ? await secondFactor(ctx) : null;
    await insertVerdict(ctx, approval, approver.id, input.verdict, storable(input.note ?? ''), proof);
    const settled = judged.state === 'pending' ? approval : await settleApproval(ctx, approval.id, judged.state);
    const word = input.verdict === 'granted' ? 'approves' : 'refuses';
    const note = input.note ? ` (${input.note})` : '';
    await write(ctx, incident, {
      kind: 'approval',
      text: `${ctx.actor.name} ${word}: ${approval.title}${note}${proof ? PROOF[proof] : ''}`,
      refs: [{ kind: 'approval', id: approval.id }],
    });
    ctx.audit.after = { verdict: input.verdict, state: settled.state, ...(proof && { secondFactor: proof }) };
    if (judged.state !== 'pending') {
      const payload = {
        incidentId: incident.id,
        key: incident.key,
        approvalId: approval.id,
        subject: { kind: approval.subjectKind, id: approval.subjectId },
      };
      const event = judged.state === 'granted' ? approvalGranted : approvalRefused;
      await emit(ctx, event, payload, { subject: approval.id, incident: incident.id });
    }
    return settled;
  },
);

const PROOF = { code: ', with a second factor', none: ', without a second factor' };

/** A yes that asks for it takes a code of the last minutes; who has no second factor is refused or noted, as the policy says. */
async function secondFactor(ctx: Ctx): Promise<'code' | 'none'> {
  const proof = await provenBy(ctx);
  if (proof === 'code') return proof;
  const { withoutOne } = await readSetting(ctx, approvalPolicy);
  if (proof === 'none' && withoutOne === 'note') return proof;
  throw new Problem(403, 'This approval asks for your second factor', {
    rule: proof === 'none' ? 'incidents.approval.second_factor_absent' : 'incidents.approval.second_factor',
    detail:
      proof === 'none'
        ? 'You have none yet: set one up in your profile, or let somebody decide who has one.'
        : 'Type the code of your authenticator app, then say yes again.',
  });
}

/** Authority on the incident, and for the sign-off of a security incident the security officer's own. */
async function tokensFor(ctx: Ctx, incident: IncidentRow, approval: ApprovalRow): Promise<ReadonlySet<string>> {
  const tokens = new Set<string>(await actorAuthority(ctx, incident));
  if (approval.subjectKind === ERADICATION_SIGN_OFF) {
    const officer = (await holdingsOf(ctx, incident.id)).find((held) => held.role === 'security_officer');
    if (officer?.userId === selfOf(ctx.actor)) tokens.add(approval.authority);
  }
  return tokens;
}
