/**
 * P4, first half: who is on call around every change of the clocks, asked of the product's calculators and of the oracle.
 *
 * All zones both know, all changes from 2024 to 2037, twelve shapes of schedules. Asked at the change ±{0, 1 s, 1 min, 30,
 * 60, 90 min, 24 h} and at every hand-over ±1 s, in two ways: as the pager asks (one instant) and as the screen does (a
 * stretch). Zones whose changes differ between the two sources cannot be compared; they are named, with the reason.
 */
import type { Layer } from '../../../src/people/schedules/layer.ts';
import { finalShifts, layerShifts, onCallAt, type Plan, type Shift } from '../../../src/people/schedules/model.ts';
import { ask, changesInNode, embeddedZones, findPython, type Source, type ZoneOfOracle } from './python.ts';

const [FIRST, LAST] = [2024, 2037];
const [FROM, TO] = [Date.UTC(FIRST) / 1000, Date.UTC(LAST + 1) / 1000];
const AROUND = [0, 1, 60, 1800, 3600, 5400, 86_400].flatMap((s) => (s === 0 ? [0] : [-s, s]));

interface PlanOfOracle {
  layers: Layer[];
  overrides: { userId: string; replaces: string | null; from: number; to: number }[];
  absences: { userId: string; from: number; to: number }[];
}
interface Roster {
  zone: string;
  at: number;
  shape: string;
  plan: PlanOfOracle;
  from: number;
  to: number;
  held: [number, string | null][];
}

export interface RosterFigures {
  ran: boolean;
  /** What did not run and why, in words. */
  left: string[];
  oracle: string;
  tzVersion: { node: string; oracle: string };
  zones: number;
  changes: number;
  rosters: number;
  shapes: number;
  points: number;
  disagree: number;
  gapsNobodyDeclared: number;
  overlaps: number;
  examples: string[];
}

const blank = (): RosterFigures => ({
  ran: false,
  left: [],
  oracle: 'none',
  tzVersion: { node: process.versions.tz ?? 'unknown', oracle: 'unknown' },
  zones: 0,
  changes: 0,
  rosters: 0,
  shapes: 0,
  points: 0,
  disagree: 0,
  gapsNobodyDeclared: 0,
  overlaps: 0,
  examples: [],
});

/** For trying the comparison itself: a few zones, and a product that is made to be wrong. */
interface Trial {
  only?: (zone: string) => boolean;
  bend?: (plan: Plan) => Plan;
}

/** Compares a share of all changes; `share` 1 is all of them. */
export async function compareRosters(share: number, seed: number, trial: Trial = {}): Promise<RosterFigures> {
  const figures = blank();
  const python = findPython();
  if (!python) {
    figures.left.push('the comparison with the oracle: there is no Python 3.9 or newer on this machine');
    return figures;
  }
  const zones = await zonesToAsk(python, figures);
  zones.until = zones.until.filter(([zone]) => trial.only?.(zone) ?? true);
  const shapes = new Set<string>();
  const changes = new Set<string>();
  // Two oracles at once; this process compares while they work.
  const parts = [0, 1].map(async (part) => {
    const args = ['rosters', String(FIRST), String(LAST), String(share), String(seed), String(part), '2'];
    for await (const roster of ask<Roster>(python, zones.path, args, JSON.stringify(zones.until))) {
      shapes.add(roster.shape);
      changes.add(`${roster.zone} ${roster.at}`);
      figures.rosters += 1;
      compare(roster, figures, trial.bend ?? ((plan) => plan));
    }
  });
  await Promise.all(parts);
  return { ...figures, ran: true, zones: zones.until.length, changes: changes.size, shapes: shapes.size };
}

/**
 * The zones both sides know, each until the first change in which the sources differ. The files are those of the embedded
 * database, or the system's where these are of Node's version and the others are not.
 */
