/** Notes that somebody took a copy of the audit log. */
import { command } from '../command.ts';

export const noteExport = command(
  'security.noteExport',
  { allow: 'internal' },
  async (ctx, _: object): Promise<void> => {
    ctx.audit.subject = 'audit';
    ctx.audit.after = { exported: 'audit' };
  },
);
