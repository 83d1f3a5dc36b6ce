/** Two networks as small real servers: Mastodon's statuses, and the part of the AT Protocol that Bluesky's posts need. */
import { openSink, type Sink } from './sink.ts';

export interface Social {
  /** Base address of either network. */
  url: string;
  /** Posts by id as the network holds them: text as it shows it. */
  posts: Map<string, string>;
  requests: Sink['requests'];
  /** Answers so many further posts with this status before it works again. */
  breaks(status: number, times: number): void;
  close(): Promise<void>;
}

const html = (text: string) =>
  `<p>${text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c).replace(/(https?:\/\/\S+)/g, '<a href="$1"><span>$1</span></a>')}</p>`;

export async function openSocial(): Promise<Social> {
  const sink = await openSink();
  const posts = new Map<string, string>();
  const byKey = new Map<string, string>();
  let broken = { status: 200, times: 0 };
  sink.answer(({ method, path, headers, json }) => {
    const body = (json ?? {}) as Record<string, unknown>;
    const posting = method === 'POST' && !path.includes('createSession');
    if (posting && broken.times > 0) {
      broken = { ...broken, times: broken.times - 1 };
      return { status: broken.status, body: { error: 'not now' } };
    }
    if (path === '/xrpc/com.atproto.server.createSession') {
      const fine = body.identifier === 'status.example.com' && body.password === 'app-password-1';
      return fine
        ? { body: { accessJwt: 'jwt', did: 'did:plc:evenkeel' } }
        : { status: 401, body: { error: 'AuthenticationRequired' } };
    }
    if (path === '/xrpc/com.atproto.repo.putRecord') {
      if (headers.authorization !== 'Bearer jwt') return { status: 401, body: { error: 'AuthMissing' } };
      const { rkey, record } = body as { rkey: string; record: { text: string } };
      const uri = `at://did:plc:evenkeel/app.bsky.feed.post/${rkey}`;
      posts.set(uri, record.text);
      return { body: { uri, cid: 'bafy' } };
    }
    if (path.startsWith('/xrpc/com.atproto.repo.getRecord')) {
      const query = new URL(path, sink.url).searchParams;
      const text = posts.get(`at://${query.get('repo')}/${query.get('collection')}/${query.get('rkey')}`);
      return text === undefined ? { status: 400, body: { error: 'RecordNotFound' } } : { body: { value: { text } } };
    }
    if (headers.authorization !== 'Bearer mastodon-token')
      return { status: 401, body: { error: 'The access token is invalid' } };
    if (method === 'POST' && path === '/api/v1/statuses') {
      const key = String(headers['idempotency-key']);
      const id = byKey.get(key) ?? String(1000 + byKey.size);
      byKey.set(key, id);
      posts.set(id, String(body.status));
      return { body: { id, url: `${sink.url}/@status/${id}` } };
    }
    const text = posts.get(path.split('/').at(-1) ?? '');
    return text === undefined
      ? { status: 404, body: { error: 'Record not found' } }
      : { body: { id: 'x', content: html(text) } };
  });
  return {
    url: sink.url,
    posts,
    requests: sink.requests,
    breaks: (status, times) => {
      broken = { status, times };
    },
    close: () => sink.close(),
  };
}
