/** Reads one HTTP address as a measurement: a value, or the reason why there is none. */
import { type Ctx, egressFetch, monotonic, Problem } from '#kernel';
import type { ProbeSpec } from '../format/schema.ts';

export type Measured = { ok: true; value: unknown } | { ok: false; error: string };

export interface HttpAnswer {
  status: number;
  text: string;
  ms: number;
}

/** GETs a URL through the egress guard. A missing answer is told, never thrown. */
export async function getUrl(
  ctx: Ctx,
  url: string,
  timeoutMs: number,
  purpose: string,
): Promise<HttpAnswer | { error: string }> {
  const started = monotonic();
  try {
    const answer = await egressFetch(ctx, url, {
      method: 'GET',
      timeoutMs,
      maxBytes: 65_536,
      purpose,
      headers: { accept: 'application/json, */*' },
    });
    return {
      status: answer.status,
      text: answer.text,
      ms: Math.round(monotonic() - started),
    };
  } catch (error) {
    return {
      error: error instanceof Problem ? error.message : `no answer: ${(error as Error).message}`,
    };
  }
}

/** Takes an http probe's reading. */
export async function measureHttp(ctx: Ctx, probe: ProbeSpec, url: string, timeoutMs: number): Promise<Measured> {
  const answer = await getUrl(ctx, url, timeoutMs, 'probe');
  if ('error' in answer) return { ok: false, error: answer.error };
  return valueOf(probe, answer);
}

/** What an answer means to a probe. Pure. */
export function valueOf(probe: Pick<ProbeSpec, 'returns' | 'extract'>, answer: HttpAnswer): Measured {
  const fine = answer.status >= 200 && answer.status < 300;
  if (probe.returns === 'bool' && !probe.extract) return { ok: true, value: fine };
  if (!fine) return { ok: false, error: `answered ${answer.status}` };
  const raw = probe.extract ? extract(answer.text, probe.extract) : answer.text.trim().slice(0, 1_000);
  if (raw === undefined) return { ok: false, error: `the answer has no "${probe.extract}"` };
  if (probe.returns === 'string')
    return typeof raw === 'string' ? { ok: true, value: raw } : { ok: false, error: 'not a text' };
  if (probe.returns === 'bool')
    return typeof raw === 'boolean' ? { ok: true, value: raw } : { ok: false, error: 'neither true nor false' };
  const number = typeof raw === 'number' ? raw : typeof raw === 'string' && raw !== '' ? Number(raw) : Number.NaN;
  return Number.isFinite(number) ? { ok: true, value: number } : { ok: false, error: 'not a number' };
}

/** Looks up `a.b.0.c` in a JSON text by own members only; undefined when it is not there. */
export function extract(text: string, path: string): unknown {
  let here: unknown;
  try {
    here = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const key of path.split('.')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
