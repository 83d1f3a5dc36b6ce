/** Declares service restored: refused with everything that is still false, unknown or open. */
import { command } from '#security';
import type { Waiver } from '../lifecycle/model.ts';
import { type Moved, walk } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';

export interface RestoreInput {
  incidentId: string;
  note?: string | undefined;
  /** When customers were well again; absent: now, the latest it can have been. */
  impactEndedAt?: Date | undefined;
  waiver?: Waiver | undefined;
}

export const restore = command(
  'incidents.restore',
  { allow: 'responder' },
  async (ctx, input: RestoreInput): Promise<Moved> => {
    refuseSecrets(ctx, { note: input.note, reason: input.waiver?.reason });
    return walk(ctx, {
      incidentId: input.incidentId,
      to: 'restored',
      evidence: input.note,
      waiver: input.waiver,
      headline: 'Restored',
      ...(input.impactEndedAt && { times: { impactEndedAt: input.impactEndedAt } }),
    });
  },
);
