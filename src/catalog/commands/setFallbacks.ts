/** Says what is done when a node of the map is gone; the whole list at once. */
import { emit, invalid } from '#kernel';
import { command } from '#security';
import { serviceSaved } from '../events.ts';
import { type FallbackFields, fallbacksOf, saveFallbacks } from '../parts.ts';
import { servicesByIds } from '../queries.ts';
import { lockService, touchService } from '../store.ts';

export interface SetFallbacks {
  /** Id or slug of the node that may be gone. */
  id: string;
  fallbacks: FallbackFields[];
}

export const setFallbacks = command(
  'catalog.setFallbacks',
  { allow: 'manager', subject: (_input: SetFallbacks, result: { id: string }) => result.id },
  async (ctx, input: SetFallbacks): Promise<{ id: string }> => {
    const service = await lockService(ctx, input.id);
    const named = input.fallbacks.flatMap(({ forId, toId }) => [forId ?? [], toId ?? []].flat());
    const known = await servicesByIds(ctx, named);
    const errors = input.fallbacks.flatMap((one, n) => [
      ...(['forId', 'toId'] as const).flatMap((field) => {
        const path = `fallbacks.${n}.${field}`;
        const value = one[field];
        if (value === null) return [];
        if (value === service.id) return [{ path, message: 'It cannot stand in for itself.' }];
        return known.has(value) ? [] : [{ path, message: 'No such node.' }];
      }),
      ...(one.testedAt && one.testedAt > ctx.now
        ? [{ path: `fallbacks.${n}.testedAt`, message: 'A test that has not been yet is not a test.' }]
        : []),
    ]);
    if (service.kind === 'journey')
      errors.push({ path: 'fallbacks', message: 'A journey has none; the parts it needs have.' });
    if (errors.length > 0) throw invalid('These fallbacks cannot be saved', 'catalog.fallbacks', errors);
    ctx.audit.before = await fallbacksOf(ctx, [service.id]);
    await saveFallbacks(ctx, service.id, input.fallbacks);
    await touchService(ctx, service);
    ctx.audit.after = input.fallbacks;
    await emit(
      ctx,
      serviceSaved,
      { serviceId: service.id, slug: service.slug, name: service.name },
      { subject: service.id },
    );
    return { id: service.id };
  },
);
