/** Work on an improvement has begun. */
import { conflict, emit } from '#kernel';
import { command } from '#security';
import { actionChanged } from '../../events.ts';
import { mayBecome } from '../model.ts';
import { actionKey, lockAction, saveAction } from '../store.ts';

export const startAction = command(
  'learning.startAction',
  { allow: 'responder' },
  async (ctx, input: { id: string }) => {
    const action = await lockAction(ctx, input.id);
    if (!mayBecome(action.state, 'in_progress')) {
      const words = action.state === 'proposed' ? 'is only proposed: confirm it first' : `is ${action.state} already`;
      throw conflict(`${actionKey(action)} ${words.replace('_', ' ')}`, 'learning.action.state');
    }
    const saved = await saveAction(ctx, action.id, { state: 'in_progress', startedAt: ctx.now });
    const about = { actionId: saved.id, reviewId: saved.reviewId };
    await emit(ctx, actionChanged, about, { subject: saved.id, incident: saved.incidentId });
    ctx.audit.subject = saved.id;
    ctx.audit.before = { state: action.state };
    ctx.audit.after = { state: saved.state };
  },
);
