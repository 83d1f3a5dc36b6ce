/** AWS Signature Version 4 for one request to a bucket: header authentication, whole body signed. Pure. */
import { createHash, createHmac } from 'node:crypto';

export interface Signing {
  accessKeyId: string;
  secretKey: string;
  region: string;
  service?: string;
  /** The moment of the request; the server refuses it when it is far off. */
  at: Date;
}

export interface Signable {
  method: string;
  url: URL;
  /** Signed all of them, beside `host`, `x-amz-date` and `x-amz-content-sha256`, which are added. */
  headers: Record<string, string>;
  body: Buffer | string;
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

/** RFC 3986: everything but letters, digits and `-._~`, which encodeURIComponent nearly does. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The path of a key below a bucket, as it is sent and signed: each part encoded once, as S3 wants it. */
export const keyPath = (...parts: string[]): string => `/${parts.join('/').split('/').map(encode).join('/')}`;

/** All headers to send, with `authorization`. */
export function signed(request: Signable, { accessKeyId, secretKey, region, service = 's3', at }: Signing) {
  const stamp = at.toISOString().replace(/[:-]|\.\d{3}/g, '');
  const day = stamp.slice(0, 8);
  const bodyHash = sha256(request.body);
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    host: request.url.host,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': stamp,
  };
  const names = Object.keys(headers).sort();
  const query = [...request.url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonical = [
    request.method,
    request.url.pathname,
    query,
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secretKey}`, day), region), service), 'aws4_request');
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`)
    .digest('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}
