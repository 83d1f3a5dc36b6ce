/** Posts that cannot go to the database now: onto the disk, answered as spooled; and back, in their order, when it can. */
import { type Ctx, type House, log, processNow } from '#kernel';
import { drainSpool } from '../commands/drainSpool.ts';
import { keyForSignal } from '../ingest/body.ts';
import type { Answer } from '../ingest/family.ts';
import { refusal, switchedOff } from '../ingest/refusal.ts';
import { withoutKey } from '../ingest/store.ts';
import { holderOf, type Integration, keyHashOf, openOptions } from '../integrations/store.ts';
import { fingerprintOfEvent } from '../items.ts';
import type { Arrival } from './arrival.ts';
import { isDatabaseAway, knownKey } from './away.ts';
import {
  appendToSpool,
  claimSegment,
  closeSpool,
  dropSegment,
  readSegment,
  type SpoolHead,
  type SpoolRecord,
} from './spool.ts';

/** Posts of one transaction when the spool is emptied. */
const TOGETHER = 50;
const RETRY_MS = 1000;
/** Senders are asked to come again after so many seconds. */
const AGAIN_S = 5;

export interface Aside {
  /** Answers to posts that are on the disk now, or that could not be put there. */
  put(posts: Arrival[], maybe: boolean): Promise<Answer[]>;
  /** True when something spooled says something about the same alert: this post must wait behind it. */
  mustWait(post: Arrival): boolean;
  /** Empties what can be emptied. */
  drain(): void;
  idle(): Promise<void>;
}

let emptying = true;
/** While the product only waits for its database nothing is emptied: the schema may have to be brought up first. */
export const mayDrain = (may: boolean): void => {
  emptying = may;
};

export function openAside(house: House, onAway: (why: unknown) => void): Aside {
  /** Alerts that spooled posts are about, with how many posts. */
  const pending = new Map<string, number>();
  let draining: Promise<void> | undefined;
  let again = false;

  const count = (names: string[], by: number) => {
    for (const name of names) {
      const left = (pending.get(name) ?? 0) + by;
      if (left > 0) pending.set(name, left);
      else pending.delete(name);
    }
  };
  const drainAll = async () => {
    closeSpool();
    for (let path = claimSegment(); path; path = claimSegment()) {
      const records = readSegment(path);
      for (let i = 0; i < records.length; i += TOGETHER) await drainSome(house, records.slice(i, i + TOGETHER));
      dropSegment(path);
      if (records.length > 0) log.info({ posts: records.length }, 'posts of the spool are in the database');
    }
    // Nothing waits any more that this process knows of; what was put aside meanwhile is counted again with its segment.
    if (!again) pending.clear();
  };
  const drain = () => {
    if (!emptying) return;
    again = true;
    draining ??= (async () => {
      while (again) {
        again = false;
        try {
          await drainAll();
        } catch (error) {
          if (isDatabaseAway(error)) return onAway(error);
          log.error({ error: (error as Error).message }, 'the spool could not be emptied and is tried again');
          setTimeout(drain, RETRY_MS).unref();
          return;
        }
      }
    })().finally(() => {
      draining = undefined;
    });
  };

  return {
    put: async (posts, maybe) => {
      const made = posts.map((post) => prepare(post, maybe));
      const records = made.flatMap((one) => ('record' in one ? one.record : []));
      try {
        if (records.length > 0) await appendToSpool(records);
      } catch (error) {
        log.error({ error: (error as Error).message }, 'posts could not be kept on this disk');
        return made.map((one, n) => ('record' in one ? comeAgain(posts[n]!) : one.answer));
      }
      for (const one of made) if ('record' in one) count(one.names, 1);
      return made.map((one) => one.answer);
    },
    mustWait: (post) => pending.size > 0 && namesOf(post).some((name) => pending.has(name)),
    drain,
    idle: async () => {
      while (draining) await draining;
    },
  };
}

