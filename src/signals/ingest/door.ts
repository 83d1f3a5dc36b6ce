/** The HTTP door of every family: who is it, is it welcome, take it, answer within a second. */
import {
  type AnyRoute,
  type Ctx,
  type House,
  log,
  newId,
  OWN_MARK,
  ownMark,
  processNow,
  type RawRequest,
  rawRoute,
  sameText,
  sha256hex,
} from '#kernel';
import { reportGarbage } from '../commands/reportGarbage.ts';
import {
  holderOf,
  type Integration,
  keyHashOf,
  type KeyHolder,
  keyHolder,
  noteDropped,
  openOptions,
} from '../integrations/store.ts';
import { isDatabaseAway, knownKey } from '../intake/away.ts';
import { intakeOf } from '../intake/intake.ts';
import { type BodyReading, queryBody, readBody } from './body.ts';
import { MAX_BODY_BYTES } from './bytes.ts';
import type { Answer, Door, Family, Post, Translated, Wire } from './family.ts';
import { laterPlease, ownPost, refusal, switchedOff, unknownKey } from './refusal.ts';

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
export const doorsOf = (family: Family): AnyRoute[] => [
  ...family.doors.map((door) =>
    rawRoute({
      method: door.method ?? 'POST',
      path: door.path,
      bodyLimit: MAX_BODY_BYTES,
      quick: true,
      handle: async (request, reply, house) => send(reply, await answerPost(request, house, family, door)),
    }),
  ),
  ...(family.routes?.() ?? []),
];

/** Writes an answer as a family gave it. */
export function send(reply: Reply, answer: Answer): Reply {
  reply
    .code(answer.status)
    .header('cache-control', 'no-store')
    .headers(answer.headers ?? {});
  if (answer.body === null || answer.body === undefined) return reply.send('');
  return reply.type(answer.type ?? 'application/json; charset=utf-8').send(JSON.stringify(answer.body));
}

/** A request as families see it. Its body is read when somebody looks at it: the same bytes may have been read before. */
export function postOf(request: RawRequest, door?: Door): { post: Post; body: () => BodyReading } {
  const query = flat(request.query);
  let bytes = request.rawBody;
  let known: BodyReading | undefined;
  if (request.method === 'GET' || request.method === 'HEAD') ({ bytes, body: known } = queryBody(query));
  else if (door?.mayBeEmpty && bytes.length === 0) known = readBody(undefined, Buffer.from('{}'));
  const body = () => (known ??= readBody(request.headers['content-type'], bytes));
  const post: Post = {
    params: flat(request.params),
    query,
    headers: request.headers,
    bytes,
    get body() {
      const read = body();
      return read.ok ? read.value : undefined;
    },
    get text() {
      return body().text;
    },
  };
  return { post, body };
}

/** Parameters given once, as text; the rest is nobody's. */
function flat(values: unknown): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries((values ?? {}) as Record<string, unknown>)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (typeof text === 'string') texts[name.slice(0, 100)] = text.replaceAll('\0', '\ufffd').slice(0, 2000);
  }
  return texts;
}

/** Who sends this, or the answer to somebody who may not. */
export async function welcome(
  ctx: Ctx,
  family: Family,
  post: Post,
): Promise<{ integration: Integration; key: string | undefined } | Answer> {
  const key = family.keyOf(post);
  const holder = await keyHolder(ctx, family.kind, key);
  if (holder.state === 'unknown') return unknownKey(ctx, family);
  if (holder.state === 'disabled') {
    await noteDropped(ctx, holder.integration.id);
    return switchedOff(ctx, family);
  }
  return { integration: holder.integration, key };
}

async function answerPost(request: RawRequest, house: House, family: Family, door: Door): Promise<Answer> {
  const { post, body } = postOf(request, door);
  return await takePost(house, family, door, { post, body, requestId: request.id, ip: request.ip });
}

/** A webhook of ours whose address is a door of ours: each of its posts would make the next one. */
const comesFromUs = (post: Post): boolean => {
  const mark = post.headers[OWN_MARK];
  return typeof mark === 'string' && sameText(mark, ownMark());
};

/** A post at a door, however it came there. */
export interface AtDoor {
  post: Post;
  /** Its body as read; asked when somebody needs it. */
  body(): BodyReading;
  requestId: string;
  ip: string;
}

