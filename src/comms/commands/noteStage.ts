/** A stage of the recovery has passed or was taken back: the draft for customers waits, with the engine's own numbers (5.2). */
import { command } from '#security';
import { theIncident } from '../incident.ts';
import { lockMessage, countPublished, openDraft, saveFields } from '../messages/store.ts';
import { startDraft } from './startDraft.ts';

export interface NoteStageInput {
  incidentId: string;
  what: 'passed' | 'back';
  passed: number;
  total: number;
}

const STEP = /^(?:Step|We are back at step) \d+ of \d+\b/;

export const noteStage = command(
  'comms.noteStage',
  { allow: 'internal', subject: (input: NoteStageInput) => input.incidentId },
  async (ctx, { incidentId, what, passed, total }): Promise<void> => {
    const incident = await theIncident(ctx, incidentId);
    // Customers who never heard of it are not told of its steps.
    if (!incident.active || (await countPublished(ctx, incident.id)) === 0) {
      ctx.audit.skip = true;
      return;
    }
    const kind = what === 'passed' ? ('recovery_progress' as const) : ('setback' as const);
    const waiting = await openDraft(ctx, incident.id, kind);
    const message = waiting ?? (await startDraft(ctx, { incidentId: incident.id, kind }));
    const { revision } = await lockMessage(ctx, message.id);
    const words =
      what === 'passed'
        ? `Step ${passed} of ${total} is done, and its checks pass.`
        : `We are back at step ${passed} of ${total}, where the checks passed.`;
    // Only the line about the step is ours; whatever a writer has made of the rest stays.
    const doing = [words, ...revision.fields.doing.filter((line) => !STEP.test(line))].slice(0, 12);
    await saveFields(ctx, revision, { ...revision.fields, doing });
    ctx.audit.after = { kind, passed, total };
  },
);
