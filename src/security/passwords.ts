/** Passwords: argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane). */
import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { sameText } from '#kernel';

const run = promisify(argon2) as (algorithm: 'argon2id', options: object) => Promise<Buffer>;

const derive = (password: string, nonce: Buffer) =>
  run('argon2id', {
    message: Buffer.from(password.normalize('NFKC')),
    nonce,
    parallelism: 1,
    tagLength: 32,
    memory: 19_456,
    passes: 2,
  });

/** `argon2id$<nonce>$<tag>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  return `argon2id$${nonce.toString('base64url')}$${(await derive(password, nonce)).toString('base64url')}`;
}

const ABSENT = `argon2id$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(32).toString('base64url')}`;

/** Checks a password; takes the same time when there is no such person or no password. */
export async function checkPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const [, nonce = '', tag = ''] = (stored ?? ABSENT).split('$');
  const same = sameText((await derive(password, Buffer.from(nonce, 'base64url'))).toString('base64url'), tag);
  return same && stored != null;
}
