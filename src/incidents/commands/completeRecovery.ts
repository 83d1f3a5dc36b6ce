/** The last recovery step is done; the soak begins. */
import { command } from '#security';
import type { Waiver } from '../lifecycle/model.ts';
import { type Moved, walk } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';

export interface CompleteRecoveryInput {
  incidentId: string;
  note?: string | undefined;
  waiver?: Waiver | undefined;
  serviceIds?: string[] | undefined;
}

export const completeRecovery = command(
  'incidents.completeRecovery',
  { allow: 'responder' },
  async (ctx, input: CompleteRecoveryInput): Promise<Moved> => {
    refuseSecrets(ctx, { note: input.note, reason: input.waiver?.reason });
    return walk(ctx, {
      ...input,
      evidence: input.note,
      to: 'verification',
      headline: 'Recovery is complete, verification begins',
    });
  },
);
