/** Looks every few minutes for what has become overdue, and tells its owner once. */
import { defineJob } from '#kernel';
import { z } from 'zod';
import { noteOverdue } from './commands/noteOverdue.ts';

export const sweepOverdue = defineJob('learning.sweepOverdue', z.object({}), (ctx) => noteOverdue(ctx, {}), {
  every: 5 * 60_000,
});
