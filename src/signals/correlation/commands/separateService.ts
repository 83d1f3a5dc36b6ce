/** A person says that a service is not part of the case: it stands on its own, now and when it alerts again. */
import { notFound } from '#kernel';
import { serviceById } from '#catalog';
import { command } from '#security';
import { lockCorrelation, lockOpen, openMembers, saveCorrelation } from '../store.ts';
import { freed, stillOpen } from './releaseGroups.ts';

export interface SeparateService {
  correlationId: string;
  serviceId: string;
  reason?: string | undefined;
}

export const separateService = command(
  'signals.separateService',
  { allow: 'responder', subject: (input: SeparateService) => input.correlationId },
  async (ctx, { correlationId, serviceId, reason = '' }: SeparateService): Promise<void> => {
    const groups = await lockOpen(ctx, await openMembers(ctx, correlationId));
    const row = await lockCorrelation(ctx, correlationId);
    if (!row) throw notFound('Correlation', correlationId);
    stillOpen(row);
    ctx.exercise = row.exercise;
    const service = await serviceById(ctx, serviceId);
    if (!service) throw notFound('Service', serviceId);
    if (row.separated.some((one) => one.serviceId === serviceId)) {
      ctx.audit.skip = true;
      return;
    }
    const entry = { serviceId, by: ctx.actor.name, at: ctx.now.toISOString(), reason };
    ctx.audit.reason = reason || undefined;
    ctx.audit.after = { separated: service.slug };
    const separated = [...row.separated, entry];
    const told = `${ctx.actor.name} took ${service.name} out of it${reason ? `: ${reason}` : ''}`;
    await saveCorrelation(ctx, row, { separated }, told);
    for (const group of groups)
      if (group.serviceId === serviceId && group.id !== row.leadGroupId)
        await freed(ctx, group, `${ctx.actor.name} says that it is not part of another case.`);
  },
);
