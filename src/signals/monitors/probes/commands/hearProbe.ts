/** A probe called: that it lives, what it cannot do, and what it saw. A batch that comes twice counts once. */
import { command } from '#security';
import { takeResults } from '../../commands/takeResults.ts';
import type { Result } from '../../model.ts';
import { noteSeen } from '../store.ts';

export interface HearProbe {
  id: string;
  version: string;
  lacks: Record<string, string>;
  /** Its own name for these results; '' when there are none. */
  batch: string;
  results: Result[];
}

export const hearProbe = command(
  'signals.hearProbe',
  { allow: 'internal' },
  async (ctx, { id, results, ...said }: HearProbe): Promise<{ taken: number; turned: string[] }> => {
    ctx.audit.skip = true;
    if (!(await noteSeen(ctx, id, said))) return { taken: 0, turned: [] };
    return await takeResults(ctx, { place: id, results });
  },
);
