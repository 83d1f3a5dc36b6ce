/** The two networks with a public interface: how a post is made there, and how it is read back. Each by its own documents. */
import { createHash } from 'node:crypto';
import { type Ctx, egressFetch, Problem } from '#kernel';

export interface Account {
  mastodon: { server: string; token: string } | null;
  bluesky: { service: string; identifier: string; password: string } | null;
}
export type Posted = { remoteId: string; url: string } | { error: string; permanent: boolean };
export type Read = { text: string } | { gone: true } | { error: string };

type Answer = { status: number; json: Record<string, unknown> };

async function call(
  ctx: Ctx,
  url: string,
  method: 'GET' | 'POST',
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> {
  const answer = await egressFetch(ctx, url, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
    timeoutMs: 10_000,
    maxBytes: 262_144,
    purpose: 'social',
  });
  let json: Record<string, unknown> = {};
  try {
    json = JSON.parse(answer.text) as Record<string, unknown>;
  } catch {
    // A page of HTML, or nothing: the status says enough.
  }
  return { status: answer.status, json };
}

const refused = ({ status, json }: Answer, who: string): { error: string; permanent: boolean } => ({
  error: `${who} answered ${status}${typeof json.error === 'string' ? `: ${json.error.slice(0, 200)}` : ''}`,
  // A wrong token may be mended; only what can never be right is given up.
  permanent: status === 422 || status === 413,
});
const failed = (error: unknown): { error: string; permanent: boolean } => {
  if (error instanceof Problem) return { error: error.message, permanent: error.rule === 'egress.url' };
  throw error;
};

/** Mastodon: `POST /api/v1/statuses`; the idempotency key makes a repeat the same post. */
export async function postMastodon(
  ctx: Ctx,
  account: NonNullable<Account['mastodon']>,
  key: string,
  text: string,
): Promise<Posted> {
  try {
    const answer = await call(
      ctx,
      `${account.server}/api/v1/statuses`,
      'POST',
      { authorization: `Bearer ${account.token}`, 'idempotency-key': key },
      { status: text, visibility: 'public' },
    );
    if (answer.status !== 200 || typeof answer.json.id !== 'string') return refused(answer, 'Mastodon');
    return { remoteId: answer.json.id, url: typeof answer.json.url === 'string' ? answer.json.url : '' };
  } catch (error) {
    return failed(error);
  }
}

/** The text without the markup Mastodon puts around it. */
const bare = (html: string): string =>
  html
    .replace(/<br\s*\/?>|<\/p><p>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&apos;/g, '’');

export async function readMastodon(ctx: Ctx, account: NonNullable<Account['mastodon']>, id: string): Promise<Read> {
  try {
    const answer = await call(ctx, `${account.server}/api/v1/statuses/${encodeURIComponent(id)}`, 'GET', {
      authorization: `Bearer ${account.token}`,
    });
    if (answer.status === 404 || answer.status === 410) return { gone: true };
    return answer.status === 200 ? { text: bare(String(answer.json.content ?? '')) } : refused(answer, 'Mastodon');
  } catch (error) {
    return failed(error);
  }
}

async function session(ctx: Ctx, { service, identifier, password }: NonNullable<Account['bluesky']>) {
  const answer = await call(
    ctx,
    `${service}/xrpc/com.atproto.server.createSession`,
    'POST',
    {},
    { identifier, password },
  );
  const { accessJwt, did } = answer.json;
  return typeof accessJwt === 'string' && typeof did === 'string'
    ? { token: accessJwt, did }
    : refused(answer, 'Bluesky');
}

const DIGITS = '234567abcdefghijklmnopqrstuvwxyz';
/** A record key of the AT Protocol (TID) that is the same for the same revision: a repeat writes the same record. */
export function tidOf(key: string, at: Date): string {
  const clock = createHash('sha256').update(key).digest().readUInt16BE(0) % 1024;
  let value = BigInt(at.getTime()) * 1000n * 1024n + BigInt(clock);
  let text = '';
  for (let i = 0; i < 13; i++) {
    text = DIGITS[Number(value % 32n)] + text;
    value /= 32n;
  }
  return text;
}

/** Links in the bytes of the text, as Bluesky wants them. */
function facetsOf(text: string): object[] {
  return [...text.matchAll(/https?:\/\/\S+/g)].map((match) => {
    const byteStart = Buffer.byteLength(text.slice(0, match.index));
    return {
      index: { byteStart, byteEnd: byteStart + Buffer.byteLength(match[0]) },
      features: [{ $type: 'app.bsky.richtext.facet#link', uri: match[0] }],
    };
  });
}

/** Bluesky: a session, then `com.atproto.repo.putRecord` under a key of our own. */
export async function postBluesky(
  ctx: Ctx,
  account: NonNullable<Account['bluesky']>,
  key: string,
  text: string,
  at: Date,
): Promise<Posted> {
  try {
    const opened = await session(ctx, account);
    if ('error' in opened) return opened;
    const rkey = tidOf(key, at);
    const answer = await call(
      ctx,
      `${account.service}/xrpc/com.atproto.repo.putRecord`,
      'POST',
      { authorization: `Bearer ${opened.token}` },
      {
        repo: opened.did,
        collection: 'app.bsky.feed.post',
        rkey,
        record: {
          $type: 'app.bsky.feed.post',
          text,
          createdAt: at.toISOString(),
          langs: ['en'],
          facets: facetsOf(text),
        },
      },
    );
    if (answer.status !== 200 || typeof answer.json.uri !== 'string') return refused(answer, 'Bluesky');
    return { remoteId: answer.json.uri, url: `https://bsky.app/profile/${account.identifier}/post/${rkey}` };
  } catch (error) {
    return failed(error);
  }
}

/** `at://did/app.bsky.feed.post/rkey`. */
export async function readBluesky(ctx: Ctx, account: NonNullable<Account['bluesky']>, uri: string): Promise<Read> {
  const [, repo = '', collection = '', rkey = ''] = /^at:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(uri) ?? [];
  try {
    const query = new URLSearchParams({ repo, collection, rkey });
    const answer = await call(ctx, `${account.service}/xrpc/com.atproto.repo.getRecord?${query}`, 'GET', {});
    if (answer.status === 400 || answer.status === 404) return { gone: true };
    const value = answer.json.value as { text?: unknown } | undefined;
    return answer.status === 200 ? { text: String(value?.text ?? '') } : refused(answer, 'Bluesky');
  } catch (error) {
    return failed(error);
  }
}
