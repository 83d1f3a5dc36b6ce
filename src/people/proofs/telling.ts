/** Mails of the proofs to people and owners: plain words and one link. */
import { send } from '#channels';
import { type Ctx, newId } from '#kernel';
import type { Person } from '#security';
import { absolute } from '../messages.ts';

/** Tells one person something, at the address they sign in with. `link`: the screen on which to do something about it. */
export async function mail(
  ctx: Ctx,
  person: Person,
  about: { ref: string; link: string },
  subject: string,
  lines: string[],
): Promise<void> {
  if (!person.active) return;
  await send(ctx, {
    channel: 'email',
    to: person.email,
    purpose: 'internal',
    ref: about.ref,
    key: newId('note'),
    message: { subject, text: [...lines, absolute(about.link)].join('\n\n') },
  });
}
