/**
 * Takes in samples of one watch: whole steps go through the detector of their series, in the transaction that writes what
 * it knows by then. So a restart goes on where it was, on any node, and a post that is sent twice changes nothing.
 */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { newDetector, step } from '../../detection/model.ts';
import type { NormalEvent } from '../../model.ts';
import { anomalyEvent, anomalyOf, calmEvent, tellAnomalies } from '../alert.ts';
import {
  BASE,
  hashOfLabels,
  nameOfSeries,
  packDetector,
  type Sample,
  type Series,
  type SeriesIn,
  stepsOf,
  turn,
  unpackDetector,
  type Watch,
} from '../model.ts';
import * as store from '../store.ts';

export interface FeedMetrics {
  watchId: string;
  /** Of the watch as it was when the samples were chosen by it; another one by now makes them void. */
  version: number;
  series: SeriesIn[];
  /** Of a poll: until when was asked, and why there was no answer. */
  polled?: { to: Date | null; trouble: string };
}

/** By the hash of their labels; the same series twice in one post is one. */
function byHash(series: SeriesIn[]): Map<string, SeriesIn> {
  const found = new Map<string, SeriesIn>();
  for (const one of series) {
    const hash = hashOfLabels(one.labels);
    const known = found.get(hash);
    if (known) known.samples = [...known.samples, ...one.samples];
    else found.set(hash, { ...one });
  }
  return found;
}

/** Rows of what came in, those that are new included as far as there is room. */
async function rowsOf(ctx: Ctx, watch: Watch, given: Map<string, SeriesIn>): Promise<Series[]> {
  const known = await store.lockSeries(ctx, watch.id, [...given.keys()]);
  const have = new Set(known.map((row) => row.hash));
  const wanted = [...given].flatMap(([hash, { labels }]) => (have.has(hash) ? [] : [{ hash, labels }]));
  if (wanted.length === 0) return known;
  const added = await store.addSeries(ctx, watch, wanted, BASE[watch.sensitivity]);
  const left = wanted.find(({ hash }) => !added.some((row) => row.hash === hash));
  if (left) await store.noteRefused(ctx, watch, wanted.length - added.length, nameOfSeries(left.labels));
  return [...known, ...added];
}

interface Taken {
  states: { seriesId: string; state: string }[];
  points: store.Point[];
  anomalies: store.NewAnomaly[];
  events: NormalEvent[];
}

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** Whole steps of one series through its detector. */
function takeSteps(ctx: Ctx, watch: Watch, series: Series, steps: Sample[], state: string | undefined, into: Taken) {
  const detector = state ? unpackDetector(state) : newDetector();
  for (const one of steps) {
    const reading = step(detector, one.at, one.value);
    if (!reading) continue;
    const { anomaly, told, ended } = turn(series, reading, one.at, watch.stepSeconds, ctx.now);
    Object.assign(series, {
      pointAt: new Date(one.at),
      value: one.value,
      low: finite(reading.band?.low),
      high: finite(reading.band?.high),
      score: Math.round(reading.score * 100) / 100,
    });
    const { low, high, score } = series;
    into.points.push({ seriesId: series.id, at: new Date(one.at), value: one.value, low, high, score });
    if (anomaly) {
      const found = anomalyOf(series, reading, one, told);
      const { direction: _, ...row } = found;
      into.anomalies.push(row);
      if (told) into.events.push(anomalyEvent(watch, series, found));
    }
    if (ended) into.events.push(calmEvent(series, new Date(one.at)));
  }
  series.seen = detector.seen;
  into.states.push({ seriesId: series.id, state: packDetector(detector) });
}

export const feedMetrics = command(
  'signals.feedMetrics',
  { allow: 'internal' },
  async (ctx, input: FeedMetrics): Promise<{ anomalies: number }> => {
    // What was found has records of its own: the anomaly and the signal of its alert.
    ctx.audit.skip = true;
    const watch = await store.watchById(ctx, input.watchId);
    if (watch.version !== input.version || !watch.enabled) return { anomalies: 0 };
    const given = byHash(input.series);
    const rows = given.size > 0 ? await rowsOf(ctx, watch, given) : [];
    const due = rows.map((series) => ({
      series,
      steps: stepsOf(series, given.get(series.hash)?.samples ?? [], watch, ctx.now),
    }));
    const stepping = due.filter(({ steps }) => steps.length > 0);
    const states = await store.statesOf(
      ctx,
      stepping.map(({ series }) => series.id),
    );
    const taken: Taken = { states: [], points: [], anomalies: [], events: [] };
    for (const { series, steps } of stepping) takeSteps(ctx, watch, series, steps, states.get(series.id), taken);
    await store.saveSeries(ctx, rows);
    await store.saveStates(ctx, taken.states);
    await store.addPoints(ctx, taken.points);
    await store.addAnomalies(ctx, taken.anomalies);
    if (input.polled) await store.notePolled(ctx, watch.id, input.polled);
    const opened = taken.events.filter((event) => event.action === 'trigger');
    await tellAnomalies(
      ctx,
      watch,
      taken.events,
      opened[0] ? `Watch “${watch.name}”: ${opened[0].title}` : `Watch “${watch.name}”: usual again`,
    );
    return { anomalies: taken.anomalies.length };
  },
);
