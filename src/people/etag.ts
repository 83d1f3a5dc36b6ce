/** Versions over HTTP: `If-Match` in, `ETag` out. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#kernel';

/** `If-Match: "3"` (or `W/"3"`), else the body's `version`. */
export function editedVersion(request: FastifyRequest, inBody: number | undefined): number | undefined {
  const header = /^(?:W\/)?"(\d{1,9})"$/.exec(request.headers['if-match'] ?? '');
  if (request.headers['if-match'] !== undefined && !header) {
    throw new Problem(412, 'This If-Match is not one of ours', {
      rule: 'people.version',
      detail: 'Send the ETag exactly as it was received.',
    });
  }
  return header ? Number(header[1]) : inBody;
}

/** Answers with the version as ETag. */
export function tagged<T extends { version: number }>(reply: FastifyReply, view: T): T {
  reply.header('etag', `"${view.version}"`);
  return view;
}
