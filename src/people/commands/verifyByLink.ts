/** Proves a contact method with the link that was sent there: whoever pressed its button reads what arrives. */
import { command } from '#security';
import { openLink, settleProven } from '../proving.ts';

/** False when the link is forged, used, replaced by a newer one, too old, or its code was guessed at too often. */
export const verifyByLink = command(
  'people.verifyByLink',
  { allow: 'internal', subject: (_input: { token: string }, result: { id: string | null }) => result.id ?? undefined },
  async (ctx, { token }): Promise<{ id: string | null }> => {
    const method = await openLink(ctx, token, { lock: true });
    ctx.audit.skip = !method;
    if (!method) return { id: null };
    await settleProven(ctx, method);
    return { id: method.id };
  },
);
