/** Takes in a bundle from another installation: checked first, then kept as it is, read only, with its origin. */
import { conflict, invalid, json, newId, Problem, personOf, readSetting, readTar, verifyBundle } from '#kernel';
import { command, signingKey } from '#security';
import { trustedKeys } from '../settings.ts';

export interface ImportBundleInput {
  archive: Buffer;
}

interface Manifest {
  installation: string;
  exportedAt: string;
  exportedBy: { name: string };
  incident: { id: string; key: string; title: string; severity: number; declaredAt: string; restricted: boolean };
  timeline: { entries: number; head: string };
  key: { id: string };
}

/** Entries written by one statement. */
const AT_ONCE = 2000;

export const importBundle = command(
  'incidents.importBundle',
  { allow: 'manager', subject: (_input: ImportBundleInput, result: { id: string }) => result.id },
  async (ctx, { archive }: ImportBundleInput): Promise<{ id: string }> => {
    const files = checked(archive);
    const manifest = JSON.parse(textOf(files, 'manifest.json')) as Manifest;
    const own = await signingKey(ctx.db);
    const { keys } = await readSetting(ctx, trustedKeys);
    const id = newId('imr');
    const added = await ctx.db
      .insertInto('incidents.importedRecords')
      .values({
        id,
        origin: manifest.installation,
        originId: manifest.incident.id,
        key: manifest.incident.key,
        title: manifest.incident.title,
        severity: manifest.incident.severity,
        declaredAt: new Date(manifest.incident.declaredAt),
        exportedAt: new Date(manifest.exportedAt),
        exportedBy: manifest.exportedBy.name,
        entries: manifest.timeline.entries,
        head: manifest.timeline.head,
        keyId: manifest.key.id,
        keyKnown: manifest.key.id === own.id || keys.some((one) => one.id === manifest.key.id),
        record: json(JSON.parse(textOf(files, 'incident.json'))),
        onlyReader: manifest.incident.restricted ? (personOf(ctx.actor) ?? ctx.actor.id) : null,
        importedBy: ctx.actor.id,
        importedByName: ctx.actor.name,
        importedAt: ctx.now,
      })
      .onConflict((oc) => oc.columns(['originId', 'head']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!added)
      throw conflict(
        'This record is here already',
        'incidents.import.known',
        `${manifest.incident.key} of ${manifest.installation}`,
      );
    for (const path of [...files.keys()].filter((name) => /^timeline\/\d+\.jsonl$/.test(name)).sort()) {
      const entries = textOf(files, path).split('\n').filter(Boolean);
      for (let from = 0; from < entries.length; from += AT_ONCE)
        await ctx.db
          .insertInto('incidents.importedEntries')
          .values(
            entries.slice(from, from + AT_ONCE).map((line) => {
              const entry = JSON.parse(line) as { seq: number };
              return { recordId: id, seq: entry.seq, entry: json(entry as object) };
            }),
          )
          .execute();
    }
    ctx.audit.after = { key: manifest.incident.key, origin: manifest.installation, signedBy: manifest.key.id };
    return { id };
  },
);

/** The files, when nothing was changed since they were signed. Throws 422 with everything that was. */
function checked(archive: Buffer): Map<string, Buffer> {
  let found: ReturnType<typeof verifyBundle>;
  try {
    found = verifyBundle(archive);
  } catch (error) {
    throw new Problem(422, `This is no bundle of an incident: ${(error as Error).message}`, {
      rule: 'incidents.import.bundle',
    });
  }
  if (!found.ok)
    throw invalid(
      'This bundle was changed after it was signed, so it is not taken in',
      'incidents.import.changed',
      found.problems.slice(0, 50).map((message) => ({ path: 'bundle', message })),
    );
  return readTar(archive);
}

const textOf = (files: Map<string, Buffer>, path: string): string => files.get(path)?.toString('utf8') ?? '';
