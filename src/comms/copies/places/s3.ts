/** A bucket of S3 or of a server that speaks the same: signed PUT and DELETE, path style. */
import { checkUrl, type Ctx, egressFetch, invalid } from '#kernel';
import { keyPath, signed } from '../sigv4.ts';
import { type Place, type Target, typeOf } from './place.ts';

const MOST_BYTES = 4_000_000;

/** One signed call. Throws with what the server said when it refuses. */
async function call(
  ctx: Ctx,
  { config, secret = '' }: Target<'s3'>,
  method: 'GET' | 'PUT' | 'DELETE',
  path: string,
  text?: string,
): Promise<string> {
  const key = config.prefix ? `${config.prefix}/${path}` : path;
  const url = new URL(config.endpoint.replace(/\/+$/, '') + keyPath(config.bucket, key));
  const body = Buffer.from(text ?? '');
  const headers = signed(
    {
      method,
      url,
      headers:
        method === 'PUT'
          ? {
              'content-type': typeOf(path),
              'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000' : 'public, max-age=15',
            }
          : {},
      body,
    },
    { accessKeyId: config.accessKeyId, secretKey: secret, region: config.region, at: ctx.now },
  );
  const answer = await egressFetch(ctx, url.href, {
    method,
    headers,
    ...(method === 'PUT' && { body }),
    timeoutMs: 15_000,
    maxBytes: MOST_BYTES,
    purpose: 'status page copy',
  });
  if (answer.status >= 300 && !(method === 'DELETE' && answer.status === 404)) {
    const code = /<Code>([\w.]{1,60})<\/Code>/.exec(answer.text)?.[1];
    throw new Error(`${url.host} answered ${answer.status}${code ? ` (${code})` : ''} to ${method} ${path}`);
  }
  return answer.text;
}

export const s3: Place<'s3'> = {
  kind: 's3',
  check({ endpoint }, secret) {
    checkUrl(endpoint);
    if (!secret)
      throw invalid('A bucket needs its secret key', 'comms.copies', [{ path: 'secret', message: 'the secret key' }]);
  },
  // A bucket knows no “try it with .html”: the pages are called as their addresses.
  named: (path) => (/(?:^|\/)index\.html$|^404\.html$/.test(path) ? path : path.replace(/\.html$/, '')),
  async push(ctx, target, { write, remove }) {
    const list = [...write];
    // The front page is the last of the list and goes alone, when everything it leads to is there.
    const last = list.pop();
    for (let at = 0; at < list.length; at += 8)
      await Promise.all(list.slice(at, at + 8).map(([path, text]) => call(ctx, target, 'PUT', path, text)));
    if (last) await call(ctx, target, 'PUT', ...last);
    for (const path of remove) await call(ctx, target, 'DELETE', path);
  },
  read: (ctx, target, path) => call(ctx, target, 'GET', path),
};
