/** Hosts typed without a URL: checked in form when saved, looked up and checked again at every connect. */
import { isIP } from 'node:net';
import { addressFor, mayReach, Problem } from '#kernel';
import type { FieldProblem } from './family.ts';

/** The host as a URL would read it (`0x7f.1` is 127.0.0.1), or undefined when it is none. */
export function plainHost(text: string): string | undefined {
  const bare = text.trim().replace(/^\[|\]$/g, '');
  if (bare === '' || bare.length > 253 || /[\s/\\?#@%\p{Cc}]/u.test(bare)) return undefined;
  const form = isIP(bare) === 6 ? `http://[${bare}]` : `http://${bare}`;
  if (isIP(bare) !== 6 && bare.includes(':')) return undefined;
  return URL.canParse(form) ? new URL(form).hostname.replace(/^\[|\]$/g, '') : undefined;
}

/** What is wrong with a host and port; a name is looked at again when connecting. */
export function problemsOfHost(text: string, port: number, path: string): FieldProblem[] {
  const host = plainHost(text);
  if (host === undefined) return [{ path, message: 'A host name or an address, without scheme and port.' }];
  const local =
    /^localhost\.?$|\.localhost\.?$/i.test(host) && !mayReach('localhost', port) && !mayReach('127.0.0.1', port);
  if (local || (isIP(host) !== 0 && !mayReach(host, port)))
    return [
      {
        path,
        message: `${host} is a private or reserved address; an administrator may allow it with EVENKEEL_EGRESS_ALLOW=${host}:${port}`,
      },
    ];
  return [];
}

/** The address to connect to. Throws Problem `egress.address`, or an Error when the name is not known. */
export async function reach(text: string, port: number): Promise<string> {
  const host = plainHost(text);
  if (host === undefined) throw new Problem(422, 'That is no host', { rule: 'egress.address' });
  if (isIP(host) === 0) return (await addressFor(host, port)).address;
  if (!mayReach(host, port))
    throw new Problem(422, `${host} is a private or reserved address`, { rule: 'egress.address' });
  return host;
}
