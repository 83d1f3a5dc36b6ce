/** A range of a query over the Prometheus HTTP API, as series of whole steps. */
import { CallFailed, callHttp } from '../monitors/http/call.ts';
import type { SeriesIn } from './model.ts';

export interface RangeQuestion {
  url: string;
  query: string;
  authorization: string;
  ca: string;
  timeoutMs: number;
  /** Epoch seconds, both included. */
  from: number;
  to: number;
  stepSeconds: number;
}

const MOST_BYTES = 8 * 1024 * 1024;

const numberOf = (text: unknown): number => Number(String(text).replace(/^([+-]?)Inf$/, '$1Infinity'));

interface Answer {
  status?: string;
  error?: string;
  data?: { resultType?: string; result?: { metric?: Record<string, string>; values?: [number, string][] }[] };
}

function read(status: number, body: string): { series: SeriesIn[] } | { error: string } {
  let parsed: Answer;
  try {
    parsed = JSON.parse(body) as Answer;
  } catch {
    return { error: status === 200 ? 'the answer is larger than 8 MB or not JSON' : `it answered ${status}` };
  }
  if (parsed.status !== 'success')
    return { error: `it answered ${status}: ${parsed.error ?? 'no reason given'}`.slice(0, 400) };
  if (parsed.data?.resultType !== 'matrix' || !Array.isArray(parsed.data.result))
    return { error: `the query gives a ${parsed.data?.resultType ?? 'nothing'}, not series over time` };
  return {
    series: parsed.data.result.map(({ metric = {}, values = [] }) => ({
      labels: metric,
      samples: values.map(([at, value]) => ({ at: Math.round(at * 1000), value: numberOf(value) })),
    })),
  };
}

/** Asks; what went wrong comes back in words. */
export async function askRange(question: RangeQuestion): Promise<{ series: SeriesIn[] } | { error: string }> {
  const form = new URLSearchParams({
    query: question.query,
    start: String(question.from),
    end: String(question.to),
    step: String(question.stepSeconds),
  });
  try {
    const answer = await callHttp({
      url: `${question.url.replace(/\/+$/, '')}/api/v1/query_range`,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(question.authorization ? { authorization: question.authorization.replaceAll(/[\r\n\0]+/g, ' ') } : {}),
      },
      body: form.toString(),
      timeoutMs: question.timeoutMs,
      tls: 'verify',
      ca: question.ca,
      maxBody: MOST_BYTES,
    });
    return read(answer.status, answer.body);
  } catch (error) {
    if (error instanceof CallFailed) return { error: error.message };
    throw error;
  }
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
