/** What simulators remember within one drill. Nothing here leaves the house. */
import { type Ctx, type Db, type Generated, type Json, json, type Selectable } from '#kernel';

export type Behaviour = 'honest' | 'lies' | 'loses_answer' | 'refuses';
interface SimulationsTable {
  incidentId: string;
  connector: string;
  target: string;
  state: Json<Record<string, unknown>>;
  behaviour: Generated<Behaviour>;
  calls: Generated<number>;
  exercise: Generated<boolean>;
}
declare module '#kernel' {
  interface Database {
    'playbooks.simulations': SimulationsTable;
  }
}
export type SimulationRow = Selectable<SimulationsTable>;

export const simulationsOf = (db: Db, incidentId: string, connector: string): Promise<SimulationRow[]> =>
  db
    .selectFrom('playbooks.simulations')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('connector', '=', connector)
    .execute();

export const simulation = (
  db: Db,
  incidentId: string,
  connector: string,
  target: string,
): Promise<SimulationRow | undefined> =>
  db
    .selectFrom('playbooks.simulations')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('connector', '=', connector)
    .where('target', '=', target)
    .executeTakeFirst();

/** Counts a call and keeps the simulated target's new state. */
export async function keepSimulation(
  ctx: Ctx,
  row: {
    incidentId: string;
    connector: string;
    target: string;
    state: Record<string, unknown>;
  },
): Promise<void> {
  await ctx.db
    .insertInto('playbooks.simulations')
    .values({ ...row, state: json(row.state), calls: 1 })
    .onConflict((oc) =>
      oc.columns(['incidentId', 'connector', 'target']).doUpdateSet((eb) => ({
        state: json(row.state),
        calls: eb('playbooks.simulations.calls', '+', 1),
      })),
    )
    .execute();
}

/** Lets a simulated target misbehave, for drills and tests. */
export async function setBehaviour(
  ctx: Ctx,
  incidentId: string,
  connector: string,
  target: string,
  behaviour: Behaviour,
): Promise<void> {
  await ctx.db
    .insertInto('playbooks.simulations')
    .values({ incidentId, connector, target, state: json({}), behaviour })
    .onConflict((oc) => oc.columns(['incidentId', 'connector', 'target']).doUpdateSet({ behaviour }))
    .execute();
}
