/** Replaces the list of what a service depends on. */
import { emit, invalid } from '#kernel';
import { command } from '#security';
import { serviceSaved } from '../events.ts';
import type { Service, Strength } from '../model.ts';
import { neighbours, servicesByIds } from '../queries.ts';
import { lockService, replaceDependencies, touchService } from '../store.ts';
import { checkVersion } from './updateService.ts';

export interface SetDependencies {
  /** Id or slug. */
  id: string;
  version?: number | undefined;
  dependsOn: { serviceId: string; strength: Strength }[];
}

export const setDependencies = command(
  'catalog.setDependencies',
  { allow: 'manager', subject: (input: SetDependencies, service?: Service) => service?.id ?? input.id },
  async (ctx, input: SetDependencies): Promise<Service> => {
    const service = await lockService(ctx, input.id);
    checkVersion(service, input.version);
    const wanted = new Map(input.dependsOn.map((item) => [item.serviceId, item.strength]));
    const known = await servicesByIds(ctx, [...wanted.keys()]);
    const errors = input.dependsOn.flatMap((item, n) => {
      const path = `dependsOn.${n}.serviceId`;
      if (item.serviceId === service.id) return [{ path, message: 'A service cannot depend on itself.' }];
      const needed = known.get(item.serviceId);
      if (!needed) return [{ path, message: 'No such service.' }];
      return needed.kind === 'journey' ? [{ path, message: 'Nothing depends on a journey.' }] : [];
    });
    if (wanted.size < input.dependsOn.length) errors.push({ path: 'dependsOn', message: 'Name each service once.' });
    if (errors.length > 0) throw invalid('These dependencies cannot be saved', 'catalog.dependencies', errors);
    const before = (await neighbours(ctx, service.id, 'dependsOn')).map(({ id, strength }) => ({ id, strength }));
    if (before.length === wanted.size && before.every(({ id, strength }) => wanted.get(id) === strength)) {
      ctx.audit.skip = true;
      return service;
    }
    await replaceDependencies(
      ctx,
      service.id,
      [...wanted].map(([to, strength]) => ({ from: service.id, to, strength })),
    );
    await touchService(ctx, service);
    ctx.audit.before = before;
    ctx.audit.after = input.dependsOn;
    await emit(
      ctx,
      serviceSaved,
      { serviceId: service.id, slug: service.slug, name: service.name },
      { subject: service.id },
    );
    return { ...service, version: service.version + 1 };
  },
);
