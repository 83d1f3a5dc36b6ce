/** Makes the flag by which a policy reaches callers, or gives it the values of a new one. What it serves is changed by `changeFlag`. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { insertFlag, lockFlag, updateFlag } from '../flags/store.ts';

export interface ImposeFlagInput {
  key: string;
  description: string;
  variants: Record<string, unknown>;
  normal: string;
}

export const imposeFlag = command(
  'playbooks.imposeFlag',
  { allow: 'internal', subject: ({ key }: ImposeFlagInput) => key },
  async (ctx: Ctx, { key, description, variants, normal }: ImposeFlagInput): Promise<void> => {
    const known = await lockFlag(ctx.db, key);
    ctx.audit.after = { key, variants };
    if (known) {
      ctx.audit.before = { variants: known.variants };
      await updateFlag(ctx, known.id, { variants: { ...known.variants, ...variants } });
      return;
    }
    await insertFlag(ctx, {
      key,
      description,
      kind: 'object',
      variants,
      defaultVariant: normal,
      variant: normal,
      state: 'enabled',
      serviceId: null,
    });
  },
);
