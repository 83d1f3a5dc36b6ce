/**
 * Where posts of all doors come together: those that arrive while others are being written share the next commit.
 *
 * With little to do a post is stored, processed and paged about in one transaction, and answered after its commit. When
 * more comes than that can carry, posts are stored in blocks (blocks.ts), answered after that commit, and processed
 * behind it (behind.ts). Either way nothing is answered with a 2xx before it is on disk.
 */
import { type House, Problem, systemActor, type Ctx, log } from '#kernel';
import { receiveAll } from '../commands/receiveAll.ts';
import type { Answer } from '../ingest/family.ts';
import { heldKeys, keyHashOf } from '../integrations/store.ts';
import type { Arrival } from './arrival.ts';
import { type Behind, openBehind } from './behind.ts';
import { isPlain, storeBlocks } from './blocks.ts';

/** Posts that are processed before their answer, together; more of them are stored first. */
const INLINE_POSTS = 20;
const INLINE_BYTES = 256 * 1024;
/** Posts and bytes of one commit. */
const MOST_POSTS = 1000;
const MOST_BYTES = 8 * 1024 * 1024;
/** A post that has waited so long for a commit under way gets one beside it. */
const PATIENCE_MS = 20;
const MOST_AT_ONCE = 4;

interface Waiting {
  post: Arrival;
  since: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export interface Intake {
  /** The answer to a post, when it is durable. */
  take(post: Arrival): Promise<Answer>;
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

function openIntake(house: House): Intake {
  const waiting: Waiting[] = [];
  const behind = openBehind(house);
  let running = 0;
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
    void commit(house, behind, list).finally(() => {
      running -= 1;
      pump();
    });
  };

  return {
    take: (post) =>
      new Promise((resolve, reject) => {
        waiting.push({ post, since: performance.now(), resolve, reject });
        if (soon) return;
        soon = true;
        // After this turn of the loop, so that posts that were read together are written together.
        setImmediate(pump);
      }),
    idle: async () => {
      while (waiting.length > 0 || running > 0) await new Promise((resolve) => setTimeout(resolve, 2));
      await behind.idle();
    },
  };
}

function takeSome(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  let n = 0;
  while (n < waiting.length && n < MOST_POSTS && bytes < MOST_BYTES) bytes += waiting[n++]!.post.bytes.length;
  return waiting.splice(0, n);
}

async function commit(house: House, behind: Behind, list: Waiting[]): Promise<void> {
  const bytes = list.reduce((sum, { post }) => sum + post.bytes.length, 0);
  const few = list.length === 1 || (list.length <= INLINE_POSTS && bytes <= INLINE_BYTES);
  if (few && !behind.busy()) return await inline(house, list);
  const plain = list.filter(({ post }) => isPlain(post));
  const special = list.filter(({ post }) => !isPlain(post));
  await Promise.all([inChunks(house, special), inBlocks(house, behind, plain)]);
}

async function inChunks(house: House, list: Waiting[]): Promise<void> {
  for (let i = 0; i < list.length; i += INLINE_POSTS) await inline(house, list.slice(i, i + INLINE_POSTS));
}

/** The context of taking a post, before its transaction; the transaction brings the time. */
const ctxOf = (house: House, post: Arrival): Ctx => ({
  db: house.db,
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
async function inline(house: House, list: Waiting[], defer = false): Promise<void> {
  const [first] = list;
  if (!first) return;
  const posts = list.map(({ post }) => (defer ? { ...post, defer } : post));
  const ctx = ctxOf(house, first.post);
  const keys = heldKeys(house.db, [...new Set(posts.map((post) => keyHashOf(post.key)))]);
  keys.catch(() => {});
  try {
    const answers = await receiveAll(ctx, { posts, keys });
    list.forEach(({ resolve }, n) => {
      resolve(answers[n]!);
    });
  } catch (error) {
    if (list.length > 1) {
      for (const one of list) await inline(house, [one]);
      return;
    }
    if (defer || (error instanceof Problem && error.status === 503)) return first.reject(error);
    // The alert is worth more than the rule that failed: store it, answer, and try again by job.
    ctx.log.error(
      { error: (error as Error).message },
      'a signal could not be processed at once and is stored for later',
    );
    await inline(house, list, true);
  }
}

/** Stores posts in blocks, one commit for all, and answers. What cannot be stored so goes the other way. */
async function inBlocks(house: House, behind: Behind, list: Waiting[]): Promise<void> {
  if (list.length === 0) return;
  try {
    const stored = await storeBlocks(
      house,
      list.map(({ post }) => post),
    );
    behind.add(stored.blocks);
    list.forEach(({ resolve }, n) => {
      const answer = stored.answers[n];
      if (answer) resolve(answer);
    });
    await inChunks(
      house,
      list.filter((_, n) => !stored.answers[n]),
    );
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'posts could not be stored in a block');
    await inChunks(house, list);
  }
}
