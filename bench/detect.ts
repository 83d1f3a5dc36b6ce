/**
 * Anomaly detection on 31 labelled series of the Numenta Anomaly Benchmark, with its published scoring, beside what known
 * detectors reach on the same files; and its speed and memory.
 *
 * The series are not part of this project (their licence is their own): put `data/` and `windows.json` into
 * `bench/data/nab`, or name the folder with `--data`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { newDetector, step } from '../src/signals/detection/model.ts';
import { report, root, spread } from './lib.ts';

/** Standard scores on exactly these files, from the detectors' published scores per row. */
const KNOWN = {
  ARTime: 70.7,
  'CAD OSE': 69.6,
  'Numenta HTM': 64.9,
  'random cut forest': 46.6,
  'windowed Gaussian': 40.4,
};
const LIMIT = { standard: 60, pointsPerSecond: 100_000, bytesPerSeries: 20_000 };
const PROFILES = { standard: [1, 0.11, 1], lowFalsePositives: [1, 0.22, 1], lowFalseNegatives: [1, 0.11, 2] } as const;
type Weights = readonly [hit: number, falseAlarm: number, miss: number];

interface Series {
  name: string;
  family: string;
  at: number[];
  values: number[];
  /** Rows before this one are for learning and are not counted. */
  from: number;
  windows: number;
  /** Per row: the number of its window or −1, and what a detection there is worth (as a hit, or as a false alarm). */
  window: Int32Array;
  worth: Float64Array;
}

const sigmoid = (y: number) => 2 / (1 + Math.exp(5 * y)) - 1;
const instant = (text: string) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);

function load(dir: string): Series[] {
  const labels = JSON.parse(readFileSync(join(dir, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
  return Object.entries(labels).map(([name, windows]) => {
    const rows = readFileSync(join(dir, 'data', name), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const at = rows.map((row) => instant(row));
    const values = rows.map((row) => Number(row.slice(row.indexOf(',') + 1)));
    const spans = windows.map(([a, b]): [number, number] => [
      at.findIndex((t) => t >= instant(a)),
      at.findLastIndex((t) => t <= instant(b)),
    ]);
    const from = Math.min(Math.floor(0.15 * rows.length), 750);
    return {
      name,
      family: name.split('/')[0] ?? '',
      at,
      values,
      from,
      windows: spans.length,
      ...worthOf(rows.length, spans),
    };
  });
}

/** What a detection at each row is worth, by the published rule. */
function worthOf(rows: number, spans: [number, number][]) {
  const window = new Int32Array(rows).fill(-1);
  const worth = new Float64Array(rows).fill(-1);
  spans.forEach(([a, b], w) => {
    const width = b - a + 1;
    for (let i = a; i <= b; i++) {
      window[i] = w;
      worth[i] = sigmoid(-(b - i + 1) / width) / sigmoid(-1);
    }
    const next = spans[w + 1]?.[0] ?? rows;
    for (let i = b + 1; i < next; i++) {
      const y = (i - b) / (width - 1);
      worth[i] = y > 3 ? -1 : sigmoid(y);
    }
  });
  return { window, worth };
}

/** Sum of what the detections at or above `threshold` are worth. */
function worthAt(
  series: Series[],
  scores: Float64Array[],
  [hit, falseAlarm, miss]: Weights,
  threshold: number,
): number {
  let total = 0;
  series.forEach((one, k) => {
    const best = new Array<number>(one.windows).fill(-miss);
    for (let i = one.from; i < one.at.length; i++) {
      if ((scores[k]?.[i] ?? 0) < threshold) continue;
      const w = one.window[i] ?? -1;
      const worth = one.worth[i] ?? 0;
      if (w < 0) total += falseAlarm * worth;
      else if (best[w] === -miss || hit * worth > (best[w] ?? 0)) best[w] = hit * worth;
    }
    total += best.reduce((sum, value) => sum + value, 0);
  });
  return total;
}

/** The best single threshold for all series, and the sum there. */
function best(series: Series[], scores: Float64Array[], weights: Weights): { threshold: number; total: number } {
  const found = {
    threshold: Number.POSITIVE_INFINITY,
    total: worthAt(series, scores, weights, Number.POSITIVE_INFINITY),
  };
  const distinct = new Set<number>();
  for (const one of scores) for (const score of one) if (score >= 1) distinct.add(Math.round(score * 50) / 50);
  for (const threshold of distinct) {
    const total = worthAt(series, scores, weights, threshold);
    if (total > found.total) Object.assign(found, { threshold, total });
  }
  return found;
}

const final = (total: number, windows: number, [hit, , miss]: Weights) =>
  Math.round((1000 * (total + miss * windows)) / ((hit + miss) * windows)) / 10;

/** Each family with the threshold chosen on the others: what a series not seen before may expect. */
function crossValidated(series: Series[], scores: Float64Array[], weights: Weights): number {
  let total = 0;
  for (const family of new Set(series.map((one) => one.family))) {
    const pick = (inside: boolean) => series.flatMap((one, k) => ((one.family === family) === inside ? [k] : []));
    const of = (ks: number[]) => [ks.map((k) => series[k]!), ks.map((k) => scores[k]!)] as const;
    const { threshold } = best(...of(pick(false)), weights);
    total += worthAt(...of(pick(true)), weights, threshold);
  }
  return total;
}

function main(): void {
  const given = process.argv.indexOf('--data');
  const places = [process.argv[given + 1] ?? '', join(root, 'bench/data/nab'), join(root, '../shared/data/nab')];
  const dir = places.slice(given < 0 ? 1 : 0).find((place) => existsSync(join(place, 'windows.json')));
  if (!dir) throw new Error('The labelled series are not here: name their folder with --data (see bench/detect.ts).');
  const series = load(dir);
  const speeds: number[] = [];
  let scores: Float64Array[] = [];
  let bytes = 0;
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    scores = series.map((one) => {
      const detector = newDetector();
      const out = Float64Array.from(one.at, (at, i) => step(detector, at, one.values[i] ?? Number.NaN)?.score ?? 0);
      bytes = Math.max(bytes, serialize(detector).byteLength);
      return out;
    });
    const points = series.reduce((sum, one) => sum + one.at.length, 0);
    speeds.push(points / ((performance.now() - began) / 1000));
  }
  const windows = series.reduce((sum, one) => sum + one.windows, 0);
  const plain = best(series, scores, PROFILES.standard);
  const figures = Object.fromEntries(
    Object.entries(PROFILES).map(([name, weights]) => [
      name,
      final(best(series, scores, weights).total, windows, weights),
    ]),
  ) as Record<keyof typeof PROFILES, number>;
  const ours = {
    ...figures,
    crossValidated: final(crossValidated(series, scores, PROFILES.standard), windows, PROFILES.standard),
    threshold: plain.threshold,
    pointsPerSecond: spread(speeds.map(Math.round)),
    bytesPerSeries: bytes,
    series: series.length,
    windows,
  };
  const pass =
    ours.standard >= LIMIT.standard &&
    ours.pointsPerSecond.p50 >= LIMIT.pointsPerSecond &&
    bytes < LIMIT.bytesPerSeries;
  report({ bench: 'detect', ours, peer: { limit: LIMIT, ...KNOWN }, ratio: ours.standard / LIMIT.standard, pass });
}

main();
