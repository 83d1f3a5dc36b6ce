/** Renames an integration, gives it another service, or switches it off and on. */
import { serviceById } from '#catalog';
import { invalid, Problem } from '#kernel';
import { command } from '#security';
import { type Integration, lockIntegration, saveIntegration } from '../integrations/store.ts';

export interface UpdateIntegration {
  id: string;
  version?: number | undefined;
  name?: string | undefined;
  serviceId?: string | null | undefined;
  enabled?: boolean | undefined;
}

export const updateIntegration = command(
  'signals.updateIntegration',
  { allow: 'manager', subject: (input: UpdateIntegration) => input.id },
  async (ctx, input: UpdateIntegration): Promise<Integration> => {
    const integration = await lockIntegration(ctx, input.id);
    if (input.version !== undefined && input.version !== integration.version) {
      throw new Problem(412, `Somebody else changed “${integration.name}” meanwhile`, {
        rule: 'signals.version',
        detail: 'Load it again and save once more.',
      });
    }
    if (input.serviceId && !(await serviceById(ctx, input.serviceId))) {
      throw invalid('This service does not exist', 'signals.service', [
        { path: 'serviceId', message: 'No such service.' },
      ]);
    }
    const { name, serviceId, enabled } = integration;
    const before = { name, serviceId, enabled };
    const after = {
      name: input.name?.trim() ?? name,
      serviceId: input.serviceId === undefined ? serviceId : input.serviceId,
      enabled: input.enabled ?? enabled,
    };
    if (JSON.stringify(before) === JSON.stringify(after)) {
      ctx.audit.skip = true;
      return integration;
    }
    ctx.audit.before = before;
    ctx.audit.after = after;
    return await saveIntegration(ctx, integration, after);
  },
);
