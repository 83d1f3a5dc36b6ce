/** Tells the people on duty that customers are waiting: by mail, inside only, so that a drill may do it too. */

import { send } from '#channels';
import { type Ctx, config, readersOf } from '#kernel';
import { userById } from '#security';

export interface Nudge {
  incident: { id: string; key: string; title: string };
  userId: string;
  subject: string;
  text: string;
  /** Idempotency key: a job that runs twice tells once. */
  key: string;
}

/** Mails one person, if the account is active. */
export async function tell(ctx: Ctx, nudge: Nudge): Promise<void> {
  const person = await userById(ctx, nudge.userId);
  if (!person?.active) return;
  const readers = await readersOf(ctx, nudge.incident.id);
  if (readers && !readers.includes(nudge.userId)) return;
  const link = `${config.publicUrl}/incidents/${nudge.incident.key}`;
  await send(ctx, {
    channel: 'email',
    to: person.email,
    message: {
      subject: `${nudge.incident.key}: ${nudge.subject}`,
      text: `${nudge.text}\n\n${readers ? 'A restricted incident' : nudge.incident.title}\n${link}`,
    },
    purpose: 'internal',
    ref: nudge.incident.id,
    key: `${nudge.key}:${nudge.userId}`,
    incidentId: nudge.incident.id,
  });
}
