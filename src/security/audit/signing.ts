/** The installation's Ed25519 key: made once, sealed at rest, its public half told to everybody. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { type Db, seal, unseal } from '#kernel';

export interface SigningKey {
  /** SHA-256 of the public key (DER, SPKI) in hex: what people compare by eye is its beginning. */
  id: string;
  /** PEM. */
  publicKey: string;
  /** Base64 of the Ed25519 signature over these UTF-8 bytes. */
  sign(text: string): string;
}

const place = (id: string) => `security.signingKeys:${id}`;

/** The id of a public key in PEM. */
export const keyIdOf = (publicKey: string): string =>
  createHash('sha256')
    .update(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** The newest key, made when there is none. Two nodes that make one at once agree on the older. */
export async function signingKey(db: Db): Promise<SigningKey> {
  let row = await newest(db);
  if (!row) {
    const pair = generateKeyPairSync('ed25519');
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const id = keyIdOf(publicKey);
    const secret = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    await db
      .insertInto('security.signingKeys')
      .values({ id, publicKey, sealedKey: seal(secret, place(id)) })
      .execute();
    row = (await newest(db))!;
  }
  const { id, publicKey, sealedKey } = row;
  return {
    id,
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), createPrivateKey(unseal(sealedKey, place(id)))).toString('base64'),
  };
}

const newest = (db: Db) =>
  db
    .selectFrom('security.signingKeys')
    .select(['id', 'publicKey', 'sealedKey'])
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
