/** A role was held in an incident or a drill: the product saw it, so nobody needs to write it down. */
import { enqueue } from '#kernel';
import { command } from '#security';
import { refreshBenchLater } from '../jobs.ts';
import { addPractice } from '../store.ts';

export interface NotePractice {
  userId: string;
  roleKey: string;
  /** The incident. The same role in the same incident is one practice. */
  ref: string;
  note: string;
}

export const notePractice = command(
  'people.notePractice',
  { allow: 'internal', subject: (input: NotePractice) => input.userId },
  async (ctx, input) => {
    const kind = ctx.exercise ? ('drill' as const) : ('duty' as const);
    const row = await addPractice(ctx, { ...input, kind, at: ctx.now });
    // Taking a role must not wait for sums over a quarter of duty.
    if (row) await enqueue(ctx, refreshBenchLater, {}, { key: 'people.bench' });
    else ctx.audit.skip = true;
    return { noted: row !== undefined };
  },
);
