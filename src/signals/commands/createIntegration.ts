/** Adds a source of alerts and makes its first key. */
import { invalid } from '#kernel';
import { serviceById } from '#catalog';
import { command } from '#security';
import { families, familyOf } from '../ingest/families.ts';
import { type Integration, insertIntegration, rotate } from '../integrations/store.ts';

export interface CreateIntegration {
  kind: string;
  name: string;
  /** Service of alerts that name none. */
  serviceId?: string | null | undefined;
}

export const createIntegration = command(
  'signals.createIntegration',
  {
    allow: 'manager',
    subject: (_input: CreateIntegration, result: { integration: Integration }) => result.integration.id,
  },
  async (ctx, input: CreateIntegration): Promise<{ integration: Integration; key: string }> => {
    if (!familyOf(input.kind)) {
      throw invalid(`“${input.kind}” is not a kind of integration`, 'signals.kind', [
        { path: 'kind', message: `One of: ${families.map((family) => family.kind).join(', ')}.` },
      ]);
    }
    if (input.serviceId && !(await serviceById(ctx, input.serviceId))) {
      throw invalid('This service does not exist', 'signals.service', [
        { path: 'serviceId', message: 'No such service.' },
      ]);
    }
    const integration = await insertIntegration(ctx, {
      kind: input.kind,
      name: input.name.trim(),
      serviceId: input.serviceId ?? null,
    });
    const key = await rotate(ctx, integration.id, 0);
    ctx.audit.after = { kind: integration.kind, name: integration.name, serviceId: integration.serviceId };
    return { integration, key };
  },
);
