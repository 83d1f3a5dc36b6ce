/** Takes one post of a known sender: stores the bytes and makes of them what can be made, in one transaction, before the answer. */
import { command } from '#security';
import { type Received, takeAll } from '../intake/take-all.ts';
import type { Receive } from '../intake/arrival.ts';

export type { Received };

export const receive = command(
  'signals.receive',
  { allow: 'internal' },
  async (ctx, input: Receive): Promise<Received> => {
    // The table of signals is its own append-only record; an audit entry per signal would only repeat it.
    ctx.audit.skip = true;
    const [received] = await takeAll(ctx, [input]);
    return received as Received;
  },
);
