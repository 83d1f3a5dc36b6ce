/** A read of Opsgenie's clients: who asks, and the envelope every answer comes in. */
import { type AnyRoute, type Ctx, rawRoute } from '#kernel';
import type { Integration } from '../../integrations/store.ts';
import { postOf, send, welcome } from '../door.ts';
import type { Answer, Family, Post } from '../family.ts';
import { bothEnds, opsgenieHeaders, refused } from './index.ts';

type Handle = (ctx: Ctx, integration: Integration, post: Post) => Promise<Answer>;

/** A GET with the family's key, answered in the vendor's envelope; with and without a slash at the end. */
export const reading = (
  family: Family,
  path: string,
  handle: Handle,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' = 'GET',
): AnyRoute[] => bothEnds(path).map((one) => readingAt(family, one, handle, method));

function readingAt(
  family: Family,
  path: string,
  handle: Handle,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
): AnyRoute {
  return rawRoute({
    method,
    path,
    handle: async (request, reply, house) => {
      const ctx = await house.ctx(house.system('signals.opsgenie'), { requestId: request.id, ip: request.ip });
      const { post } = postOf(request, { path, purpose: 'alerts', mayBeEmpty: true });
      const sender = await welcome(ctx, family, post);
      return send(reply, 'status' in sender ? sender : await handle(ctx, sender.integration, post));
    },
  });
}

/** `{data, took, requestId}` with the vendor's headers. */
export const answer = (ctx: Ctx, data: unknown, more: Record<string, unknown> = {}, status = 200): Answer => ({
  status,
  headers: opsgenieHeaders(ctx.requestId),
  body: { ...(data === undefined ? {} : { data }), ...more, took: 0.01, requestId: ctx.requestId },
});

export const missing = (ctx: Ctx, what: string): Answer => refused(404, what, [], ctx.requestId);
