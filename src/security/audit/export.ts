/** The audit log as JSON lines that the stand-alone verifier reads (docs/operate/record.md describes every line). */
import { canonicalJson, config, type Ctx, isHidden, sha256hex, unveiled } from '#kernel';
import { headsAfter } from './heads.ts';
import { signingKey } from './signing.ts';

export const AUDIT_FORMAT = 'evenkeel.audit/v1';
const AT_ONCE = 2000;

const row = (value: unknown) => `${JSON.stringify(value)}\n`;

/**
 * Header, entries in order, the people as the directory names them now, signed heads, and a signed end. Entries of
 * incidents that are hidden from the reader keep their place and hash and lose their content.
 */
export async function* auditLines(ctx: Ctx): AsyncGenerator<string> {
  const db = unveiled(ctx.db);
  const key = await signingKey(db);
  const head = await db.selectFrom('security.auditHead').selectAll().executeTakeFirstOrThrow();
  yield row({
    format: AUDIT_FORMAT,
    installation: config.publicUrl,
    exportedAt: ctx.now.toISOString(),
    key: { id: key.id, algorithm: 'ed25519', publicKey: key.publicKey },
  });
  for (let after = 0; after < head.seq;) {
    const rows = await db
      .selectFrom('security.audit')
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', head.seq)
      .orderBy('seq')
      .limit(AT_ONCE)
      .execute();
    const last = rows.at(-1);
    if (!last) break;
    after = last.seq;
    yield rows.map((entry) => row({ entry: shown(ctx, entry) })).join('');
  }
  yield* people(ctx);
  for (let number = 0; ;) {
    const heads = await headsAfter(db, number, AT_ONCE);
    if (heads.length === 0) break;
    number = heads.at(-1)!.number;
    yield heads.map(({ number: _, ...signed }) => row({ head: signed })).join('');
  }
  const end = canonicalJson({ format: AUDIT_FORMAT, at: ctx.now.toISOString(), seq: head.seq, hash: head.hash });
  yield row({ end: { statement: end, signature: key.sign(end), key: key.id, sha256: sha256hex(end) } });
}

type AuditRow = {
  at: Date;
  subject: string | null;
  incident: string | null;
  seq: number;
  hash: string;
  prevHash: string;
};

function shown(ctx: Ctx, entry: AuditRow): object {
  if (isHidden(ctx, entry.incident ?? '') || isHidden(ctx, entry.subject ?? ''))
    return { seq: entry.seq, withheld: true, prevHash: entry.prevHash, hash: entry.hash };
  return { ...entry, at: entry.at.toISOString() };
}

/** Whom the log's ids stand for today: a name changed behind its back does not fit what the log says of it. */
async function* people(ctx: Ctx): AsyncGenerator<string> {
  const users = await ctx.db.selectFrom('security.users').select(['id', 'name']).orderBy('id').execute();
  if (users.length > 0) yield users.map((user) => row({ person: user })).join('');
}
