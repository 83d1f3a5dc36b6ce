/** Grafana OnCall's heartbeat addresses, `…/{type}/{token}/heartbeat/`: they ping the heartbeat called `default` of that integration. */
import { type AnyRoute, rawRoute } from '#kernel';
import { ping } from '../monitors/heartbeats/ping.ts';
import { postOf, send, welcome } from './door.ts';
import type { Family } from './family.ts';

/** The routes of these types for one family. */
export const beatsAt = (family: Family, types: string[]): AnyRoute[] =>
  types.flatMap((type) =>
    (['GET', 'POST'] as const).flatMap((method) =>
      ['', '/'].map((end) =>
        rawRoute({
          method,
          path: `/integrations/v1/${type}/:key/heartbeat${end}`,
          handle: async (request, reply, house) => {
            const ctx = await house.ctx(house.system('signals.oncall'), { requestId: request.id, ip: request.ip });
            const { post } = postOf(request, { path: type, purpose: 'alerts', mayBeEmpty: true });
            const sender = await welcome(ctx, family, post);
            if ('status' in sender) return send(reply, sender);
            const known = await ping(ctx, sender.integration.id, 'default');
            return send(
              reply,
              known ? { status: 200, body: 'Ok.' } : { status: 404, body: 'There is no heartbeat “default”.' },
            );
          },
        }),
      ),
    ),
  );
