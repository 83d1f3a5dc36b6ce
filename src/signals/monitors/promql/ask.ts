/** One instant query over the Prometheus HTTP API. */
import { CallFailed, callHttp } from '../http/call.ts';

export interface PrometheusQuestion {
  /** With or without a path before `/api/v1`: `https://mimir.example/prometheus`. */
  url: string;
  query: string;
  authorization: string;
  ca: string;
  timeoutMs: number;
  /** Epoch seconds; now when absent. */
  at?: number | undefined;
}

export interface Series {
  labels: Record<string, string>;
  /** NaN and infinities as they are. */
  value: number;
}

export type PrometheusAnswer = { ms: number; series: Series[] } | { ms: number; error: string };

interface ApiAnswer {
  status?: string;
  error?: string;
  data?: { resultType?: string; result?: unknown };
}

/** `+Inf`, `-Inf` and `NaN` are how Prometheus writes them. */
const numberOf = (text: unknown): number => Number(String(text).replace(/^([+-]?)Inf$/, '$1Infinity'));

/** Asks; what went wrong comes back in words. */
export async function askPrometheus(question: PrometheusQuestion): Promise<PrometheusAnswer> {
  const form = new URLSearchParams({ query: question.query });
  if (question.at !== undefined) form.set('time', question.at.toFixed(3));
  try {
    const answer = await callHttp({
      url: `${question.url.replace(/\/+$/, '')}/api/v1/query`,
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
    });
    return { ms: answer.ms, ...read(answer.status, answer.body) };
  } catch (error) {
    if (error instanceof CallFailed) return { ms: error.ms, error: error.message };
    throw error;
  }
}

function read(status: number, body: string): { series: Series[] } | { error: string } {
  let parsed: ApiAnswer;
  try {
    parsed = JSON.parse(body) as ApiAnswer;
  } catch {
    return { error: status === 200 ? 'the answer is larger than 64 KB or not JSON' : `it answered ${status}` };
  }
  if (parsed.status !== 'success')
    return { error: `it answered ${status}: ${parsed.error ?? 'no reason given'}`.slice(0, 400) };
  const { resultType, result } = parsed.data ?? {};
  if (resultType === 'scalar' && Array.isArray(result)) return { series: [{ labels: {}, value: numberOf(result[1]) }] };
  if (resultType === 'vector' && Array.isArray(result))
    return {
      series: (result as { metric?: Record<string, string>; value?: [number, string] }[]).map((one) => ({
        labels: one.metric ?? {},
        value: numberOf(one.value?.[1]),
      })),
    };
  return { error: `the query gives a ${resultType ?? 'nothing'}, not a vector or scalar` };
}
