/** Puts a subscriber into a segment: customers who rely on us for critical work get direct notices. */
import { notFound } from '#kernel';
import { command } from '#security';

export interface SetSegmentsInput {
  id: string;
  segments: string[];
}

export const setSegments = command(
  'comms.setSegments',
  { allow: 'manager', subject: (input: SetSegmentsInput) => input.id },
  async (ctx, { id, segments }): Promise<void> => {
    const row = await ctx.db
      .updateTable('comms.subscribers')
      .set({ segments: [...new Set(segments)] })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    if (!row) throw notFound('Subscriber', id);
    ctx.audit.after = { segments };
  },
);
