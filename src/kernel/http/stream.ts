/** The live stream: server-sent events fed by the database's notifications, so that every node tells its browsers. */
import type { FastifyReply } from 'fastify';
import pg from 'pg';
import type { Connection } from '../db/pool.ts';
import { Problem } from '../errors.ts';
import type { House } from '../house.ts';
import { log } from '../log.ts';

interface Reader {
  reply: FastifyReply;
  /** Nothing is told of a restricted incident whose list this person is not on. */
  personId: string;
}

const MAX_READERS = 500;
/** A reader that takes nothing is dropped at this many waiting bytes (bad input row 44). */
const MAX_WAITING = 1024 * 1024;

/** How many numbers below the highest told are looked at again, and how many rows are read at once. */
const OVERLAP = 200;
const BATCH = 1000;
const RETRY_MS = 300;
const NET_MS = 3000;

export interface LiveStream {
  join(reply: FastifyReply, personId: string): void;
  close(): Promise<void>;
}

/** Listens to the database and tells every reader; after a break it connects again and asks readers to load anew. */
export async function openStream(house: House, connection: Connection): Promise<LiveStream> {
  const readers = new Set<Reader>();
  let begin = 0;
  let last = 0;
  let closed = false;
  let client: pg.Client | undefined;

  const tell = (text: string, only?: readonly string[] | null) => {
    for (const reader of readers) {
      if (only && !only.includes(reader.personId)) continue;
      const { raw } = reader.reply;
      if (raw.writableLength > MAX_WAITING) {
        readers.delete(reader);
        raw.destroy();
      } else raw.write(text);
    }
  };

  // Every event not told yet, so that a lost notification only delays, never loses. Numbers are given at insert and seen
  // at commit, so a lower one may come after a higher: the last few are looked at again.
  const told = new Set<number>();
  let again = false;
  const readNew = async () => {
    const rows = await house.db
      .selectFrom('kernel.events as e')
      .leftJoin('kernel.veils as v', (join) =>
        join.on((eb) => eb.or([eb('v.subject', '=', eb.ref('e.incident')), eb('v.subject', '=', eb.ref('e.subject'))])),
      )
      .select(['e.seq', 'e.type', 'e.subject', 'e.incident', 'e.exercise', 'e.at', 'v.readers'])
      .where('e.seq', '>', last - OVERLAP)
      .where('e.seq', '>', begin)
      .orderBy('e.seq')
      .limit(BATCH)
      .execute();
    for (const { readers: only, ...row } of rows) {
      if (told.has(row.seq)) continue;
      told.add(row.seq);
      last = Math.max(last, row.seq);
      tell(`id: ${row.seq}\ndata: ${JSON.stringify(row)}\n\n`, only);
    }
    if (rows.length === BATCH) again = true;
    for (const seq of told) if (seq <= last - OVERLAP) told.delete(seq);
  };
  // One at a time: ten notifications at once must not tell everything ten times.
  let reading: Promise<void> | undefined;
  const catchUp = async () => {
    again = true;
    reading ??= (async () => {
      while (again) {
        again = false;
        await readNew();
      }
    })().finally(() => {
      reading = undefined;
    });
    await reading;
  };

  // A reading that fails is tried again, and a look every few seconds finds what no notification told: late, never lost.
  // Without readers nothing is read; who comes later is told to load anew.
  let behind = false;
  const wake = () => {
    if (readers.size === 0) {
      behind = true;
      return;
    }
    catchUp().catch((error: Error) => {
      if (closed) return;
      log.warn({ error: error.message }, 'the live stream could not read what happened and tries again');
      setTimeout(wake, RETRY_MS).unref();
    });
  };

  const connect = async () => {
    client = new pg.Client({ ...connection, application_name: 'evenkeel stream', keepAlive: true });
    client.on('error', () => void client?.end().catch(() => {}));
    client.on('end', () => {
      if (!closed)
        setTimeout(
          () =>
            void connect().catch((error: Error) =>
              log.warn({ error: error.message }, 'the live stream is waiting for the database'),
            ),
          1000,
        ).unref();
    });
    client.on('notification', wake);
    await client.connect();
    await client.query('listen evenkeel_events');
    tell('event: resync\ndata: {}\n\n');
  };

  const startAtHead = async () => {
    const head = await house.db
      .selectFrom('kernel.events')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .executeTakeFirst();
    begin = last = Number(head?.seq ?? 0);
    told.clear();
  };
  await startAtHead();
  await connect();
  // An event, not a comment: only an event is seen by the page, which takes 45 s of silence for a dead line.
  const breath = setInterval(() => tell('event: breath\ndata: {}\n\n'), 15_000);
  const net = setInterval(() => readers.size > 0 && wake(), NET_MS);

  return {
    join: (reply, personId) => {
      if (readers.size >= MAX_READERS)
        throw new Problem(503, 'Too many open live streams', {
          rule: 'stream.full',
          detail: 'The page works without it; reload to see changes.',
        });
      const reader = { reply, personId };
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'keep-alive',
      });
      reply.raw.write('retry: 2000\nevent: hello\ndata: {}\n\n');
      const first = readers.size === 0 && behind;
      readers.add(reader);
      if (first) {
        behind = false;
        startAtHead().then(() => tell('event: resync\ndata: {}\n\n'), wake);
      }
      reply.raw.on('close', () => readers.delete(reader));
    },
    close: async () => {
      closed = true;
      clearInterval(breath);
      clearInterval(net);
      for (const reader of readers) reader.reply.raw.end();
      await client?.end().catch(() => {});
    },
  };
}
