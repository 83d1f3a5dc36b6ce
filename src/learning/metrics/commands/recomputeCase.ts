/** Writes the case of one incident as the record has it now. A drill is no case: it is left out here and refused below. */
import { command } from '#security';
import { readCaseOf } from '../queries.ts';
import { saveCase } from '../store.ts';

export const recomputeCase = command(
  'learning.recomputeCase',
  { allow: 'internal', subject: (input: { incidentId: string }) => input.incidentId },
  async (ctx, input: { incidentId: string }) => {
    const found = await readCaseOf(ctx, input.incidentId);
    if (found.exercise) return { counted: false };
    await saveCase(ctx, { ...found.case, serviceIds: found.serviceIds, leftOut: found.leftOut });
    ctx.audit.incident = input.incidentId;
    return { counted: true };
  },
);
