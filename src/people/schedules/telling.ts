/** Mails between people about shifts: an offer, and what became of it. Plain words, one link. */
import { send } from '#channels';
import { type Ctx, newId } from '#kernel';
import type { Person } from '#security';
import { absolute } from '../messages.ts';

/** Tells one person something about a schedule, at the address they sign in with. */
export async function tell(
  ctx: Ctx,
  person: Person | undefined,
  ref: string,
  subject: string,
  lines: string[],
): Promise<void> {
  if (!person?.active) return;
  await send(ctx, {
    channel: 'email',
    to: person.email,
    purpose: 'internal',
    ref,
    key: newId('note'),
    message: { subject, text: [...lines, absolute('/on-call')].join('\n\n') },
  });
}
