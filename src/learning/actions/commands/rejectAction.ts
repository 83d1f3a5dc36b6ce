/** Decides against an improvement, with the reason that everybody can read. */
import { command } from '#security';
import { actionChanged } from '../../events.ts';
import { settle } from '../settle.ts';

export const rejectAction = command(
  'learning.rejectAction',
  { allow: 'responder' },
  (ctx, input: { id: string; reason: string }) =>
    settle(ctx, { id: input.id, to: 'rejected', note: input.reason }, actionChanged),
);
