/** Changes an improvement. A due day that moves keeps its reason, and the first one stays visible. */
import { type Ctx, conflict, emit, invalid, json, personOf } from '#kernel';
import { command } from '#security';
import { actionChanged } from '../../events.ts';
import { checkDay, checkOwner } from '../checks.ts';
import { tellActionOwner } from '../mails.ts';
import { type ActionType, isOpen, isSettled } from '../model.ts';
import { type ActionRow, actionKey, lockAction, saveAction } from '../store.ts';

interface AmendAction {
  id: string;
  title?: string | undefined;
  detail?: string | undefined;
  type?: ActionType | undefined;
  strength?: number | undefined;
  ownerId?: string | undefined;
  dueOn?: string | undefined;
  reason?: string | undefined;
}

/** What a new due day means: for a promise a move with a reason, for a proposal just another day. */
async function moveDue(ctx: Ctx, action: ActionRow, input: AmendAction) {
  if (!input.dueOn || input.dueOn === action.dueOn) return {};
  const due = await checkDay(ctx, input.dueOn);
  if (!isOpen(action.state)) return { ...due, originalDueOn: due.dueOn };
  if (!input.reason) {
    throw invalid('Say why the day moves', 'learning.action.reason', [
      { path: 'reason', message: 'a promised day moves only with a reason' },
    ]);
  }
  const by = personOf(ctx.actor) ?? ctx.actor.id;
  const move = { from: action.dueOn as string, to: due.dueOn, reason: input.reason, by, at: ctx.now.toISOString() };
  return { ...due, dueMoves: json([...action.dueMoves, move]), overdueNotedAt: null };
}

export const amendAction = command('learning.amendAction', { allow: 'responder' }, async (ctx, input: AmendAction) => {
  const action = await lockAction(ctx, input.id);
  if (isSettled(action.state)) throw conflict(`${actionKey(action)} is ${action.state}`, 'learning.action.state');
  await checkOwner(ctx, input.ownerId);
  const change = {
    title: input.title ?? action.title,
    detail: input.detail ?? action.detail,
    type: input.type ?? action.type,
    strength: input.strength ?? action.strength,
    ownerId: input.ownerId ?? action.ownerId,
    ...(await moveDue(ctx, action, input)),
  };
  const same = (Object.keys(change) as (keyof typeof change)[]).every((key) => change[key] === action[key]);
  ctx.audit.subject = action.id;
  if (same) return;
  const saved = await saveAction(ctx, action.id, change);
  const about = { actionId: saved.id, reviewId: saved.reviewId };
  await emit(ctx, actionChanged, about, { subject: saved.id, incident: saved.incidentId });
  if (isOpen(saved.state) && saved.ownerId !== action.ownerId) await tellActionOwner(ctx, saved, 'confirmed');
  ctx.audit.reason = input.reason;
  ctx.audit.before = { title: action.title, ownerId: action.ownerId, dueOn: action.dueOn, type: action.type };
  ctx.audit.after = { title: saved.title, ownerId: saved.ownerId, dueOn: saved.dueOn, type: saved.type };
});
