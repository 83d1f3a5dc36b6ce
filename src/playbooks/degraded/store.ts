/** Degraded modes and what the processes that keep writes back report; the SQL that writes them. */
import { type Ctx, type Db, type Generated, type Instant, type Json, json, newId, type Selectable } from '#kernel';
import type { Contract, ModeState } from './model.ts';

interface DegradedModesTable {
  id: string;
  incidentId: string;
  runId: string | null;
  name: string;
  flag: string;
  enterVariant: string;
  exitVariant: string;
  contract: Json<Contract>;
  customerEffect: string;
  state: ModeState;
  enteredAt: Instant | null;
  expiresAt: Instant;
  expiredAt: Instant | null;
  exitingSince: Instant | null;
  endedAt: Instant | null;
  detail: Generated<string>;
  exception: string | null;
  exceptionBy: string | null;
  /** Reconcile steps that are done: step → who and when. */
  reconciled: Json<Record<string, { by: string; at: string; note: string }>>;
  exercise: boolean;
}
interface DegradedReportsTable {
  modeId: string;
  reporter: string;
  queued: number;
  drained: number;
  failed: number;
  at: Instant;
}
declare module '#kernel' {
  interface Database {
    'playbooks.degradedModes': DegradedModesTable;
    'playbooks.degradedReports': DegradedReportsTable;
  }
}
export type ModeRow = Selectable<DegradedModesTable>;
export type ReportRow = Selectable<DegradedReportsTable>;

export const modesOf = (db: Db, incidentId: string): Promise<ModeRow[]> =>
  db.selectFrom('playbooks.degradedModes').selectAll().where('incidentId', '=', incidentId).orderBy('id').execute();

/** Modes that are not off. */
export const liveModes = (db: Db): Promise<ModeRow[]> =>
  db.selectFrom('playbooks.degradedModes').selectAll().where('state', '<>', 'off').orderBy('id').execute();

export const lockMode = (db: Db, id: string): Promise<ModeRow | undefined> =>
  db.selectFrom('playbooks.degradedModes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** The mode of an incident by its name in the playbook: the live one, else the newest. */
export async function modeNamed(db: Db, incidentId: string, name: string): Promise<ModeRow | undefined> {
  const rows = (await modesOf(db, incidentId)).filter((one) => one.name === name);
  return rows.find((one) => one.state !== 'off') ?? rows.at(-1);
}

/** Undefined when another incident is in a mode of the same flag. */
export const insertMode = (
  ctx: Ctx,
  row: Pick<
    ModeRow,
    | 'incidentId'
    | 'runId'
    | 'name'
    | 'flag'
    | 'enterVariant'
    | 'exitVariant'
    | 'contract'
    | 'customerEffect'
    | 'expiresAt'
    | 'exercise'
  >,
): Promise<ModeRow | undefined> =>
  ctx.db
    .insertInto('playbooks.degradedModes')
    .values({
      id: newId('dgm'),
      ...row,
      contract: json(row.contract),
      state: 'on',
      enteredAt: ctx.now,
      reconciled: json({}),
    } as never)
    .onConflict((oc) => oc.doNothing())
    .returningAll()
    .executeTakeFirst();

export const saveMode = (
  ctx: Ctx,
  id: string,
  {
    reconciled,
    ...change
  }: Partial<
    Pick<
      ModeRow,
      | 'state'
      | 'detail'
      | 'expiredAt'
      | 'exitingSince'
      | 'endedAt'
      | 'exception'
      | 'exceptionBy'
      | 'reconciled'
      | 'expiresAt'
    >
  >,
): Promise<ModeRow> =>
  ctx.db
    .updateTable('playbooks.degradedModes')
    .set({ ...change, ...(reconciled && { reconciled: json(reconciled) }) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export async function reportsOf(db: Db, modeId: string): Promise<ReportRow[]> {
  const rows = await db
    .selectFrom('playbooks.degradedReports')
    .selectAll()
    .where('modeId', '=', modeId)
    .orderBy('reporter')
    .execute();
  // bigint comes as text from the driver.
  return rows.map((row) => ({
    ...row,
    queued: Number(row.queued),
    drained: Number(row.drained),
    failed: Number(row.failed),
  }));
}

export async function putReport(ctx: Ctx, row: Omit<ReportRow, 'at'>): Promise<void> {
  const { queued, drained, failed } = row;
  await ctx.db
    .insertInto('playbooks.degradedReports')
    .values({ ...row, at: ctx.now })
    .onConflict((oc) => oc.columns(['modeId', 'reporter']).doUpdateSet({ queued, drained, failed, at: ctx.now }))
    .execute();
}
