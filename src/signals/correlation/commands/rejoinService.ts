/** Takes back that a service was taken out of a case: it is held again with the others. */
import { conflict, notFound } from '#kernel';
import { command } from '#security';
import { correlateOpen } from '../evaluate.ts';
import { lockCorrelation, lockOpen, openMembers, saveCorrelation } from '../store.ts';
import { stillOpen } from './releaseGroups.ts';

export interface RejoinService {
  correlationId: string;
  serviceId: string;
}

export const rejoinService = command(
  'signals.rejoinService',
  { allow: 'responder', subject: (input: RejoinService) => input.correlationId },
  async (ctx, { correlationId, serviceId }: RejoinService): Promise<void> => {
    await lockOpen(ctx, await openMembers(ctx, correlationId));
    const row = await lockCorrelation(ctx, correlationId);
    if (!row) throw notFound('Correlation', correlationId);
    stillOpen(row);
    ctx.exercise = row.exercise;
    if (!row.separated.some((one) => one.serviceId === serviceId))
      throw conflict('This service was not taken out of the case', 'signals.not_separated');
    const separated = row.separated.filter((one) => one.serviceId !== serviceId);
    ctx.audit.after = { rejoined: serviceId };
    await saveCorrelation(ctx, row, { separated }, `${ctx.actor.name} put a service back that was taken out`);
    await correlateOpen(ctx);
  },
);
