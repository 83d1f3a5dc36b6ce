/** Notes that somebody did by hand what was suggested, or something else of the kind. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import type { Kind } from '../triage/model.ts';
import { settleByHand } from '../triage/store.ts';

export interface NoteDone {
  groupIds: string[];
  kind: Kind;
  value: string;
}

export const noteDone = command(
  'playbooks.noteDone',
  { allow: 'internal', subject: (input: NoteDone) => input.groupIds[0] },
  async (ctx: Ctx, { groupIds, kind, value }: NoteDone): Promise<void> => {
    ctx.audit.skip = true;
    if (groupIds.length > 0) await settleByHand(ctx, { groupIds }, kind, value);
  },
);
