/**
 * Prometheus remote write 1.0: `POST /api/v1/write` with the key of a Prometheus integration. Bounded in bytes, in bytes when
 * decompressed, in series and in samples. What no watch asks for is not kept.
 */
import { type Ctx, type House, type RawRequest, rawRoute } from '#kernel';
import { reportGarbage } from '../commands/reportGarbage.ts';
import { postOf, send, welcome } from '../ingest/door.ts';
import type { Answer } from '../ingest/family.ts';
import { prometheus } from '../ingest/prometheus/index.ts';
import { noteHeard } from '../integrations/store.ts';
import { isDatabaseAway } from '../intake/away.ts';
import { chosen, countNames } from './choose.ts';
import { feedMetrics } from './commands/feedMetrics.ts';
import { readWrite, type WriteRequest } from './remote-write.ts';
import { SamplesError, unsnappy } from './snappy.ts';
import { noteNames, watchesOf } from './store.ts';

const MOST_BYTES = 1024 * 1024;
const MOST_DECODED = 4 * 1024 * 1024;
/** Requests that are worked on at once; Prometheus keeps the rest in its log and comes again. */
const AT_ONCE = 8;
let working = 0;

const refused = (status: number, why: string): Answer => ({ status, body: why });
const later = (why: string): Answer => ({ status: 503, body: why, headers: { 'retry-after': '5' } });

/** What the request says it is. Remote write 2.0 is answered 415, as its specification asks, and the sender takes 1.0. */
function problemOf(request: RawRequest): string | undefined {
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (/proto=io\.prometheus\.write\.v2/.test(type)) return 'Send remote write 1.0 (prometheus.WriteRequest)';
  if (!/^application\/x-protobuf\b/.test(type)) return 'Send application/x-protobuf, compressed with Snappy';
  if ((request.headers['content-encoding'] ?? '').toLowerCase() !== 'snappy') return 'Send it compressed with Snappy';
  return undefined;
}

async function take(ctx: Ctx, request: RawRequest): Promise<Answer> {
  const { post } = postOf(request, { path: '', purpose: 'alerts', mayBeEmpty: true });
  const sender = await welcome(ctx, prometheus, post);
  if ('status' in sender) return sender;
  const { integration } = sender;
  const problem = problemOf(request);
  if (problem) return refused(415, problem);
  let read: WriteRequest;
  try {
    read = await readWrite(unsnappy(request.rawBody, MOST_DECODED));
  } catch (error) {
    if (!(error instanceof SamplesError)) throw error;
    await reportGarbage(ctx, { integrationId: integration.id, reason: `Remote write: ${error.message}` });
    return refused(error.status, error.message);
  }
  await noteHeard(ctx, integration.id);
  const names = countNames(integration.id, read.series, ctx.now.getTime());
  if (names) await noteNames(ctx, integration.id, names);
  for (const [watch, series] of chosen(await watchesOf(ctx, integration.id), read.series))
    await feedMetrics(ctx, { watchId: watch.id, version: watch.version, series });
  return { status: 204, body: null };
}

async function answer(request: RawRequest, house: House): Promise<Answer> {
  if (working >= AT_ONCE) return later('Too many requests at once; send it again');
  working += 1;
  try {
    const ctx = await house.ctx(house.system('signals.metrics'), { requestId: request.id, ip: request.ip });
    return await take(ctx, request);
  } catch (error) {
    if (isDatabaseAway(error)) return later('The database is away; send it again');
    throw error;
  } finally {
    working -= 1;
  }
}

export const writeRoute = rawRoute({
  method: 'POST',
  path: '/api/v1/write',
  bodyLimit: MOST_BYTES,
  leaves: ['snappy'],
  handle: async (request, reply, house) => send(reply, await answer(request, house)),
});
