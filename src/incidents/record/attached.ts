/** What was attached to an incident, for its bundle; one file at a time. */
import { bundleFiles } from './bundle.ts';

/** A name that every file system takes: the id keeps two of the same name apart. */
const safe = (id: string, name: string): string =>
  `${id}-${name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .slice(-50)}`;

bundleFiles(async function* (ctx, incidentId) {
  const rows = await ctx.db
    .selectFrom('incidents.attachments')
    .select(['id', 'name'])
    .where('incidentId', '=', incidentId)
    .orderBy('id')
    .execute();
  for (const { id, name } of rows) {
    const row = await ctx.db
      .selectFrom('incidents.attachments')
      .select('bytes')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    yield { name: safe(id, name), data: row.bytes };
  }
});
