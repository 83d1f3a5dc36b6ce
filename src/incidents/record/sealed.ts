/**
 * Restricted entries inside an incident that everybody may read. The timeline holds a sentence that says so and a fingerprint of the
 * words; the words lie sealed beside it. Whatever reads the timeline cannot show what is not there, the chain proves the
 * words all the same, and the one door to them (`readRestricted`) writes down who went through it.
 */
import { canonicalJson, type Ctx, Problem, personOf, randomToken, readSetting, seal, sha256hex, unseal } from '#kernel';
import { holdingsOf } from '../roles/store.ts';
import { restrictedPolicy } from '../settings.ts';
import type { IncidentRow, TimelineRow } from '../tables.ts';
import { type Ref, storable } from './model.ts';
import type { NewEntry } from './store.ts';

/** Who may read a restricted entry beside its author. */
export interface Readers {
  roles: string[];
  people: string[];
}

/** What stands in the timeline in place of the words. */
export const SEALED_WORDS = 'Restricted entry: readable to a few, each reading is written down';
export const SEALED_REF = 'sealed';

interface Words {
  salt: string;
  text: string;
  refs: Ref[];
}

/** SHA-256 over salt, words and references: with them shown, anybody can check that they are the ones of the record. */
export const fingerprintOf = (words: Words): string => sha256hex(canonicalJson(words));

const place = (incidentId: string, fingerprint: string) => `incidents.sealed_entries ${incidentId} ${fingerprint}`;

/** The entry as the timeline may hold it, and how its words are kept once it has a number. */
export async function sealEntry(ctx: Ctx, incident: IncidentRow, entry: NewEntry) {
  const words: Words = { salt: randomToken(16), text: storable(entry.text), refs: entry.refs ?? [] };
  const fingerprint = fingerprintOf(words);
  const policy = await readSetting(ctx, restrictedPolicy);
  const veiled: NewEntry = { ...entry, text: SEALED_WORDS, refs: [{ kind: SEALED_REF, id: fingerprint }] };
  const keep = ({ seq }: TimelineRow) =>
    ctx.db
      .insertInto('incidents.sealedEntries')
      .values({
        incidentId: incident.id,
        seq,
        sealed: seal(canonicalJson(words), place(incident.id, fingerprint)),
        fingerprint,
        authorId: personOf(entry.actor ? { ...ctx.actor, ...entry.actor } : ctx.actor) ?? ctx.actor.id,
        roles: entry.readers?.roles ?? policy.roles,
        people: [...new Set(entry.readers?.people ?? [])],
        exercise: incident.exercise,
      })
      .execute();
  return { veiled, keep };
}

/** The sealed entry as stored; undefined when that entry is not restricted. */
export const sealedOf = (ctx: Pick<Ctx, 'db'>, incidentId: string, seq: number) =>
  ctx.db
    .selectFrom('incidents.sealedEntries')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('seq', '=', seq)
    .executeTakeFirst();

type SealedRow = NonNullable<Awaited<ReturnType<typeof sealedOf>>>;

export const openSealed = (row: SealedRow): Words =>
  JSON.parse(unseal(row.sealed, place(row.incidentId, row.fingerprint))) as Words;

/** Refuses whoever is neither its author, nor named, nor holds one of its roles now. Only a person in a session reads, no token. */
export async function insistReader(ctx: Ctx, row: SealedRow): Promise<void> {
  const { id, kind } = ctx.actor;
  if (kind === 'user') {
    if (id === row.authorId || row.people.includes(id)) return;
    const held = await holdingsOf(ctx, row.incidentId);
    if (held.some((one) => one.accepted && one.userId === id && row.roles.includes(one.role))) return;
  }
  throw new Problem(403, 'This entry is restricted to others', {
    rule: 'incidents.entry.restricted',
    detail: `It is readable to its author, to who was named, and to the holders of: ${row.roles.join(', ').replaceAll('_', ' ') || 'no role'}. Whoever may read it can name you.`,
  });
}
