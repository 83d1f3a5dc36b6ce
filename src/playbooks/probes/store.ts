/** The latest sample of every probe of a run. Measurements, not decisions: written without a command. */
import { type Ctx, type Db, type Instant, type Json, json, type Selectable } from '#kernel';

interface ProbeSamplesTable {
  runId: string;
  probeId: string;
  at: Instant;
  since: Instant;
  ok: boolean;
  value: Json<unknown> | null;
  error: string | null;
  injected: boolean;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'playbooks.probeSamples': ProbeSamplesTable;
  }
}
export type SampleRow = Selectable<ProbeSamplesTable>;

export const samplesOf = (db: Db, runId: string): Promise<SampleRow[]> =>
  db.selectFrom('playbooks.probeSamples').selectAll().where('runId', '=', runId).execute();

/** Keeps a reading. `since` stays while the value stays; a drill's injected value is not overwritten by a real reading. */
export async function keepSample(
  ctx: Ctx,
  sample: {
    runId: string;
    probeId: string;
    ok: boolean;
    value: unknown;
    error: string | null;
    injected?: boolean;
    exercise: boolean;
  },
): Promise<void> {
  const { runId, probeId, ok, error, exercise, injected = false } = sample;
  const value = ok ? json(sample.value) : null;
  await ctx.db
    .insertInto('playbooks.probeSamples')
    .values({
      runId,
      probeId,
      at: ctx.now,
      since: ctx.now,
      ok,
      value,
      error,
      injected,
      exercise,
    })
    .onConflict((oc) => {
      const update = oc.columns(['runId', 'probeId']).doUpdateSet((eb) => ({
        at: ctx.now,
        since: eb
          .case()
          .when(
            eb.and([
              eb('playbooks.probeSamples.ok', '=', ok),
              eb('playbooks.probeSamples.value', 'is not distinct from', eb.ref('excluded.value')),
            ]),
          )
          .then(eb.ref('playbooks.probeSamples.since'))
          .else(ctx.now)
          .end(),
        ok,
        value,
        error,
        injected,
      }));
      return injected ? update : update.where('playbooks.probeSamples.injected', '=', false);
    })
    .execute();
}

/** Ends an injected value: the next reading is real again. */
export async function forgetInjected(ctx: Ctx, runId: string, probeId: string): Promise<void> {
  await ctx.db
    .deleteFrom('playbooks.probeSamples')
    .where('runId', '=', runId)
    .where('probeId', '=', probeId)
    .where('injected', '=', true)
    .execute();
}
