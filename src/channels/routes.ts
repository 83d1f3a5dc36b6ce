/** Channels over HTTP. */
import { endpoints } from '#contract/channels';
import { notFound, personOf, route } from '#kernel';
import { may } from '#security';
import { spentToday } from './carriers/cost.ts';
import { test } from './commands/test.ts';
import { pushRoutes } from './push/routes.ts';
import { channelStates, deliveryById, listDeliveries } from './queries.ts';

export const routes = [
  ...pushRoutes,
  route(endpoints.list, async ({ ctx }) => ({ items: await channelStates(ctx) })),
  route(endpoints.phoneToday, async ({ ctx }) => spentToday(ctx)),
  route(endpoints.test, async ({ ctx, params, body }) => test(ctx, { channel: params.name, to: body.to })),
  route(endpoints.deliveries, async ({ ctx, query }) => listDeliveries(ctx, query)),
  route(endpoints.delivery, async ({ ctx, params }) => {
    const delivery = await deliveryById(ctx, params.id);
    // One's own test may be followed by anyone; the rest is the administrators'.
    if (delivery.ref !== `test:${personOf(ctx.actor)}` && !may(ctx.actor, 'settings.read'))
      throw notFound('Delivery', params.id);
    return delivery;
  }),
];
