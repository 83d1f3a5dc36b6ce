/** The cause is removed, or waived as external, self-ended or accepted. */
import { command } from '#security';
import type { Waiver } from '../lifecycle/model.ts';
import { type Moved, walk } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';

export interface EradicateInput {
  incidentId: string;
  evidence?: string | undefined;
  waiver?: Waiver | undefined;
  serviceIds?: string[] | undefined;
}

export const eradicate = command(
  'incidents.eradicate',
  { allow: 'responder' },
  async (ctx, input: EradicateInput): Promise<Moved> => {
    refuseSecrets(ctx, { evidence: input.evidence, reason: input.waiver?.reason });
    return walk(ctx, { ...input, evidence: input.evidence, to: 'recovery', headline: 'The cause is dealt with' });
  },
);
