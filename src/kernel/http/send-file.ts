/** Sends a file that is made while it is read: nothing of it is held in memory longer than it takes to write. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import { log } from '../log.ts';

/**
 * Answers with a download. The first part is made before the headers go out, so that a refusal (404) is still an answer;
 * when a later part fails the connection is cut, so that nobody takes half a file for a whole one.
 */
export async function sendFile(
  reply: FastifyReply,
  file: { type: string; name: string },
  parts: AsyncIterable<string | Uint8Array>,
): Promise<undefined> {
  const each = parts[Symbol.asyncIterator]();
  const first = await each.next();
  const rest = async function* () {
    for (let part = first; !part.done; part = await each.next()) yield part.value;
  };
  const headers = reply.getHeaders();
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': file.type,
    'content-disposition': `attachment; filename="${file.name}"`,
  });
  await pipeline(Readable.from(rest(), { objectMode: false, highWaterMark: 256 * 1024 }), reply.raw).catch(
    (error: Error) => {
      // Somebody who goes away while it is sent is no fault of ours.
      log.info({ error: error.message, file: file.name }, 'a download ended before its end');
      reply.raw.destroy();
    },
  );
  return undefined;
}
