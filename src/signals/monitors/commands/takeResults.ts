/** What one place saw since it last said so: streaks, sums and turns, in a handful of statements however many results. */
import { type Ctx, sql } from '#kernel';
import { command } from '#security';
import { afterResult, type Monitor, type PlaceState, type Result } from '../model.ts';
import { addUp, insertChanges, placesOf, savePlaces } from '../store.ts';

export interface TakeResults {
  place: string;
  results: Result[];
  /** The node that says so. Only what it holds the lease of counts: a node that was stopped and comes back has no say. */
  holder?: string | undefined;
}

export const takeResults = command(
  'signals.takeResults',
  { allow: 'internal' },
  async (ctx, input: TakeResults): Promise<{ taken: number; turned: string[] }> => {
    // Its own append-only sums and changes are the record.
    ctx.audit.skip = true;
    const monitors = await lockMonitors(ctx, input);
    const known = new Map(
      (await placesOf(ctx, [...monitors.keys()]))
        .filter((one) => one.place === input.place)
        .map((one) => [one.monitorId, one]),
    );
    const results = input.results
      .filter((result) => monitors.has(result.monitorId))
      .toSorted((a, b) => a.at.getTime() - b.at.getTime());
    const turned = new Set<string>();
    const touched = new Map<string, PlaceState>();
    const counted: Result[] = [];
    const changes: Parameters<typeof insertChanges>[1] = [];
    for (const result of results) {
      const monitor = monitors.get(result.monitorId)!;
      const before = touched.get(monitor.id) ?? known.get(monitor.id);
      const after = afterResult(before, input.place, result, monitor);
      if (after === before) continue;
      counted.push(result);
      touched.set(monitor.id, after);
      if (after.state !== before?.state || monitor.state === 'unknown') turned.add(monitor.id);
      const change = changeOf(before, after);
      if (change) changes.push({ monitorId: monitor.id, place: input.place, at: result.at, ...change });
    }
    await savePlaces(ctx, [...touched.values()]);
    await addUp(ctx, input.place, counted);
    await insertChanges(ctx, changes);
    return { taken: counted.length, turned: [...turned] };
  },
);

/** Worth a line: the place turned, or it fails for another reason than just now. */
function changeOf(before: PlaceState | undefined, after: PlaceState): { state: string; reason: string } | undefined {
  if (after.state !== (before?.state ?? 'unknown')) return { state: after.state, reason: after.lastReason };
  if (after.lastOk === false && (before?.lastOk !== false || before.lastReason !== after.lastReason))
    return after.failures === 1 || after.state !== 'down' ? { state: 'failing', reason: after.lastReason } : undefined;
  return undefined;
}

type Watched = Pick<Monitor, 'id' | 'failAfter' | 'recoverAfter' | 'state'>;

/** Monitors that this place is to look at, locked in one order against other places doing the same. */
async function lockMonitors(ctx: Ctx, { place, results, holder }: TakeResults): Promise<Map<string, Watched>> {
  const ids = [...new Set(results.map((result) => result.monitorId))];
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Watched>`select m.id, m.fail_after, m.recover_after, m.state from signals.monitors m
    where m.id = any(${ids}) and m.enabled and m.places ? ${place}
      and (${holder ?? null}::text is null or exists (select 1 from signals.monitor_slices s
        where s.place = ${place} and s.slice = m.slice and s.holder = ${holder ?? null} and s.until > ${ctx.now}))
    order by m.id for key share of m`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row]));
}
