/**
 * Posts alerts in the way of Prometheus (`POST /api/v2/alerts`) over kept connections, each waiting for its answer. A
 * process of its own with as little work per post as can be, the same for every server that is measured.
 *
 * `node bench/generator.ts '{"port":9093,"batch":10,"kind":"distinct","connections":256,"seconds":5}'`; prints one JSON
 * object: posts and alerts answered with 2xx, seconds, latencies. With `rate` (posts/s) it keeps to that rate.
 */
import { connect, type Socket } from 'node:net';
import { spread } from './lib.ts';

interface Work {
  port: number;
  batch: number;
  kind: 'distinct' | 'repeats';
  connections: number;
  seconds: number;
  /** Sent as a bearer token. */
  key?: string;
  /** First number of distinct alerts. */
  from?: number;
  /** Posts a second; as fast as answers come when absent. */
  rate?: number;
}

const work = JSON.parse(process.argv[2] ?? '{}') as Work;
/** Repeats go round in so many open alerts. */
const OPEN = 1000;
const DIGITS = 9;

function alert(): string {
  return JSON.stringify({
    labels: {
      alertname: 'HighLatency',
      instance: `shop-${'0'.repeat(DIGITS)}.example:9100`,
      job: 'shop',
      severity: 'info',
      team: 'checkout',
    },
    annotations: { summary: 'Requests take longer than a second', description: 'p99 over 1 s for ten minutes' },
    startsAt: '2026-11-23T12:00:00Z',
    generatorURL: 'http://prometheus.example/graph?g0.expr=latency',
  });
}

/** One request, and where the numbers of its alerts stand. */
function template(): { bytes: Buffer; places: number[] } {
  const body = `[${Array.from({ length: work.batch }, alert).join(',')}]`;
  const head = [
    'POST /api/v2/alerts HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    ...(work.key ? [`Authorization: Bearer ${work.key}`] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  const bytes = Buffer.from(`${head}\r\n\r\n${body}`);
  const places: number[] = [];
  for (let at = bytes.indexOf('shop-0'); at >= 0; at = bytes.indexOf('shop-0', at + 1)) places.push(at + 5);
  return { bytes, places };
}

let next = work.from ?? 0;
function number(bytes: Buffer, places: number[]): void {
  for (const place of places) {
    let value = work.kind === 'distinct' ? next : next % OPEN;
    next += 1;
    for (let i = place + DIGITS - 1; i >= place; i--) {
      bytes[i] = 48 + (value % 10);
      value = Math.floor(value / 10);
    }
  }
}

const took: number[] = [];
let good = 0;
let bad = 0;
let firstBad = '';
let sent = 0;
const started = performance.now();
const end = started + work.seconds * 1000;

function open(): Promise<void> {
  const { bytes, places } = template();
  return new Promise((resolve) => {
    const socket: Socket = connect({ port: work.port, host: '127.0.0.1', noDelay: true });
    let since = 0;
    let text = '';
    let need = -1;
    const send = () => {
      if (performance.now() >= end) {
        socket.destroy();
        resolve();
        return;
      }
      if (work.rate !== undefined) {
        // Its place on the clock; a late answer does not let the next one off.
        const due = started + (sent / work.rate) * 1000;
        sent += 1;
        const wait = due - performance.now();
        if (wait > 1) {
          setTimeout(() => go(due), wait);
          return;
        }
        go(due);
        return;
      }
      go(performance.now());
    };
    const go = (at: number) => {
      since = at;
      number(bytes, places);
      // The buffer is used again: what the kernel has not taken yet must not change.
      socket.write(socket.writableLength > 0 ? Buffer.from(bytes) : bytes);
    };
    socket.on('connect', send);
    socket.on('data', (part) => {
      text = text === '' ? part.toString('latin1') : text + part.toString('latin1');
      if (need < 0) {
        const headEnd = text.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const length = /\r\ncontent-length: (\d+)/i.exec(text);
        need = headEnd + 4 + Number(length?.[1] ?? 0);
      }
      if (text.length < need) return;
      took.push(performance.now() - since);
      if (text.startsWith('HTTP/1.1 2')) good += 1;
      else {
        bad += 1;
        firstBad ||= text.slice(0, 300);
      }
      text = '';
      need = -1;
      send();
    });
    socket.on('error', () => resolve());
  });
}

await Promise.all(Array.from({ length: work.connections }, open));
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    posts: good,
    alerts: good * work.batch,
    bad,
    firstBad,
    seconds,
    next,
    perSecond: Math.round((good * work.batch) / seconds),
    ms: spread(took),
  }),
);
process.exit(0);
