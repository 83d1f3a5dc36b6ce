/** What every request must pass before anything reads it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../context.ts';
import { config } from '../config.ts';
import { Problem } from '../errors.ts';

const MAX_HEADERS = 200;

/** Refuses ambiguous hosts, header floods and methods that only help attackers. */
export function guardRequest(request: FastifyRequest): void {
  const raw = request.raw.rawHeaders;
  if (raw.length / 2 > MAX_HEADERS)
    throw new Problem(431, `More than ${MAX_HEADERS} header fields`, { rule: 'http.headers' });
  let hosts = 0;
  for (let i = 0; i < raw.length; i += 2) if (raw[i]?.toLowerCase() === 'host') hosts++;
  if (hosts > 1) throw new Problem(400, 'Two Host headers', { rule: 'http.host' });
}

/** A browser's write must come from our own pages: `Origin` ours, or our own header where a browser sends none. */
export function guardOrigin(request: FastifyRequest, actor: Actor | undefined): void {
  // Only a cookie is sent by a browser on its own; bearer tokens are not, so they need no guard.
  if (actor?.kind !== 'user' && !request.cookies.evenkeel) {
    const origin = request.headers.origin;
    if (origin === undefined || sameOrigin(origin, request)) return;
    if (request.headers.authorization) return;
    throw foreign();
  }
  const origin = request.headers.origin;
  if (origin !== undefined ? sameOrigin(origin, request) : request.headers['x-evenkeel'] !== undefined) return;
  throw foreign();
}

const foreign = () =>
  new Problem(403, 'This request comes from another site', {
    rule: 'http.origin',
    detail: 'Reload the page and try again.',
  });

function sameOrigin(origin: string, request: FastifyRequest): boolean {
  if (origin === new URL(config.publicUrl).origin) return true;
  return origin === `http://${request.headers.host}` || origin === `https://${request.headers.host}`;
}

/** Content security policy and its companions. `cspNonce` on the reply allows the one style element of the console. */
export function securityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  reply.header('content-security-policy', contentSecurityPolicy());
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
  reply.header('x-frame-options', 'DENY');
  reply.header('cross-origin-opener-policy', 'same-origin');
  reply.header('cross-origin-resource-policy', 'same-origin');
  reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  if (config.publicUrl.startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000');
  if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
}

/** The policy: only our own files, no inline script; `nonce` admits the console's generated style sheet. */
export const contentSecurityPolicy = (nonce?: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''}`,
    // React sets style attributes through the DOM; Mantine also renders some as attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
  ].join('; ');
