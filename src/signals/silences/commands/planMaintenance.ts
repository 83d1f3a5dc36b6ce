/** A maintenance window: new alerts of its services call nobody until its end, critical ones excepted unless that was confirmed. */
import { randomUUID } from 'node:crypto';
import { serviceById } from '#catalog';
import { type Ctx, enqueue, invalid } from '#kernel';
import { command } from '#security';
import { hushOpenGroups, liftSilences } from '../apply.ts';
import { LONGEST_WINDOW_MS, type Matcher, problemsOf, type Silence, stateOf } from '../model.ts';
import { insertSilence } from '../store.ts';
import { tellOwners } from '../telling.ts';

export interface PlanMaintenance {
  name: string;
  serviceIds: string[];
  matchers: Matcher[];
  startsAt: Date;
  endsAt: Date;
  reason: string;
  /** Confirmed: critical alerts too call nobody. */
  holdCritical: boolean;
}

export const planMaintenance = command(
  'signals.planMaintenance',
  { allow: 'responder', subject: (_input: PlanMaintenance, result: Silence) => result.id },
  async (ctx, input: PlanMaintenance): Promise<Silence> => {
    const startsAt = input.startsAt < ctx.now ? ctx.now : input.startsAt;
    const services = await checked(ctx, input, startsAt);
    const window: Silence = {
      id: randomUUID(),
      kind: 'maintenance',
      name: input.name.trim(),
      serviceIds: services.map(({ id }) => id),
      holdsCritical: input.holdCritical,
      integrationId: null,
      matchers: input.matchers,
      startsAt,
      endsAt: input.endsAt,
      createdBy: ctx.actor.name.slice(0, 200),
      comment: `Maintenance “${input.name.trim()}”: ${input.reason.trim()}`,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    };
    await insertSilence(ctx, window);
    if (stateOf(window, ctx.now) === 'active') await hushOpenGroups(ctx, window);
    await enqueue(ctx, liftSilences, {}, { runAt: window.endsAt, key: `signals.lift:${window.id}` });
    await tellOwners(ctx, window, services);
    ctx.audit.reason = input.reason.trim();
    const { name, serviceIds, matchers, holdsCritical, endsAt } = window;
    ctx.audit.after = { name, serviceIds, matchers, holdsCritical, startsAt, endsAt };
    return window;
  },
);

/** The services it is for; 422 with every problem when it may not be (bad-input row 98). */
async function checked(ctx: Ctx, input: PlanMaintenance, startsAt: Date) {
  const errors = input.matchers.length > 0 ? problemsOf(input.matchers) : [];
  if (input.serviceIds.length === 0 && input.matchers.length === 0)
    errors.push({ path: 'serviceIds', message: 'Name a service or a matcher: a window over everything is not made.' });
  if (input.endsAt <= startsAt)
    errors.push({ path: 'endsAt', message: 'The end comes after the start and after now.' });
  if (input.endsAt.getTime() - startsAt.getTime() > LONGEST_WINDOW_MS)
    errors.push({ path: 'endsAt', message: 'A window lasts at most 30 days.' });
  const services = [];
  for (const [n, id] of [...new Set(input.serviceIds)].entries()) {
    const service = await serviceById(ctx, id);
    if (service) services.push(service);
    else errors.push({ path: `serviceIds.${n}`, message: 'There is no such service.' });
  }
  if (errors.length > 0) throw invalid(errors[0]!.message, 'signals.maintenance', errors);
  return services;
}
