/** Where senders carry a key: the address, a header, the query. Each family says which of them it takes. */
import type { Post } from './family.ts';

const one = (value: string | string[] | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);

/** `Authorization` with this scheme. */
export function schemeKey(post: Post, scheme: string): string | undefined {
  const [word = '', value = ''] = (one(post.headers.authorization) ?? '').trim().split(/\s+/, 2);
  return word.toLowerCase() === scheme.toLowerCase() && value !== '' ? value : undefined;
}

/** The password of HTTP basic; the user name is not looked at, because senders demand one. */
export function basicKey(post: Post): string | undefined {
  const value = schemeKey(post, 'Basic');
  if (value === undefined) return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return one(text.slice(text.indexOf(':') + 1));
}

/** `Authorization` with whatever scheme the sender was given; its second word is the key. */
export function anySchemeKey(post: Post): string | undefined {
  const words = (one(post.headers.authorization) ?? '').trim().split(/\s+/);
  return words.length === 2 && words[0]?.toLowerCase() !== 'basic' ? one(words[1]) : undefined;
}

/** In this order: the address, bearer, basic, `X-Api-Key`, the query's `token`, `auth_token` or `api_key`. */
export const anyKey = (post: Post): string | undefined =>
  one(post.params.key) ??
  schemeKey(post, 'Bearer') ??
  basicKey(post) ??
  one(post.headers['x-api-key']) ??
  one(post.query.token) ??
  one(post.query.auth_token) ??
  one(post.query.api_key);
