/** Notes in the audit log that somebody took an incident's record out of the house. */
import { command } from '#security';

export const noteExport = command(
  'incidents.noteExport',
  { allow: 'internal', subject: (input: { incidentId: string; key: string }) => input.incidentId },
  async (ctx, { incidentId, key }: { incidentId: string; key: string }): Promise<void> => {
    ctx.audit.incident = incidentId;
    ctx.audit.after = { exported: key };
  },
);
