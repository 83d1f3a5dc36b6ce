/** Harm has stopped growing: shown by evidence (a note or a check), or waived. */
import { command } from '#security';
import type { Waiver } from '../lifecycle/model.ts';
import { type Moved, walk } from '../lifecycle/walk.ts';
import { refuseSecrets } from '../record/write.ts';

export interface DeclareContainedInput {
  incidentId: string;
  evidence?: string | undefined;
  waiver?: Waiver | undefined;
  serviceIds?: string[] | undefined;
}

export const declareContained = command(
  'incidents.declareContained',
  { allow: 'responder' },
  async (ctx, input: DeclareContainedInput): Promise<Moved> => {
    refuseSecrets(ctx, { evidence: input.evidence, reason: input.waiver?.reason });
    return walk(ctx, { ...input, evidence: input.evidence, to: 'eradication', headline: 'Contained' });
  },
);
