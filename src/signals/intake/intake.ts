/**
 * Where posts of all doors come together: those that arrive while others are being written share the next commit.
 *
 * With little to do a post is stored, processed and paged about in one transaction, and answered after its commit. When
 * more comes than that can carry, posts are stored in blocks (blocks.ts), answered after that commit, and processed
 * behind it (behind.ts). Either way nothing is answered with a 2xx before it is on disk.
 */
import { type Ctx, type House, log, systemActor } from '#kernel';
import { receiveAll } from '../commands/receiveAll.ts';
import type { Answer } from '../ingest/family.ts';
import { tooMany } from '../ingest/refusal.ts';
import { keyHashOf } from '../integrations/store.ts';
import type { Arrival } from './arrival.ts';
import { type Aside, openAside } from './aside.ts';
import { type Away, isDatabaseAway, knownKey, rememberKeys, watchAway } from './away.ts';
import { type Behind, openBehind } from './behind.ts';
import { isPlain, storeBlocks } from './blocks.ts';
import { openFairness } from './fairness.ts';
import { limitsOf } from './limits.ts';

/** Posts that are processed before their answer, together; more of them are stored first. */
const INLINE_POSTS = 20;
const INLINE_BYTES = 256 * 1024;
/** Posts and bytes of one commit. */
const MOST_POSTS = 1000;
const MOST_BYTES = 8 * 1024 * 1024;
/** A commit of so many posts means that more wait for their answers than can be answered at once. */
const MANY_POSTS = 80;
/** A post that has waited so long for a commit under way gets one beside it. */
const PATIENCE_MS = 20;
const MOST_AT_ONCE = 4;
/** A database that takes longer than this is treated as away: the sender is answered from the disk. */
const DEADLINE_MS = 5000;

interface Waiting {
  post: Arrival;
  since: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
  answered?: boolean;
}

export interface Intake {
  /** The answer to a post, when it is durable. */
  take(post: Arrival): Promise<Answer>;
  /** Takes what is on the disk into the database. */
  drain(): void;
  /** Resolves when everything taken has been processed. */
  idle(): Promise<void>;
}

const intakes = new WeakMap<House, Intake>();

/** The intake of this process. */
export function intakeOf(house: House): Intake {
  const known = intakes.get(house);
  if (known) return known;
  const intake = openIntake(house);
  intakes.set(house, intake);
  house.background.push(intake.idle);
  return intake;
}

/** What a commit works with. */
interface Room {
  house: House;
  behind: Behind;
  away: Away;
  aside: Aside;
}

function openIntake(house: House): Intake {
  const waiting: Waiting[] = [];
  const away: Away = watchAway(house, () => aside.drain());
  const aside: Aside = openAside(house, (why) => away.begin(why));
  const room: Room = { house, behind: openBehind(house, () => lastCommit >= MANY_POSTS), away, aside };
  const fairness = openFairness();
  let running = 0;
  let lastCommit = 0;
  let soon = false;

  const pump = () => {
    soon = false;
    const first = waiting[0];
    if (!first) return;
    const waited = performance.now() - first.since;
    if (running > 0 && (waited < PATIENCE_MS || running >= MOST_AT_ONCE)) {
      if (running < MOST_AT_ONCE) setTimeout(pump, PATIENCE_MS - waited + 1);
      return;
    }
    running += 1;
    const list = takeSome(waiting);
    lastCommit = list.length;
    void commit(room, list).finally(() => {
      running -= 1;
      pump();
    });
  };

  return {
    take: (post) => {
      const hash = keyHashOf(post.key);
      const sender = knownKey(hash)?.id;
      const own = sender === undefined ? 0 : room.behind.load(sender);
      const again = fairness.ask(hash, performance.now(), limitsOf(sender), own, room.behind.load());
      if (again !== null) return Promise.resolve(tooMany(post, post.family, again));
      return new Promise((resolve, reject) => {
        waiting.push({ post, since: performance.now(), resolve, reject });
        if (soon) return;
        soon = true;
        // After this turn of the loop, so that posts that were read together are written together.
        setImmediate(pump);
      });
    },
    drain: () => aside.drain(),
    idle: async () => {
      while (waiting.length > 0 || running > 0) await new Promise((resolve) => setTimeout(resolve, 2));
      await aside.idle();
      await room.behind.idle();
    },
  };
}

function takeSome(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  let n = 0;
  while (n < waiting.length && n < MOST_POSTS && bytes < MOST_BYTES) bytes += waiting[n++]!.post.bytes.length;
  return waiting.splice(0, n);
}

