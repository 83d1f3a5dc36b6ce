/** A bucket that speaks S3's PUT, GET and DELETE and checks every signature by its own reading of AWS Signature Version 4. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Bucket {
  /** Endpoint, without the bucket. */
  url: string;
  /** Key → what stands there. */
  objects: Map<string, { body: string; type: string; cache: string }>;
  /** Signatures that were wrong, and calls, by method. */
  refused: number;
  calls: Record<string, number>;
  /** Answers so from now on, whoever asks; undefined works again. */
  down?: { status: number; body: string } | undefined;
  close(): Promise<void>;
}

const hash = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const mac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();

/** Recomputes the signature from what came over the wire; undefined when it is right, otherwise what is wrong. */
function wrong(request: IncomingMessage, body: Buffer, keys: { id: string; secret: string }): string | undefined {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!said) return 'AccessDenied';
  const [, id, day = '', region = '', names = '', signature] = said;
  const stamp = String(request.headers['x-amz-date'] ?? '');
  if (id !== keys.id) return 'InvalidAccessKeyId';
  if (!stamp.startsWith(day) || !names.split(';').includes('host')) return 'AccessDenied';
  if (request.headers['x-amz-content-sha256'] !== hash(body)) return 'XAmzContentSHA256Mismatch';
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const lines = names.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = `${request.method}\n${path}\n${query}\n${lines.join('')}\n${names}\n${hash(body)}`;
  let key: Buffer = Buffer.from(`AWS4${keys.secret}`);
  for (const part of [day, region, 's3', 'aws4_request']) key = mac(key, part);
  const text = `AWS4-HMAC-SHA256\n${stamp}\n${day}/${region}/s3/aws4_request\n${hash(canonical)}`;
  return mac(key, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
}

/** Opens a bucket on a free loopback port. */
export async function openBucket(name: string, keys: { id: string; secret: string }): Promise<Bucket> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const method = request.method ?? '';
    bucket.calls[method] = (bucket.calls[method] ?? 0) + 1;
    const say = (status: number, text = '', type = 'application/xml') => {
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    };
    if (bucket.down) return say(bucket.down.status, bucket.down.body);
    const code = wrong(request, body, keys);
    if (code) {
      bucket.refused += 1;
      return say(403, `<Error><Code>${code}</Code></Error>`);
    }
    const key = decodeURIComponent((request.url ?? '').split('?')[0]!.slice(1));
    if (!key.startsWith(`${name}/`)) return say(404, '<Error><Code>NoSuchBucket</Code></Error>');
    const path = key.slice(name.length + 1);
    if (method === 'PUT') {
      const { 'content-type': type = '', 'cache-control': cache = '' } = request.headers;
      bucket.objects.set(path, { body: body.toString('utf8'), type, cache });
      return say(200);
    }
    if (method === 'DELETE') {
      bucket.objects.delete(path);
      return say(204);
    }
    const found = bucket.objects.get(path);
    return found ? say(200, found.body, found.type) : say(404, '<Error><Code>NoSuchKey</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bucket: Bucket = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    refused: 0,
    calls: {},
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return bucket;
}
