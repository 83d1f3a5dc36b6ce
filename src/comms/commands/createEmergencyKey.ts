/** Makes a key with which somebody can tell customers something while the product is down. */
import { newEmergencyKey } from '../notices/note.ts';
import { command } from '#security';
import { requestRender } from '../statuspage/jobs.ts';

export const createEmergencyKey = command(
  'comms.createEmergencyKey',
  { allow: 'admin', subject: (_input: { name: string }, result: { id: string }) => result.id },
  async (ctx, { name }): Promise<{ id: string; privateKey: string }> => {
    const { id, publicKey, privateKey } = newEmergencyKey();
    await ctx.db.insertInto('comms.emergencyKeys').values({ id, name, publicKey, createdBy: ctx.actor.id }).execute();
    // The private half is in nobody's record.
    ctx.audit.after = { name, publicKey };
    await requestRender(ctx);
    return { id, privateKey };
  },
);
