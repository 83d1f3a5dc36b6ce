/** Changes a service; the same values again change nothing. */
import { emit, Problem } from '#kernel';
import { command } from '#security';
import { serviceSaved } from '../events.ts';
import type { NodeKind, Redundancy, Service, Tier } from '../model.ts';
import { lockService, type ServiceFields, saveService } from '../store.ts';

export interface UpdateService {
  /** Id or slug. */
  id: string;
  /** The version the caller saw; another one now is a 412 (bad-input row 39). */
  version?: number | undefined;
  name?: string | undefined;
  slug?: string | undefined;
  kind?: NodeKind | undefined;
  tier?: Tier | undefined;
  redundancy?: Redundancy | undefined;
  description?: string | undefined;
  teamId?: string | null | undefined;
  policyId?: string | null | undefined;
}

const FIELDS = ['slug', 'name', 'kind', 'tier', 'redundancy', 'description', 'teamId', 'policyId'] as const;

export const updateService = command(
  'catalog.updateService',
  { allow: 'manager', subject: (input: UpdateService, service?: Service) => service?.id ?? input.id },
  async (ctx, input: UpdateService): Promise<Service> => {
    const service = await lockService(ctx, input.id);
    checkVersion(service, input.version);
    const given = Object.fromEntries(
      FIELDS.filter((field) => input[field] !== undefined).map((field) => [field, input[field]]),
    );
    const fields = { ...pick(service), ...given } as ServiceFields;
    if (FIELDS.every((field) => fields[field] === service[field])) {
      ctx.audit.skip = true;
      return service;
    }
    const saved = await saveService(ctx, service, fields);
    ctx.audit.before = pick(service);
    ctx.audit.after = pick(saved);
    await emit(ctx, serviceSaved, { serviceId: saved.id, slug: saved.slug, name: saved.name }, { subject: saved.id });
    return saved;
  },
);

const pick = (service: Service): ServiceFields =>
  Object.fromEntries(FIELDS.map((field) => [field, service[field]])) as unknown as ServiceFields;

/** Throws 412 when the caller saw another version. */
export function checkVersion(service: Service, seen: number | undefined): void {
  if (seen === undefined || seen === service.version) return;
  throw new Problem(412, `Somebody else changed “${service.name}” meanwhile`, {
    rule: 'catalog.version',
    detail: 'Load it again, look at what changed, and save once more.',
    extra: { version: service.version },
  });
}
