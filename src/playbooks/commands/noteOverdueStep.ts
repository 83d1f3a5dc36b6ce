/** A step is past its timebox: it is marked on the record, and whose it is hears of it (M11b). */
import { appendTimeline, currentRoles, setDue } from '#incidents';
import { type Ctx, sayDuration } from '#kernel';
import { startPage } from '#people';
import { command, personRefs } from '#security';
import { scopeOf } from '../probes/observe.ts';
import { isOver, stepOf, titleOf } from '../runs/model.ts';
import { announceStep } from '../runs/step.ts';
import { dueKey, pageSubject, timeboxOf } from '../runs/timebox.ts';
import { lockStep } from '../store.ts';

/** Run twice, or late, it says nothing again. The owner is who holds the step's role, else the operations lead, else who leads. */
export const noteOverdueStep = command(
  'playbooks.noteOverdueStep',
  { allow: 'internal', subject: ({ stepRunId }: { stepRunId: string }) => stepRunId },
  async (ctx: Ctx, { stepRunId }): Promise<{ told: string | null }> => {
    const row = await lockStep(ctx.db, stepRunId);
    if (!row || isOver(row.state)) return { told: null };
    const scope = await scopeOf(ctx, row.runId);
    if (scope.run.state !== 'active' || !scope.incident.active) return { told: null };
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    const step = stepOf(scope.playbook, row.stepId);
    const box = timeboxOf(scope.playbook, step);
    if (!box) return { told: null };
    const title = titleOf(scope.playbook, step);
    const roles = await currentRoles(ctx, row.incidentId);
    const owner = (box.role && roles[box.role]) || roles.operations_lead || roles.incident_commander;
    const name = owner ? (await personRefs(ctx, [owner])).get(owner)?.name : undefined;
    const reason = `It was to take ${sayDuration(box.seconds * 1000)}${name ? ` and is ${name}’s` : ''}: finish it, pass over it, or say why it takes longer`;
    await setDue(ctx, {
      incidentId: row.incidentId,
      key: dueKey(row.id),
      due: { title: `Past its time: ${title}`, reason, place: 'containment', dueAt: ctx.now },
    });
    await appendTimeline(ctx, row.incidentId, {
      kind: 'task',
      text: `${title}: past its time of ${sayDuration(box.seconds * 1000)}${name ? `, ${name} is asked` : ''}`,
      refs: [{ kind: 'step', id: row.id, label: title }],
    });
    await announceStep(ctx, row, 'overdue');
    if (owner)
      await startPage(ctx, {
        subject: pageSubject(row.id),
        title: `${scope.incident.key}: “${title}” is past its time`,
        body: reason,
        urgency: 'low',
        userId: owner,
        incidentId: row.incidentId,
        link: `/incidents/${scope.incident.key}#containment`,
      });
    ctx.audit.after = { told: owner ?? null };
    return { told: owner ?? null };
  },
);
