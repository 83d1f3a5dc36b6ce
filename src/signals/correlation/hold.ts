/** Why nobody is asked about a group that stands beneath another. */
import type { Ctx } from '#kernel';
import type { Held } from '../model.ts';
import { rankOf, type Sighting } from './model.ts';

/** When the newest of them began. */
export const newestOf = (members: readonly Sighting[]): Date =>
  new Date(Math.max(...members.map(({ since }) => since)));

export const heldBy = (ctx: Pick<Ctx, 'now'>, correlationId: string, lead: Sighting, reasons: string[]): Held => ({
  kind: 'correlation',
  by: correlationId,
  why: reasons.join('; '),
  at: ctx.now.toISOString(),
  rank: rankOf(lead.severity),
});
