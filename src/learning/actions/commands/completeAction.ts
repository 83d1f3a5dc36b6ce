/** An improvement is done, and the note says what changed. The last one of a finished review ends its loop. */
import { command } from '#security';
import { actionDone } from '../../events.ts';
import { settle } from '../settle.ts';

export const completeAction = command(
  'learning.completeAction',
  { allow: 'responder' },
  (ctx, input: { id: string; note: string }) => settle(ctx, { id: input.id, to: 'done', note: input.note }, actionDone),
);
