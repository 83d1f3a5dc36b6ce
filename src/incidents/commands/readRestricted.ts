/** Shows the words of a restricted entry to somebody who may read them, and writes down that they did. */
import { notFound } from '#kernel';
import { command } from '#security';
import type { Ref } from '../record/model.ts';
import { insistReader, openSealed, sealedOf } from '../record/sealed.ts';
import { readIncident } from '../store.ts';

export interface RestrictedWords {
  text: string;
  refs: Ref[];
  /** With salt, words and references anybody can compute the fingerprint that stands in the record. */
  salt: string;
  fingerprint: string;
  roles: string[];
  people: string[];
  authorId: string;
}

/** A refusal is in the log as well: `command` keeps every 403. */
export const readRestricted = command(
  'incidents.readRestricted',
  { allow: 'signed_in' },
  async (ctx, { incidentId, seq }: { incidentId: string; seq: number }): Promise<RestrictedWords> => {
    const incident = await readIncident(ctx, incidentId);
    ctx.audit.subject = incident.id;
    ctx.audit.incident = incident.id;
    ctx.audit.after = { read: 'a restricted entry', seq };
    const row = await sealedOf(ctx, incident.id, seq);
    if (!row) throw notFound('Restricted entry', String(seq));
    await insistReader(ctx, row);
    const { roles, people, authorId, fingerprint } = row;
    return { ...openSealed(row), fingerprint, roles, people, authorId };
  },
);
