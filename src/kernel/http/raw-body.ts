/** Reads a body as bytes under a limit that also holds for what comes out of gzip or br. */
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';

const tooLarge = (limit: number) => new Problem(413, `The body is larger than ${limit} bytes`, { rule: 'http.size' });

/** The bytes, decoded. 413 over `limit`, 415 for a media type or encoding that is not taken, 400 for a broken encoding. */
export async function readRawBody(
  request: FastifyRequest,
  limit: number,
  types: string[],
  leaves: string[] = [],
): Promise<Buffer> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!types.includes('*') && type !== '' && !types.includes(type)) {
    throw new Problem(415, `Send ${types.join(' or ')}, not ${type}`, { rule: 'http.media_type' });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const stream = decoded(request, leaves);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    // Leaving the loop early must not destroy the request: the 413 still has to be written to its socket.
    for await (const part of (stream as Readable).iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > limit) throw tooLarge(limit);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'The body could not be read', {
      rule: 'http.body',
      detail: 'It was cut off, or its encoding is broken.',
    });
  }
  return Buffer.concat(parts, size);
}

function decoded(request: FastifyRequest, leaves: string[]): NodeJS.ReadableStream {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const source = request.raw;
  if (encoding === 'identity' || encoding === '' || leaves.includes(encoding)) return source;
  if (encoding === 'gzip' || encoding === 'x-gzip') return pipeErrors(source, createGunzip());
  if (encoding === 'br') return pipeErrors(source, createBrotliDecompress());
  throw new Problem(415, `The encoding “${encoding}” is not taken`, {
    rule: 'http.encoding',
    detail: 'Send the body plain, or with gzip or br.',
  });
}

function pipeErrors(source: NodeJS.ReadableStream, into: NodeJS.ReadWriteStream): NodeJS.ReadableStream {
  source.on('error', (error) => into.emit('error', error));
  return source.pipe(into);
}
