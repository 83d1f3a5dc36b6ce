/** Serves another variant of a flag. Every change has a reason; the same key changes it once. */
import { type Ctx, conflict, emit, invalid, notFound } from '#kernel';
import { command } from '#security';
import { lockAction } from '../actions/store.ts';
import { flagSet } from '../events.ts';
import { changeByKey, type FlagRow, insertChange, lockFlag, updateFlag } from '../flags/store.ts';

export interface ChangeFlagInput {
  key: string;
  variant: string;
  reason: string;
  incidentId: string | null;
  actionRunId: string | null;
  idempotencyKey: string | null;
  /** Of the engine's send; an engine that was overtaken changes nothing. */
  fence?: number;
}

export const changeFlag = command(
  'playbooks.changeFlag',
  { allow: 'internal' },
  async (ctx: Ctx, input: ChangeFlagInput): Promise<FlagRow> => {
    if (input.actionRunId && input.fence !== undefined) {
      const action = await lockAction(ctx.db, input.actionRunId);
      if (action?.fence !== input.fence || (action.state !== 'running' && action.state !== 'undoing')) {
        throw conflict('Another engine has taken this action over', 'playbooks.action.fence');
      }
    }
    const flag = await lockFlag(ctx.db, input.key);
    if (!flag) throw notFound('Feature flag', input.key);
    if (input.idempotencyKey && (await changeByKey(ctx.db, input.idempotencyKey))) return flag;
    if (!Object.hasOwn(flag.variants, input.variant)) {
      throw invalid(`${flag.key} has no variant "${input.variant}"`, 'playbooks.flag.variant', [
        {
          path: 'variant',
          message: `one of ${Object.keys(flag.variants).join(', ')}`,
        },
      ]);
    }
    const { key: _key, fence: _fence, variant, ...change } = input;
    await insertChange(ctx, {
      ...change,
      flagId: flag.id,
      fromVariant: flag.variant,
      toVariant: variant,
      actor: ctx.actor.id,
      actorName: ctx.actor.name,
    });
    const saved = await updateFlag(ctx, flag.id, { variant, state: 'enabled' });
    ctx.audit.subject = flag.id;
    if (input.incidentId) ctx.audit.incident = input.incidentId;
    ctx.audit.before = { variant: flag.variant };
    ctx.audit.after = { variant };
    ctx.audit.reason = input.reason;
    await emit(ctx, flagSet, { key: flag.key, variant }, { subject: flag.id, incident: input.incidentId });
    return saved;
  },
);