async function zonesToAsk(
  python: string,
  figures: RosterFigures,
): Promise<{ until: [string, number][]; path: string | undefined }> {
  const load = async (path: string | undefined) => {
    const zones: ZoneOfOracle[] = [];
    let source: Source | undefined;
    for await (const line of ask<Source & ZoneOfOracle>(python, path, ['zones', String(FIRST), String(LAST)])) {
      if (source) zones.push(line);
      else source = line;
    }
    if (!source) throw new Error('the oracle said nothing');
    return { source, zones, path };
  };
  const embedded = embeddedZones();
  let found = embedded ? await load(embedded) : await load(undefined);
  if (embedded && !agrees(found.zones)) {
    const system = await load(undefined);
    if (system.source.version === process.versions.tz) found = system;
  }
  const until: [string, number][] = [];
  let whole = 0;
  for (const zone of found.zones) {
    const differs = firstDifference(zone);
    if (differs === undefined) whole += 1;
    else if (differs <= FROM) figures.left.push(`${zone.zone}: not known alike to both`);
    else figures.left.push(`${zone.zone}: asked until ${day(differs)}, when the two sources begin to differ`);
    if (differs === undefined || differs > FROM) until.push([zone.zone, (differs ?? TO + 30 * 86_400) - 14 * 86_400]);
  }
  const { python: release, version } = found.source;
  figures.oracle = `Python ${release} zoneinfo over ${found.path ? 'the zone files of the embedded PostgreSQL' : 'the zone files of this system'}`;
  figures.tzVersion.oracle = `${version ?? 'unnamed'}; every change of ${whole} of ${found.zones.length} zones is as in Node`;
  return { until, path: found.path };
}

const day = (at: number) => new Date(at * 1000).toISOString().slice(0, 10);

/** From when on a zone's offsets differ between the oracle and this Node; undefined: never in these years. */
function firstDifference(zone: ZoneOfOracle): number | undefined {
  const here = changesInNode(zone.zone, FROM, TO);
  if (!here || here.first !== zone.first) return FROM;
  const length = Math.max(here.changes.length, zone.changes.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [zone.changes[i], here.changes[i]];
    if (String(one) !== String(other)) return Math.min(one?.[0] ?? TO, other?.[0] ?? TO);
  }
  return undefined;
}
const agrees = (zones: ZoneOfOracle[]) => zones.every((zone) => firstDifference(zone) === undefined);

const asDates = <T extends { from: number; to: number }>(list: T[]) =>
  list.map((one) => ({ ...one, from: new Date(one.from * 1000), to: new Date(one.to * 1000) }));

function compare(roster: Roster, figures: RosterFigures, bend: (plan: Plan) => Plan): void {
  const plan = bend({
    layers: roster.plan.layers,
    overrides: asDates(roster.plan.overrides),
    absences: asDates(roster.plan.absences),
    isActive: () => true,
  });
  const [from, to] = [new Date(roster.from * 1000), new Date(roster.to * 1000)];
  const shifts = finalShifts(plan, from, to);
  figures.overlaps += untidy(shifts, from, to);
  for (const layer of layerShifts(plan, from, to)) figures.overlaps += untidy(layer, from, to);
  const heldAt = roster.held.map(([at]) => at);
  const shownAt = shifts.map((shift) => shift.from.getTime() / 1000);
  const said = (at: number) => roster.held[lastNotAfter(heldAt, at)]?.[1] ?? null;
  const shown = (at: number) => shifts[lastNotAfter(shownAt, at)]?.userId ?? null;
  const edges = new Set([...heldAt, ...shownAt]);
  const points = new Set([
    ...AROUND.map((offset) => roster.at + offset),
    ...[...edges].flatMap((at) => [at - 1, at, at + 1]),
  ]);
  for (const at of points) {
    if (at < roster.from || at >= roster.to) continue;
    figures.points += 1;
    const [want, screen, pager] = [said(at), shown(at), onCallAt(plan, new Date(at * 1000)).userId];
    if (want === screen && want === pager) continue;
    figures.disagree += 1;
    if (want !== null && (screen === null || pager === null)) figures.gapsNobodyDeclared += 1;
    if (figures.examples.length < 5)
      figures.examples.push(
        `${roster.zone}, ${roster.shape}, ${new Date(at * 1000).toISOString()}: oracle ${want}, screen ${screen}, pager ${pager}`,
      );
  }
}

/** The place of the last of these (sorted) that is not after `at`; -1 when none is. */
function lastNotAfter(sorted: number[], at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Shifts must touch and never overlap, and fill the stretch. */
function untidy(shifts: Shift[], from: Date, to: Date): number {
  let found = 0;
  for (const [i, shift] of shifts.entries()) {
    const before = i === 0 ? from : shifts[i - 1]?.to;
    if (shift.from.getTime() !== before?.getTime() || shift.to <= shift.from) found += 1;
  }
  return found + (shifts.at(-1)?.to.getTime() === to.getTime() ? 0 : 1);
}
