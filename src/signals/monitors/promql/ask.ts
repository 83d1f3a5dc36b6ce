/** Queries over the Prometheus HTTP API: how any of them is asked, and the instant one. */
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

/** What an answer holds; `data` is whatever the query gives. */
type Data = NonNullable<ApiAnswer['data']>;

/** `+Inf`, `-Inf` and `NaN` are how Prometheus writes them. */
export const numberOf = (text: unknown): number => Number(String(text).replace(/^([+-]?)Inf$/, '$1Infinity'));

/** Where and as whom to ask, and for how long. */
export type Door = Pick<PrometheusQuestion, 'url' | 'authorization' | 'ca' | 'timeoutMs'>;

const SMALL = 64 * 1024;

/** Asks at a path of the API with these fields; what went wrong comes back in words. */
export async function callPrometheus(
  door: Door,
  path: 'query' | 'query_range',
  form: URLSearchParams,
  maxBody = SMALL,
): Promise<{ ms: number; data: Data } | { ms: number; error: string }> {
  try {
    const answer = await callHttp({
      url: `${door.url.replace(/\/+$/, '')}/api/v1/${path}`,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(door.authorization ? { authorization: door.authorization.replaceAll(/[\r\n\0]+/g, ' ') } : {}),
      },
      body: form.toString(),
      timeoutMs: door.timeoutMs,
      tls: 'verify',
      ca: door.ca,
      maxBody,
    });
    return { ms: answer.ms, ...dataOf(answer.status, answer.body, maxBody) };
  } catch (error) {
    if (error instanceof CallFailed) return { ms: error.ms, error: error.message };
    throw error;
  }
}

function dataOf(status: number, body: string, most: number): { data: Data } | { error: string } {
  let parsed: ApiAnswer;
  try {
    parsed = JSON.parse(body) as ApiAnswer;
  } catch {
    const size = most > SMALL ? `${most / 1024 / 1024} MB` : `${most / 1024} KB`;
    return { error: status === 200 ? `the answer is larger than ${size} or not JSON` : `it answered ${status}` };
  }
  if (parsed.status !== 'success')
    return { error: `it answered ${status}: ${parsed.error ?? 'no reason given'}`.slice(0, 400) };
  return { data: parsed.data ?? {} };
}

/** One instant query. */
export async function askPrometheus(question: PrometheusQuestion): Promise<PrometheusAnswer> {
  const form = new URLSearchParams({ query: question.query });
  if (question.at !== undefined) form.set('time', question.at.toFixed(3));
  const answer = await callPrometheus(question, 'query', form);
  return 'error' in answer ? answer : { ms: answer.ms, ...seriesOf(answer.data) };
}

function seriesOf({ resultType, result }: Data): { series: Series[] } | { error: string } {
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
