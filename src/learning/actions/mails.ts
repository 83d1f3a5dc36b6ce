/** Tells the owner of an improvement that it is theirs, or late. */
import { type Ctx, config } from '#kernel';
import { mail } from '../reviews/mails.ts';
import { type ActionRow, actionKey } from './store.ts';

const words = {
  confirmed: { subject: 'Yours to do', lead: 'This improvement has your name on it.' },
  overdue: {
    subject: 'Overdue',
    lead: 'This improvement should have been done by now. Move the day, or say that it is done.',
  },
};

/** Each owner is told once about each day on which the same thing is due. */
export async function tellActionOwner(ctx: Ctx, action: ActionRow, occasion: keyof typeof words): Promise<void> {
  if (!action.ownerId) return;
  const { subject, lead } = words[occasion];
  const text =
    `${lead}\n\n${actionKey(action)}: ${action.title}\n${action.detail ? `${action.detail}\n` : ''}` +
    `Due on ${action.dueOn} (${action.dueZone})\n\n${config.publicUrl}/actions?open=${action.id}\n`;
  const key = `improvement:${action.id}:${occasion}:${action.dueOn}`;
  await mail(ctx, action.ownerId, { subject: `${subject}: ${actionKey(action)} ${action.title}`, text }, key);
}
