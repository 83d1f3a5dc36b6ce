/** Carries one thing over and writes down what it is here: both or neither, so that a stop in between leaves no double. */
import { command } from '#security';
import { type Carrying, carryOne } from '../carry.ts';
import type { VendorName } from '../model.ts';
import { importById, link } from '../store.ts';

export type CarryItem = Carrying & { importId: string; vendor: VendorName };

/** Throws what the commands throw that make it. A thing that is here already is only linked. */
export const carryItem = command(
  'programme.carryItem',
  { allow: 'internal', subject: (_input: CarryItem, result: { ownId: string }) => result.ownId },
  async (ctx, { importId, vendor, ...carrying }) => {
    // Waits for a run of the same import that a stalled worker may still be in.
    await importById(ctx, importId, true);
    const { planned, own } = carrying;
    const { kind, sourceId, name } = planned.item;
    const done = planned.row.state === 'same' && own ? { ownId: own.id } : await carryOne(ctx, carrying);
    const did =
      planned.row.state === 'create' || planned.row.state === 'change' ? planned.row.state : ('same' as const);
    await link(ctx, { vendor, kind, sourceId, ownId: done.ownId, name, applied: planned.wanted, importId, did });
    ctx.audit.after = { vendor, kind, sourceId, did };
    return done;
  },
);