async function commit(room: Room, list: Waiting[]): Promise<void> {
  if (room.away.isAway()) return await putAside(room, list, false);
  const behindSpooled = list.filter(({ post }) => room.aside.mustWait(post));
  const free = behindSpooled.length > 0 ? list.filter((one) => !behindSpooled.includes(one)) : list;
  let over = false;
  const late = new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      // It may yet be written: the spool looks before it writes it again.
      if (!over) resolve(tooLate(room, free));
    }, DEADLINE_MS);
    timer.unref();
  });
  const done = Promise.all([write(room, free), putAside(room, behindSpooled, false)]).then(() => {
    over = true;
  });
  await Promise.race([done, late]);
}

async function tooLate(room: Room, list: Waiting[]): Promise<void> {
  room.away.begin(new Error(`the database did not answer within ${DEADLINE_MS / 1000} s`));
  await putAside(
    room,
    list.filter((one) => !one.answered),
    true,
  );
}

/** Keeps posts on this disk and answers that. */
async function putAside({ aside, away }: Room, list: Waiting[], maybe: boolean): Promise<void> {
  if (list.length === 0) return;
  const answers = await aside.put(
    list.map(({ post }) => post),
    maybe,
  );
  list.forEach((one, n) => {
    answer(one, answers[n]!);
  });
  // The database may have come back meanwhile.
  if (!away.isAway()) aside.drain();
}

function answer(one: Waiting, what: Answer): void {
  one.answered = true;
  one.resolve(what);
}

async function write(room: Room, list: Waiting[]): Promise<void> {
  if (list.length === 0) return;
  const bytes = list.reduce((sum, { post }) => sum + post.bytes.length, 0);
  const few = list.length === 1 || (list.length <= INLINE_POSTS && bytes <= INLINE_BYTES);
  if (few && !room.behind.busy()) return await inline(room, list);
  const plain = list.filter(({ post }) => isPlain(post));
  const special = list.filter(({ post }) => !isPlain(post));
  await Promise.all([inChunks(room, special), inBlocks(room, plain)]);
}

async function inChunks(room: Room, list: Waiting[]): Promise<void> {
  for (let i = 0; i < list.length; i += INLINE_POSTS) await inline(room, list.slice(i, i + INLINE_POSTS));
}

/** The context of taking a post, before its transaction; the transaction brings the time. */
const ctxOf = (house: House, post: Arrival): Ctx => ({
  db: house.hot,
  actor: systemActor('signals.ingest'),
  now: new Date(Number.NaN),
  exercise: false,
  log: log.child({ requestId: post.requestId }),
  requestId: post.requestId,
  ip: post.ip,
  audit: {},
  within: [],
});

/** Stores and processes posts in one transaction. When that fails, each alone; when that fails too, it is stored for later. */
async function inline(room: Room, list: Waiting[], defer = false): Promise<void> {
  const { house } = room;
  const [first] = list;
  if (!first) return;
  const posts = list.map(({ post }) => (defer ? { ...post, defer } : post));
  const ctx = ctxOf(house, first.post);
  const hashes = [...new Set(posts.map((post) => keyHashOf(post.key)))];
  try {
    const answers = await receiveAll(ctx, { posts, onKeys: (found) => rememberKeys(hashes, found) });
    list.forEach((one, n) => {
      answer(one, answers[n]!);
    });
  } catch (error) {
    const open = list.filter((one) => !one.answered);
    if (isDatabaseAway(error)) {
      room.away.begin(error);
      // Whether its commit was carried out is not known.
      return await putAside(room, open, true);
    }
    if (list.length > 1) {
      for (const one of open) await inline(room, [one]);
      return;
    }
    if (defer) return first.reject(error);
    // The alert is worth more than the rule that failed: store it, answer, and try again by job.
    ctx.log.error(
      { error: (error as Error).message },
      'a signal could not be processed at once and is stored for later',
    );
    await inline(room, open, true);
  }
}

/** Stores posts in blocks, one commit for all, and answers. What cannot be stored so goes the other way. */
async function inBlocks(room: Room, list: Waiting[]): Promise<void> {
  if (list.length === 0) return;
  try {
    const stored = await storeBlocks(
      room.house,
      list.map(({ post }) => post),
    );
    room.behind.add(stored.blocks);
    list.forEach((one, n) => {
      const what = stored.answers[n];
      if (what) answer(one, what);
    });
  } catch (error) {
    if (isDatabaseAway(error)) {
      room.away.begin(error);
      return await putAside(room, list, true);
    }
    log.warn({ error: (error as Error).message }, 'posts could not be stored in a block');
  }
  await inChunks(
    room,
    list.filter((one) => !one.answered),
  );
}
