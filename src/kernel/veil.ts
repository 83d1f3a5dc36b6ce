/**
 * The veil over restricted incidents: who is not on an incident's list reads a database in which it does not exist.
 *
 * A context made for a person carries the ids hidden from them, and a `db` that leaves those rows out of every query,
 * of whichever module: a new screen cannot forget it. Commands see everything, because a lock or a freeze holds also for
 * those who may not know why; there the doors `readIncident` and `lockIncident` refuse (`isHidden`).
 */
import {
  AliasNode,
  IdentifierNode,
  JoinNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  RawNode,
  type SelectQueryNode,
  TableNode,
  ValueNode,
  sql,
} from 'kysely';
import type { Actor, Ctx, Db } from './context.ts';
import { personOf } from './context.ts';

declare module './db/database.ts' {
  interface Database {
    /** One row per restricted incident: the people who may read it. */
    'kernel.veils': { subject: string; readers: string[] };
  }
}

/** Rows that are not about the incident alone: a group or a page may stand without it, a freeze holds for everybody. */
const SHOWN = new Set(['signals.groups', 'playbooks.freezes', 'kernel.events']);
/** Columns that name the incident elsewhere than in `incident_id`. */
const OWN_COLUMNS: Record<string, string[]> = {
  'incidents.incidents': ['id'],
  'people.pages': ['subject_id'],
  'security.audit': ['incident', 'subject'],
};

let known: Promise<Map<string, string[]>> | undefined;

/** Every table with rows about an incident, and the column that names it; read from the database once per process. */
async function veiledTables(db: Db): Promise<Map<string, string[]>> {
  known ??= sql<{ name: string }>`select table_schema || '.' || table_name as name from information_schema.columns
    where column_name = 'incident_id' and table_schema not in ('pg_catalog', 'information_schema')`
    .execute(db)
    .then(({ rows }) => {
      const tables = new Map(rows.filter(({ name }) => !SHOWN.has(name)).map(({ name }) => [name, ['incident_id']]));
      for (const [name, columns] of Object.entries(OWN_COLUMNS)) tables.set(name, columns);
      return tables;
    })
    .catch((error: unknown) => {
      known = undefined;
      throw error;
    });
  return known;
}

class Veil extends OperationNodeTransformer implements KyselyPlugin {
  readonly tables: Map<string, string[]>;
  readonly hidden: string[];
  constructor(tables: Map<string, string[]>, hidden: string[]) {
    super();
    this.tables = tables;
    this.hidden = hidden;
  }
  transformQuery({ node }: PluginTransformQueryArgs) {
    return this.transformNode(node);
  }
  async transformResult({ result }: PluginTransformResultArgs) {
    return result;
  }
  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const select = super.transformSelectQuery(node);
    return {
      ...select,
      ...(select.from && { from: { ...select.from, froms: select.from.froms.map((one) => this.behind(one)) } }),
      ...(select.joins && {
        joins: select.joins.map((join) => Object.freeze({ ...join, table: this.behind(join.table) }) as JoinNode),
      }),
    };
  }
  /** The table without the hidden rows, under the name it had. */
  private behind(node: OperationNode): OperationNode {
    const table = AliasNode.is(node) ? node.node : node;
    if (!TableNode.is(table)) return node;
    const { schema, identifier } = table.table;
    const columns = this.tables.get(`${schema?.name ?? ''}.${identifier.name}`);
    if (!columns) return node;
    const hidden = columns.map((column, i) => `${i ? '::text[]) and ' : ' where '}coalesce(${column}, '') <> all(`);
    const rest = RawNode.create(
      ['(select * from ', ...hidden, '::text[]))'],
      [table, ...columns.map(() => ValueNode.create(this.hidden))],
    );
    return AliasNode.create(rest, AliasNode.is(node) ? node.alias : IdentifierNode.create(identifier.name));
  }
}

const bare = new WeakMap<object, Db>();

/** The database as somebody sees it from whom these incidents are hidden. */
export async function veiled(db: Db, hidden: string[]): Promise<Db> {
  const behind = db.withPlugin(new Veil(await veiledTables(db), hidden));
  bare.set(behind, db);
  return behind;
}

/** The database itself; commands work on it, and a check that must see every row. */
export const unveiled = (db: Db): Db => bare.get(db) ?? db;

/** Whether this incident does not exist for the actor of the context. */
export const isHidden = (ctx: { hidden?: string[] | undefined }, id: string): boolean =>
  ctx.hidden !== undefined && ctx.hidden.includes(id);

/** The present, and what is hidden from an actor: one question for both. */
export async function readClockFor(db: Db, actor: Actor): Promise<{ now: Date; hidden: string[] }> {
  const person = personOf(actor) ?? '';
  const { rows } = await sql<{ now: Date; hidden: string[] | null }>`select kernel.now() as now,
    (select array_agg(subject) from kernel.veils where not readers @> array[${person}]::text[]) as hidden`.execute(db);
  return { now: rows[0]!.now, hidden: rows[0]!.hidden ?? [] };
}

/** Draws the veil: from now on only these people see the incident. Called again, it replaces the list. */
export async function drawVeil(ctx: Ctx, subject: string, readers: string[]): Promise<void> {
  await ctx.db
    .insertInto('kernel.veils')
    .values({ subject, readers })
    .onConflict((oc) => oc.column('subject').doUpdateSet({ readers }))
    .execute();
}

/** Lifts it: everybody sees the incident again. */
export async function liftVeil(ctx: Ctx, subject: string): Promise<void> {
  await ctx.db.deleteFrom('kernel.veils').where('subject', '=', subject).execute();
}

/** Who may read a restricted incident; undefined when it is not restricted. */
export async function readersOf(ctx: Pick<Ctx, 'db'>, subject: string): Promise<string[] | undefined> {
  const row = await ctx.db
    .selectFrom('kernel.veils')
    .select('readers')
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.readers;
}

/** Lets a person in who has to do with it from now on. True when they were outside before. */
export async function letIn(ctx: Ctx, subject: string, userId: string): Promise<boolean> {
  const { rows } = await sql`update kernel.veils set readers = array_append(readers, ${userId})
    where subject = ${subject} and not readers @> array[${userId}]::text[] returning subject`.execute(ctx.db);
  return rows.length > 0;
}
