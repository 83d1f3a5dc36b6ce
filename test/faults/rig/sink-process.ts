/**
 * The receiving end as a process of its own: writes every receipt to its journal, synced, before it answers.
 * Environment: `JOURNAL`, `SEED`, `DELAY_MAX_MS` (answers after 0 to so many), `CUT_SHARE` (of answers cut after the receipt).
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineMs, openJournal } from './journal.ts';
import { randomOf } from './random.ts';

export interface Receipt {
  kind: 'receipt';
  at: number;
  /** Number of the request; `answer` and `cut` lines refer to it. */
  n: number;
  delivery: string;
  path: string;
  type: string;
  data: Record<string, string>;
}
export interface Answered {
  kind: 'answer' | 'cut';
  at: number;
  n: number;
}

if (import.meta.main) {
  const journal = openJournal(process.env.JOURNAL ?? '');
  const random = randomOf(Number(process.env.SEED ?? 1));
  const delayMax = Number(process.env.DELAY_MAX_MS ?? 0);
  const cutShare = Number(process.env.CUT_SHARE ?? 0);
  let count = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { type, data } = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const n = ++count;
    const delivery = String(request.headers['webhook-id']);
    journal.write({ kind: 'receipt', at: machineMs(), n, delivery, path: request.url, type, data });
    const isPage = type === 'page.sent';
    if (isPage && delayMax > 0) await sleep(random.next() * delayMax);
    const cut = isPage && random.next() < cutShare;
    if (cut) request.socket.destroy();
    else response.end('{}');
    journal.write({ kind: cut ? 'cut' : 'answer', at: machineMs(), n });
  });
  server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
}