/** 503 with the time to come again: nothing was taken. */
const comeAgain = (post: Arrival): Answer => {
  const answer = refusal(post.family, post, 503, 'Alerts cannot be taken just now', 'signals.unavailable', [
    `Nothing was stored. Send it again in ${AGAIN_S} seconds.`,
  ]);
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(AGAIN_S) } };
};

type Prepared = { answer: Answer; record: SpoolRecord; names: string[] } | { answer: Answer };

/** What is written of a post, and its answer; or why it is not taken. */
function prepare(post: Arrival, maybe: boolean): Prepared {
  const { family, body, wire, requestId } = post;
  const now = new Date(processNow());
  const holder = holderOf(knownKey(keyHashOf(post.key)), family.kind, now);
  // Whose key it is cannot be asked: it may be a new one.
  if (holder.state === 'unknown') return { answer: comeAgain(post) };
  if (holder.state === 'disabled') return { answer: switchedOff(post, family) };
  const { integration } = holder;
  if (!body.ok)
    return {
      answer: refusal(family, post, body.status, 'This cannot be read as an alert', 'signals.unreadable', [body.error]),
    };
  const reading = family.prepare
    ? { ok: true as const, events: [], changes: [] }
    : family.read(body.value, post.purpose, readContext(post, integration, now));
  if (!reading.ok)
    return {
      answer: refusal(
        family,
        post,
        reading.status ?? 400,
        'This cannot be read as an alert',
        'signals.unreadable',
        reading.errors,
      ),
    };
  const head: SpoolHead = {
    id: post.id,
    integrationId: integration.id,
    receivedAt: now.getTime(),
    purpose: post.purpose,
    contentType: post.contentType,
    headers: post.headers,
    wire,
    idempotencyKey: post.idempotencyKey ?? null,
    requestId,
    ...(maybe ? { maybe } : {}),
  };
  const record = { head, bytes: withoutKey(post.bytes, post.key) };
  return {
    answer: spooled(family.accepted(post.purpose, reading, post.id, wire)),
    record,
    names: namesOf(post, integration),
  };
}

const readContext = ({ id, wire, body }: Arrival, integration: Integration, now: Date) => ({
  now,
  newKey: keyForSignal(id),
  options: openOptions(integration),
  wire,
  sanitized: body.ok && body.sanitized,
});

/** The alerts a post is about; of one that cannot be read without the database, the whole integration. */
function namesOf(post: Arrival, known?: Integration): string[] {
  const holder = holderOf(knownKey(keyHashOf(post.key)), post.family.kind, new Date(processNow()));
  const integration = known ?? (holder.state === 'ok' ? holder.integration : undefined);
  if (!integration || !post.body.ok) return [];
  if (post.family.prepare) return [`${integration.id}:*`];
  const reading = post.family.read(
    post.body.value,
    post.purpose,
    readContext(post, integration, new Date(processNow())),
  );
  if (!reading.ok) return [];
  return [
    `${integration.id}:*`,
    ...reading.events.map((event) => `${integration.id}:${fingerprintOfEvent(event)}`),
  ].slice(reading.events.length > 0 ? 1 : 0);
}

/** An answer that says how durable its post is: on one disk, not yet in the database. */
function spooled(answer: Answer): Answer {
  const { body } = answer;
  const plain = typeof body === 'object' && body !== null && !Array.isArray(body);
  return {
    ...answer,
    headers: { ...answer.headers, 'x-evenkeel-durability': 'spooled' },
    body: plain ? { ...body, durability: 'spooled' } : body,
  };
}

/** Together; when that fails for another reason than the database being away, each alone, and what fails then by job. */
async function drainSome(house: House, records: SpoolRecord[]): Promise<void> {
  const ctx: Ctx = await house.ctx(house.system('signals.ingest'));
  try {
    await drainSpool(ctx, { records });
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    if (records.length > 1) for (const record of records) await drainSome(house, [record]);
    else await drainSpool(ctx, { records, defer: true });
  }
}
