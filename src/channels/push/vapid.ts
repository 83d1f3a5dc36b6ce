/** Who we are to a push service: a key pair of this installation, made and sealed at the first use, and the token of RFC 8292. */
import { createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { type Ctx, seal, unseal } from '#kernel';

/** Push services refuse more than a day. */
const TOKEN_LIFE_S = 12 * 3600;
const PLACE = 'channels.push_keys';

export interface PushKeys {
  /** 65 bytes, base64url: what a browser subscribes with. */
  publicKey: string;
  privateKey: JsonWebKey;
}

/** The key pair of this installation. Two nodes that ask first at once agree on one. */
export async function pushKeys(ctx: Pick<Ctx, 'db' | 'now'>): Promise<PushKeys> {
  const row = (await readKeys(ctx)) ?? (await makeKeys(ctx));
  return { publicKey: row.publicKey, privateKey: JSON.parse(unseal(row.sealedPrivate, PLACE)) as JsonWebKey };
}

const readKeys = (ctx: Pick<Ctx, 'db'>) => ctx.db.selectFrom('channels.pushKeys').selectAll().executeTakeFirst();

async function makeKeys(ctx: Pick<Ctx, 'db' | 'now'>) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  await ctx.db
    .insertInto('channels.pushKeys')
    .values({
      publicKey: point.toString('base64url'),
      sealedPrivate: seal(JSON.stringify(privateKey.export({ format: 'jwk' })), PLACE),
      createdAt: ctx.now,
    })
    .onConflict((on) => on.column('one').doNothing())
    .execute();
  const row = await readKeys(ctx);
  if (!row) throw new Error('the key pair of Web Push could not be made');
  return row;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The `Authorization` of one message: a token for that push service alone. `subject`: how its keepers reach ours. */
export function vapidHeader(keys: PushKeys, endpoint: string, subject: string, now: Date): string {
  const exp = Math.floor(now.getTime() / 1000) + TOKEN_LIFE_S;
  const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({ aud: new URL(endpoint).origin, exp, sub: subject })}`;
  const key = createPrivateKey({ key: keys.privateKey, format: 'jwk' });
  const mac = sign('SHA256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `vapid t=${signed}.${mac}, k=${keys.publicKey}`;
}
