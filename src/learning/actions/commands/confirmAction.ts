/** Makes a proposal a promise: one accountable owner, a day, a type. Without any of them it is refused (invariant 20). */
import { conflict, emit, invalid, zone } from '#kernel';
import { command } from '#security';
import { actionConfirmed } from '../../events.ts';
import { checkDay, checkOwner } from '../checks.ts';
import { tellActionOwner } from '../mails.ts';
import { type ActionType, mayBecome, missingForConfirmation } from '../model.ts';
import { actionKey, lockAction, saveAction } from '../store.ts';

interface ConfirmAction {
  id: string;
  ownerId?: string | undefined;
  dueOn?: string | undefined;
  type?: ActionType | undefined;
  strength?: number | undefined;
}

export const confirmAction = command(
  'learning.confirmAction',
  { allow: 'responder' },
  async (ctx, input: ConfirmAction) => {
    const action = await lockAction(ctx, input.id);
    if (!mayBecome(action.state, 'confirmed')) {
      throw conflict(`${actionKey(action)} is ${action.state.replace('_', ' ')} already`, 'learning.action.state');
    }
    const promise = {
      ownerId: input.ownerId ?? action.ownerId,
      dueOn: input.dueOn ?? action.dueOn,
      type: input.type ?? action.type,
    };
    const missing = missingForConfirmation(promise);
    if (missing.length > 0) {
      throw invalid(`${actionKey(action)} can not be confirmed yet`, 'learning.action.confirm', missing);
    }
    await checkOwner(ctx, promise.ownerId);
    const due = await checkDay(ctx, promise.dueOn as string);
    if (due.dueOn < zone.instantToWall(due.dueZone, ctx.now).date) {
      throw invalid(`${actionKey(action)} can not be due in the past`, 'learning.action.due', [
        { path: 'dueOn', message: `${due.dueOn} has passed` },
      ]);
    }
    const saved = await saveAction(ctx, action.id, {
      ...promise,
      ...due,
      originalDueOn: due.dueOn,
      strength: input.strength ?? action.strength,
      state: 'confirmed',
      confirmedAt: ctx.now,
    });
    const about = { actionId: saved.id, reviewId: saved.reviewId };
    const told = { ...about, ownerId: saved.ownerId as string, dueOn: due.dueOn };
    await emit(ctx, actionConfirmed, told, { subject: saved.id, incident: saved.incidentId });
    await tellActionOwner(ctx, saved, 'confirmed');
    ctx.audit.subject = saved.id;
    ctx.audit.before = { state: action.state };
    ctx.audit.after = { state: saved.state, ...promise };
  },
);
