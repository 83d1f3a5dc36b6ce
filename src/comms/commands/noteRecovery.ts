/** A stage of recovery passed or did not hold: a draft for customers says which step of how many, and what may still go wrong (M52). */
import { addMs, emit } from '#kernel';
import { courseFacts } from '#recovery';
import { setDue, withdrawApproval } from '#incidents';
import { command } from '#security';
import { cadenceOf } from '../cadence/clock.ts';
import { updateDrafted } from '../events.ts';
import { theIncident } from '../incident.ts';
import type { UpdateFields } from '../lint/index.ts';
import { lockDraft, openDraft, saveFields } from '../messages/store.ts';
import { startDraft } from './startDraft.ts';

export interface NoteRecoveryInput {
  incidentId: string;
  what: 'passed' | 'setback';
}

/** Without a cadence for this severity: within the hour. */
const FALL_BACK_MINUTES = 60;
/** Lines this command wrote before; what a person wrote stays. */
const OURS =
  /^(Step \d+ of \d+ |A step did not hold|The return to full service|A step failed before|\d+ of \d+ steps|Data is compared|Independent checks)/;

/** The sentence with the engine's own numbers. */
export const stepLine = (passed: number, total: number): string =>
  passed === 0
    ? `The return to full service has ${total} ${total === 1 ? 'step' : 'steps'}; none is done yet.`
    : `Step ${passed} of ${total} of the return to full service is done.`;

export const noteRecovery = command(
  'comms.noteRecovery',
  { allow: 'internal', subject: (input: NoteRecoveryInput) => input.incidentId },
  async (ctx, { incidentId, what }): Promise<void> => {
    const incident = await theIncident(ctx, incidentId);
    const facts = await courseFacts(ctx, incidentId);
    if (!incident.active || !facts) return;
    const kind = what === 'setback' ? 'setback' : 'recovery_progress';
    const waiting = (await openDraft(ctx, incident.id, kind)) ?? (await openDraft(ctx, incident.id, 'initial'));
    const message = waiting ?? (await startDraft(ctx, { incidentId: incident.id, kind }));
    const { revision } = await lockDraft(ctx, message.id);
    const fields: UpdateFields = {
      ...revision.fields,
      known: [
        stepLine(facts.passed, facts.total),
        ...facts.risks,
        ...revision.fields.known.filter((line) => !OURS.test(line)),
      ].slice(0, 12),
    };
    if (JSON.stringify(fields) !== JSON.stringify(revision.fields)) {
      // What was approved said other numbers.
      if (revision.approvalRequestedAt)
        await withdrawApproval(ctx, {
          subject: { kind: 'message', id: revision.id },
          reason: 'recovery has gone on: the numbers are others now',
        });
      await saveFields(ctx, revision, fields);
    }
    const minutes = (await cadenceOf(ctx, incident.severity))?.first ?? FALL_BACK_MINUTES;
    const dueAt = message.dueAt ?? addMs(ctx.now, minutes * 60_000);
    await ctx.db.updateTable('comms.messages').set({ dueAt }).where('id', '=', message.id).execute();
    await setDue(ctx, {
      incidentId: incident.id,
      key: 'comms.recovery',
      due: {
        title: 'Tell customers how recovery goes',
        reason: stepLine(facts.passed, facts.total),
        place: 'communication',
        dueAt,
      },
    });
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);
