/** Writes the migrated schema as SQL text, so that a change of it can be read as a diff (the embedded binaries have no pg_dump). */
import { type Kysely, sql } from 'kysely';
import type { Database } from './database.ts';

interface Line {
  schema: string;
  name: string;
  text: string;
}

/** Everything of our own: the job queue's schema and the bookkeeping of migrations are left out. */
const OURS = sql`n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public', 'graphile_worker')`;

async function lines(db: Kysely<Database>, query: ReturnType<typeof sql<Line>>): Promise<Line[]> {
  return (await query.execute(db.withoutPlugins())).rows;
}

async function tables(db: Kysely<Database>): Promise<Line[]> {
  const columns = await lines(
    db,
    sql<Line>`select n.nspname as schema, c.relname as name,
      '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || case when a.attidentity = 'a' then ' generated always as identity' when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
             when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end as text
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and ${OURS} and c.relname not like 'migrations%'
    order by n.nspname, c.relname, a.attnum`,
  );
  const constraints = await lines(
    db,
    sql<Line>`select n.nspname as schema, c.relname as name, '  constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype in ('p', 'u', 'c', 'f', 'x') and ${OURS} and c.relname not like 'migrations%' order by n.nspname, c.relname, k.contype, k.conname`,
  );
  const byTable = new Map<string, Line & { parts: string[] }>();
  for (const line of [...columns, ...constraints]) {
    const key = `${line.schema}.${line.name}`;
    const table = byTable.get(key) ?? { ...line, parts: [] };
    table.parts.push(line.text);
    byTable.set(key, table);
  }
  return [...byTable.entries()].map(([key, table]) => ({
    ...table,
    text: `create table ${key} (\n${table.parts.join(',\n')}\n);`,
  }));
}

async function others(db: Kysely<Database>): Promise<Line[]> {
  const indexes = sql<Line>`select n.nspname as schema, i.relname as name, pg_get_indexdef(i.oid) || ';' as text
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace join pg_class c on c.oid = x.indrelid
    where ${OURS} and c.relname not like 'migrations%' and not exists (select 1 from pg_constraint k where k.conindid = i.oid) order by n.nspname, i.relname`;
  const functions = sql<Line>`select n.nspname as schema, p.proname as name, pg_get_functiondef(p.oid) || ';' as text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} and p.prokind = 'f'
      and not exists (select 1 from pg_depend e where e.objid = p.oid and e.deptype = 'e') order by n.nspname, p.proname`;
  const triggers = sql<Line>`select n.nspname as schema, t.tgname as name, pg_get_triggerdef(t.oid) || ';' as text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and ${OURS} order by n.nspname, c.relname, t.tgname`;
  const sequences = sql<Line>`select n.nspname as schema, c.relname as name, 'create sequence ' || n.nspname || '.' || c.relname || ';' as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and ${OURS}
      and not exists (select 1 from pg_depend e where e.objid = c.oid and e.deptype = 'i') order by 1, 2`;
  return [
    ...(await lines(db, sequences)),
    ...(await lines(db, functions)),
    ...(await lines(db, indexes)),
    ...(await lines(db, triggers)),
  ];
}

/** The whole schema as text; the same schema always gives the same text. */
export async function dumpSchema(db: Kysely<Database>): Promise<string> {
  const parts = [...(await tables(db)), ...(await others(db))];
  const schemas = [...new Set(parts.map((part) => part.schema))].sort();
  const body = schemas.map(
    (schema) =>
      `-- ${schema}\n\n${parts
        .filter((part) => part.schema === schema)
        .map((part) => part.text)
        .join('\n\n')}`,
  );
  return `-- Written by "npm run schema" from db/migrations. Do not edit.\n\n${body.join('\n\n')}\n`;
}
