/** Adds a service to the catalogue. */
import { emit, invalid } from '#kernel';
import { command } from '#security';
import { serviceSaved } from '../events.ts';
import { type NodeKind, type Redundancy, type Service, slugify, type Tier } from '../model.ts';
import { insertService } from '../store.ts';

export interface CreateService {
  name: string;
  /** Address of the service; made from the name when absent. */
  slug?: string | undefined;
  kind?: NodeKind | undefined;
  tier?: Tier | undefined;
  redundancy?: Redundancy | undefined;
  description?: string | undefined;
  teamId?: string | null | undefined;
  policyId?: string | null | undefined;
}

export const createService = command(
  'catalog.createService',
  { allow: 'manager', subject: (_input: CreateService, service: Service) => service.id },
  async (ctx, input: CreateService): Promise<Service> => {
    const slug = input.slug ?? slugify(input.name);
    if (slug === '') {
      throw invalid('No address can be made from this name', 'catalog.slug', [
        { path: 'slug', message: 'Give one in a–z, 0–9 and hyphens.' },
      ]);
    }
    const service = await insertService(ctx, {
      slug,
      name: input.name.trim(),
      kind: input.kind ?? 'service',
      tier: input.tier ?? 2,
      redundancy: input.redundancy ?? 'unknown',
      description: input.description ?? '',
      teamId: input.teamId ?? null,
      policyId: input.policyId ?? null,
    });
    ctx.audit.after = service;
    await emit(
      ctx,
      serviceSaved,
      { serviceId: service.id, slug: service.slug, name: service.name },
      { subject: service.id },
    );
    return service;
  },
);
