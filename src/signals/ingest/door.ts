/** The HTTP door of every family: who is it, is it welcome, take it, answer within a second. */
import { type AnyRoute, type Ctx, type House, Problem, type RawRequest, rawRoute, sha256hex } from '#kernel';
import { receive } from '../commands/receive.ts';
import { keyHolder, noteDropped } from '../integrations/store.ts';
import { readBody } from './body.ts';
import { MAX_BODY_BYTES } from './bytes.ts';
import type { Answer, Door, Family } from './family.ts';
import { refusal } from './refusal.ts';

/** Headers worth keeping with a signal. Never one that may carry a credential. */
const KEPT_HEADERS = [
  'user-agent',
  'content-type',
  'content-encoding',
  'content-length',
  'idempotency-key',
  'x-request-id',
];

type Reply = Parameters<Extract<AnyRoute, { kind: 'raw' }>['handle']>[1];

/** The routes of one family. */
export const doorsOf = (family: Family): AnyRoute[] =>
  family.doors.map((door) =>
    rawRoute({
      method: 'POST',
      path: door.path,
      bodyLimit: MAX_BODY_BYTES,
      handle: async (request, reply, house) => send(reply, await answerPost(request, house, family, door)),
    }),
  );

function send(reply: Reply, answer: Answer): Reply {
  return reply
    .code(answer.status)
    .header('cache-control', 'no-store')
    .type(answer.type ?? 'application/json; charset=utf-8')
    .send(JSON.stringify(answer.body));
}

async function answerPost(request: RawRequest, house: House, family: Family, door: Door): Promise<Answer> {
  const ctx = await house.ctx(house.system('signals.ingest'), { requestId: request.id, ip: request.ip });
  const body = readBody(request.headers['content-type'], request.rawBody);
  const key = family.keyOf({
    params: request.params as Record<string, string>,
    headers: request.headers,
    body: body.ok ? body.value : undefined,
    text: body.text,
  });
  const holder = await keyHolder(ctx, family.kind, key);
  if (holder.state === 'unknown') return withoutIntegration(ctx, family, body, key);
  if (holder.state === 'disabled') {
    await noteDropped(ctx, holder.integration.id);
    return refusal(family, ctx, 403, 'This integration is switched off', 'signals.disabled', [
      'Nothing was stored. The integration counts what it refuses.',
    ]);
  }
  const input = {
    family,
    integration: holder.integration,
    purpose: door.purpose,
    contentType: request.headers['content-type'] ?? '',
    headers: keptHeaders(request),
    bytes: request.rawBody,
    body,
    key,
    idempotencyKey: idempotencyKey(request),
  };
  try {
    return (await receive(ctx, input)).answer;
  } catch (error) {
    // The alert is worth more than the rule that failed: store it, answer, and try again by job.
    ctx.log.error(
      { integration: holder.integration.id, error: (error as Error).message },
      'a signal could not be processed at once and is stored for later',
    );
    if (error instanceof Problem && error.status === 503) throw error;
    return (await receive(ctx, { ...input, defer: true })).answer;
  }
}

/** Nobody we know. A body that could not even be read is said to be that, because the key may be inside it. */
function withoutIntegration(
  ctx: Ctx,
  family: Family,
  body: ReturnType<typeof readBody>,
  key: string | undefined,
): Answer {
  if (!body.ok && key === undefined)
    return refusal(family, ctx, body.status, 'This cannot be read', 'signals.unreadable', [body.error]);
  return refusal(family, ctx, 401, 'This key is not valid', 'signals.key', [
    'The key is unknown, was revoked, or belongs to another kind of integration.',
  ]);
}

function keptHeaders(request: RawRequest): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') kept[name] = value.slice(0, 500);
  }
  return kept;
}

/** As sent, or its hash when it is too long to store. */
function idempotencyKey(request: RawRequest): string | undefined {
  const value = request.headers['idempotency-key'];
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return value.length <= 255 ? value.trim() : `sha256:${sha256hex(value)}`;
}
