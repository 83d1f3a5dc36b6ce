/** Approves a draft as the second person. Only a playbook without lint errors can be approved. */
import { type Ctx, conflict, emit, invalid, notFound, Problem, personOf } from '#kernel';
import { command } from '#security';
import { playbookApproved } from '../events.ts';
import { parsePlaybook } from '../format/parse.ts';
import { approveDraft, lockVersion, type VersionRow } from '../store.ts';

export const approveVersion = command(
  'playbooks.approveVersion',
  {
    allow: 'manager',
    subject: ({ versionId }: { versionId: string }) => versionId,
  },
  async (ctx: Ctx, { versionId }): Promise<VersionRow> => {
    const version = await lockVersion(ctx.db, versionId);
    if (!version) throw notFound('Version', versionId);
    if (version.state !== 'draft')
      throw conflict(`This version is already ${version.state}`, 'playbooks.version.draft');
    const approver = personOf(ctx.actor);
    if (!approver || approver === version.createdBy) {
      throw new Problem(403, 'A second person approves a playbook', {
        rule: 'playbooks.version.second_person',
        detail: 'You wrote this version. Ask somebody with the role manager to look at it.',
      });
    }
    // The rules may have grown since it was saved.
    const errors = parsePlaybook(version.source).problems.filter((one) => one.level === 'error');
    if (errors.length > 0) {
      throw invalid(
        'This version has errors and cannot be approved',
        'playbooks.version.lint',
        errors.map((one) => ({
          path: one.path || 'source',
          message: `${one.rule}, line ${one.line}: ${one.message}`,
        })),
      );
    }
    const approved = await approveDraft(ctx, version, approver);
    ctx.audit.after = {
      version: approved.version,
      hash: approved.hash,
      approvedBy: approver,
    };
    await emit(ctx, playbookApproved, { playbookId: version.playbookId, versionId }, { subject: version.playbookId });
    return approved;
  },
);
