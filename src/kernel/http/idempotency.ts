/** `Idempotency-Key` on our own POSTs: the same key and body give the same answer, the work is done once. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Actor } from '../context.ts';
import { canonicalJson, seal, sha256hex, unseal } from '../crypto.ts';
import type { StampedAt } from '../db/database.ts';
import { Problem } from '../errors.ts';
import type { House } from '../house.ts';

declare module '../db/database.ts' {
  interface Database {
    'kernel.idempotency': {
      scope: string;
      key: string;
      requestHash: string;
      status: number;
      body: string | null;
      createdAt: StampedAt;
    };
  }
}

/** A claim without an answer is worth this long; then its holder is taken for dead. Answers are kept sealed: one may hold a secret. */
const CLAIM_SECONDS = 60;

export interface Claim {
  /** Stores the answer under the key. */
  keep(status: number, body: unknown): Promise<void>;
  /** Frees the key, because nothing was done. */
  free(): Promise<void>;
}

/**
 * Claims the key of this request. Undefined when it has none; `'answered'` when the stored answer was sent.
 * Throws 422 for the same key with another body and 409 while the first request is still running.
 */
export async function claimKey(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  actor: Actor | undefined,
  endpointId: string,
): Promise<Claim | 'answered' | undefined> {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || typeof key !== 'string' || !actor) return undefined;
  if (key.length < 1 || key.length > 200)
    throw new Problem(400, 'An idempotency key has 1 to 200 characters', { rule: 'http.idempotency' });
  const scope = `${actor.id}/${endpointId}`;
  const requestHash = sha256hex(canonicalJson([request.url, request.body ?? null]));
  await sql`delete from kernel.idempotency where scope = ${scope} and key = ${key}
    and (created_at < kernel.now() - interval '24 hours' or (status = 0 and created_at < kernel.now() - make_interval(secs => ${CLAIM_SECONDS})))`.execute(
    house.db,
  );
  const mine = await house.db
    .insertInto('kernel.idempotency')
    .values({ scope, key, requestHash, status: 0 })
    .onConflict((oc) => oc.doNothing())
    .returning('key')
    .executeTakeFirst();
  const own = house.db.selectFrom('kernel.idempotency').selectAll().where('scope', '=', scope).where('key', '=', key);
  if (!mine) return replay(reply, await own.executeTakeFirst(), requestHash);
  return {
    keep: async (status, body) => {
      await house.db
        .updateTable('kernel.idempotency')
        .set({ status, body: seal(JSON.stringify(body ?? null), `idempotency:${scope}:${key}`) })
        .where('scope', '=', scope)
        .where('key', '=', key)
        .execute();
    },
    free: async () => {
      await house.db.deleteFrom('kernel.idempotency').where('scope', '=', scope).where('key', '=', key).execute();
    },
  };
}

function replay(
  reply: FastifyReply,
  stored: { scope: string; key: string; requestHash: string; status: number; body: string | null } | undefined,
  requestHash: string,
): 'answered' {
  if (stored && stored.requestHash !== requestHash) {
    throw new Problem(422, 'This idempotency key was used with another request', {
      rule: 'http.idempotency',
      detail: 'Use a new key for a new request.',
    });
  }
  if (!stored || stored.status === 0) {
    reply.header('retry-after', '1');
    throw new Problem(409, 'The first request with this key is still running', { rule: 'http.idempotency' });
  }
  reply.header('idempotency-replayed', 'true').code(stored.status);
  if (stored.status === 204) reply.send();
  else
    reply
      .type('application/json; charset=utf-8')
      .send(unseal(stored.body ?? '', `idempotency:${stored.scope}:${stored.key}`));
  return 'answered';
}
