/** Says what can be done to a service when it fails: how it is observed, isolated and recovered. The whole list at once. */
import { emit } from '#kernel';
import { command } from '#security';
import { type AbilityFields, saveAbilities } from '../abilities.ts';
import { serviceSaved } from '../events.ts';
import { lockService } from '../store.ts';

export interface SetAbilities {
  /** Id or slug. */
  id: string;
  abilities: AbilityFields[];
}

export const setAbilities = command(
  'catalog.setAbilities',
  { allow: 'manager', subject: (_input: SetAbilities, result: { id: string }) => result.id },
  async (ctx, input: SetAbilities): Promise<{ id: string }> => {
    const service = await lockService(ctx, input.id);
    ctx.audit.before = await saveAbilities(ctx, service.id, input.abilities);
    ctx.audit.after = input.abilities;
    await emit(
      ctx,
      serviceSaved,
      { serviceId: service.id, slug: service.slug, name: service.name },
      { subject: service.id },
    );
    return { id: service.id };
  },
);
