/** Serves another variant of a flag by hand, with the reason. A frozen service's flags move only by the incident's own actions. */

import { incidentById } from '#incidents';
import { type Ctx, isHidden, notFound, Problem } from '#kernel';
import { command } from '#security';
import { type FlagRow, lockFlag } from '../flags/store.ts';
import { openFreezes } from '../safeguards/store.ts';
import { changeFlag } from './changeFlag.ts';

export interface SetFlagInput {
  key: string;
  variant: string;
  reason: string;
  /** Refused with 412 when somebody else has changed the flag since it was read. */
  expectRevision?: number | undefined;
}

export const setFlag = command(
  'playbooks.setFlag',
  { allow: 'responder' },
  async (ctx: Ctx, input: SetFlagInput): Promise<FlagRow> => {
    const flag = await lockFlag(ctx.db, input.key);
    if (!flag) throw notFound('Feature flag', input.key);
    ctx.audit.subject = flag.id;
    if (input.expectRevision !== undefined && input.expectRevision !== flag.revision) {
      throw new Problem(412, `Somebody changed ${flag.key} in the meantime: it serves "${flag.variant}" now`, {
        rule: 'playbooks.flag.revision',
      });
    }
    if (flag.variant === input.variant && flag.state === 'enabled') return flag;
    await refuseFrozen(ctx, flag);
    const { key, variant, reason } = input;
    return changeFlag(ctx, {
      key,
      variant,
      reason,
      incidentId: null,
      actionRunId: null,
      idempotencyKey: null,
    });
  },
);

async function refuseFrozen(ctx: Ctx, flag: FlagRow): Promise<void> {
  if (!flag.serviceId) return;
  const freezes = await openFreezes(ctx, {
    serviceId: flag.serviceId,
    exercise: false,
  });
  const freeze = freezes.find((one) => one.blocks.includes('flag_change'));
  if (!freeze) return;
  if (isHidden(ctx, freeze.incidentId))
    throw new Problem(409, `${flag.key} is frozen`, {
      rule: 'playbooks.freeze.flag_change',
      detail: 'Wait until the freeze is over, or ask an incident commander.',
    });
  const incident = await incidentById(ctx, freeze.incidentId);
  throw new Problem(409, `${flag.key} is frozen by ${incident.key}`, {
    rule: 'playbooks.freeze.flag_change',
    detail: `Propose it as an action of ${incident.key}, or ask its commander to lift the freeze.`,
  });
}
