/** A range of a query over the Prometheus HTTP API, as series of whole steps. */
import { callPrometheus, type Door, numberOf } from '../monitors/promql/ask.ts';
import type { SeriesIn } from './model.ts';

export interface RangeQuestion extends Door {
  query: string;
  /** Epoch seconds, both included. */
  from: number;
  to: number;
  stepSeconds: number;
}

const MOST_BYTES = 8 * 1024 * 1024;

/** Asks; what went wrong comes back in words. */
export async function askRange(question: RangeQuestion): Promise<{ series: SeriesIn[] } | { error: string }> {
  const form = new URLSearchParams({
    query: question.query,
    start: String(question.from),
    end: String(question.to),
    step: String(question.stepSeconds),
  });
  const answer = await callPrometheus(question, 'query_range', form, MOST_BYTES);
  if ('error' in answer) return { error: answer.error };
  const { resultType, result } = answer.data;
  if (resultType !== 'matrix' || !Array.isArray(result))
    return { error: `the query gives a ${resultType ?? 'nothing'}, not series over time` };
  return {
    series: (result as { metric?: Record<string, string>; values?: [number, string][] }[]).map(
      ({ metric = {}, values = [] }) => ({
        labels: metric,
        samples: values.map(([at, value]) => ({ at: Math.round(at * 1000), value: numberOf(value) })),
      }),
    ),
  };
}

/** Steps that are asked for at the beginning, so that a series is known from its first hour: a day's at one a minute. */
const BEGIN_STEPS = 1500;
const LONGEST_BEGIN_S = 7 * 86_400;

/**
 * The stretch to ask for next, in epoch seconds: from the step after the last one asked for, as many steps as fit an answer.
 * Undefined when no step is over since.
 */
export function windowOf(
  watch: { stepSeconds: number; maxSeries: number; polledTo: Date | null },
  now: Date,
): { from: number; to: number } | undefined {
  const step = watch.stepSeconds;
  const end = Math.floor(now.getTime() / 1000 / step) * step;
  const first = watch.polledTo
    ? Math.floor(watch.polledTo.getTime() / 1000 / step) * step + step
    : end - Math.min(BEGIN_STEPS * step, Math.floor(LONGEST_BEGIN_S / step) * step);
  // Away for longer than the beginning reaches back: what lies between is not asked for any more.
  const from = Math.max(first, end - Math.floor(LONGEST_BEGIN_S / step) * step);
  if (from > end) return undefined;
  const steps = Math.max(30, Math.min(5000, Math.floor(100_000 / watch.maxSeries)));
  return { from, to: Math.min(end, from + (steps - 1) * step) };
}