/** Takes a post: whether it is really theirs, what it says, and the answer once it is stored. */
export async function takePost(house: House, family: Family, door: Door, at: AtDoor): Promise<Answer> {
  const { post } = at;
  if (comesFromUs(post)) return ownPost({ requestId: at.requestId }, family);
  const key = family.keyOf(post);
  let messageId = family.messageId?.(post);
  if (family.verify) {
    const verdict = await verified(at, house, family, key);
    if ('status' in verdict) return verdict;
    messageId = verdict.messageId ?? messageId;
  }
  let translated: Translated | undefined;
  if (family.translate) {
    const made = await translatedPost(at, house, family);
    if ('status' in made) return made;
    translated = made;
    messageId = made.messageId ?? messageId;
  }
  const bytes = translated?.bytes ?? post.bytes;
  let read: BodyReading | undefined;
  const body = translated ? () => (read ??= readBody('application/json', bytes)) : at.body;
  const wire = wireOf(family, door, post, key, at.requestId);
  const answer = await intakeOf(house).take({
    id: newId('sig'),
    family,
    purpose: door.purpose,
    contentType: translated ? 'application/json' : textHeader(post, 'content-type').slice(0, 200),
    headers: keptHeaders(post),
    bytes,
    get body() {
      return body();
    },
    key,
    idempotencyKey: short(messageId) ?? short(textHeader(post, 'idempotency-key')),
    wire: translated ? { ...wire, params: { ...wire.params, ...translated.params } } : wire,
    requestId: at.requestId,
    ip: at.ip,
  });
  const last =
    answer.status === 401 ? withoutIntegration({ requestId: at.requestId }, family, body(), post, answer) : answer;
  return last.status >= 400 && family.atDoor ? family.atDoor(last, wire.door) : last;
}

/** A post of a known sender as JSON; else the answer to it. */
async function translatedPost(at: AtDoor, house: House, family: Family): Promise<Translated | Answer> {
  const { requestId, ip } = at;
  const { ctx, holder, away } = await senderNow(house, family, family.keyOf(at.post), { requestId, ip });
  // Whose key it is cannot be asked: it may be a new one.
  if (holder.state === 'unknown')
    return away ? laterPlease(family, ctx, 'The database is away.') : unknownKey(ctx, family);
  if (holder.state === 'disabled') {
    if (!away) await noteDropped(ctx, holder.integration.id);
    return switchedOff(ctx, family);
  }
  return await family.translate!(ctx, holder.integration, at.post, openOptions(holder.integration));
}

/** Whether a signed post is really from whom its key says; else the answer to it. */
async function verified(
  { post, requestId, ip }: AtDoor,
  house: House,
  family: Family,
  key: string | undefined,
): Promise<{ messageId?: string } | Answer> {
  const { ctx, holder } = await senderNow(house, family, key, { requestId, ip });
  // Whom it is from is decided where all posts are: unknown and switched-off senders are answered there.
  if (holder.state !== 'ok') return {};
  const verdict = (await family.verify?.(ctx, post, openOptions(holder.integration))) ?? { ok: true };
  if (verdict.ok) return verdict.messageId === undefined ? {} : { messageId: verdict.messageId };
  if (verdict.later) return laterPlease(family, ctx, verdict.why);
  // Somebody who knows the address but not the secret, or a secret that was changed on one side only.
  await reportGarbage(ctx, { integrationId: holder.integration.id, reason: verdict.why }).catch((error: unknown) => {
    if (!isDatabaseAway(error)) throw error;
  });
  return refusal(family, ctx, 401, 'The signature does not fit', 'signals.signature', [verdict.why]);
}

/** Who holds the key, by the database; while that is away, by what was last known and this machine's clock. */
export async function senderNow(
  house: House,
  family: Family,
  key: string | undefined,
  at: { requestId: string; ip: string },
): Promise<{ ctx: Ctx; holder: KeyHolder; away: boolean }> {
  const actor = house.system('signals.ingest');
  try {
    const ctx = await house.ctx(actor, at);
    return { ctx, holder: await keyHolder(ctx, family.kind, key), away: false };
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    const now = new Date(processNow());
    const ctx: Ctx = { db: house.db, actor, now, exercise: false, log, audit: {}, within: [], ...at };
    return { ctx, holder: holderOf(knownKey(keyHashOf(key)), family.kind, now), away: true };
  }
}

/** Where it came in, with whatever equals the key left out. */
function wireOf(family: Family, door: Door, post: Post, key: string | undefined, requestId: string): Wire {
  const keyless = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== key));
  const headers: Record<string, string> = {};
  for (const name of family.headers ?? []) {
    const value = post.headers[name];
    if (typeof value === 'string') headers[name] = value.slice(0, 2000);
  }
  return {
    door: door.name ?? door.path,
    params: keyless(post.params),
    // The query of a GET is its body already.
    query: door.method === 'GET' ? {} : keyless(post.query),
    headers,
    ...(family.asynchronous ? { requestId } : {}),
  };
}

/** Nobody we know. A body that could not even be read is said to be that, because the key may be inside it. */
function withoutIntegration(
  ctx: Pick<Ctx, 'requestId'>,
  family: Family,
  body: BodyReading,
  post: Post,
  answer: Answer,
): Answer {
  if (!body.ok && family.keyOf(post) === undefined)
    return refusal(family, ctx, body.status, 'This cannot be read', 'signals.unreadable', [body.error]);
  return answer;
}

const textHeader = (post: Post, name: string): string => {
  const value = post.headers[name];
  return typeof value === 'string' ? value : '';
};

function keptHeaders(post: Post): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = post.headers[name];
    if (typeof value === 'string') kept[name] = value.slice(0, 500);
  }
  return kept;
}

/** As sent, or its hash when it is too long to store. */
function short(value: string | undefined): string | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  return value.length <= 255 ? value.trim() : `sha256:${sha256hex(value)}`;
}
