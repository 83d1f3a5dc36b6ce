/**
 * What processing will ask first, asked while its transaction opens: the locks of its keys, their alerts and their groups.
 * Which keys those are follows from the bytes and from what rarely changes, so it is known, mostly, before the database has
 * said anything; a round trip less before people are called. When it turns out otherwise, everything is asked as always.
 */
import { type Ctx, isGuessing, standingEach, wager } from '#kernel';
import { keyForSignal, readAt } from './ingest/body.ts';
import { type HeldKey, holderOf, keyHashOf, openOptions } from './integrations/store.ts';
import type { Arrival } from './intake/arrival.ts';
import { type Alert, type Group, GROUP_WINDOW_MS } from './model.ts';
import type { Brought } from './items.ts';
import { keysOf } from './process.ts';
import { alertsByFingerprint, lockGroups, lockKeys, type Scope } from './store.ts';

interface Foretold {
  name: string;
  /** The time that was presumed. */
  at: Date;
  answers: Promise<[Group[], Map<string, Alert>]>;
}

const foretold = new WeakMap<object, Foretold>();
/** A presumed time that is off by more than this asks about other windows than the true one. */
const OFF_MS = 1000;

const nameOf = (scope: Scope, fingerprints: string[], groupKeys: string[]) =>
  JSON.stringify([scope.integrationId, scope.test, scope.exercise, fingerprints, groupKeys]);

/**
 * Asks ahead for these posts, when they are of one sender and hold nothing but alerts. `ctx.now` is presumed. Returns whether
 * they are probably news: no alert and no open group of these keys was seen by this process.
 */
export async function foretell(ctx: Ctx, posts: Arrival[]): Promise<boolean> {
  const hash = keyHashOf(posts[0]?.key);
  if (posts.some((post) => keyHashOf(post.key) !== hash || post.family.prepare || post.test)) return false;
  const held = await standingEach<HeldKey>(ctx.db, 'key', [hash], async () => new Map());
  const brought: Brought[] = [];
  for (const post of posts) {
    const holder = holderOf(held.get(hash), post.family.kind, ctx.now);
    if (holder.state !== 'ok' || !post.body.ok) return false;
    const { id, serviceId } = holder.integration;
    const context = { now: ctx.now, newKey: keyForSignal(post.id), options: openOptions(holder.integration) };
    const reading = await readAt(ctx, post.family, holder.integration, post.purpose, post.body, post.wire, context);
    if (!reading.ok || reading.notes?.length || reading.act !== undefined || reading.changes.length > 0) return false;
    const origin = { signalId: post.id, integrationId: id, serviceId, test: false, mayPage: true };
    brought.push({ origin, events: reading.events });
  }
  const keys = await keysOf(ctx, brought);
  if (!keys || keys.fingerprints.length === 0) return false;
  const { scope, fingerprints, groupKeys } = keys;
  await lockKeys(ctx, scope, [...fingerprints, ...groupKeys]);
  const answers = Promise.all([
    lockGroups(ctx, scope, fingerprints, groupKeys, GROUP_WINDOW_MS),
    alertsByFingerprint(ctx, scope, fingerprints),
  ]);
  answers.catch(() => {});
  foretold.set(ctx.db, { name: nameOf(scope, fingerprints, groupKeys), at: ctx.now, answers });
  return isNews(scope, fingerprints, groupKeys) && groupKeys.length > 0;
}

/** When this process last saw these keys, by the clock that never jumps. Beyond so many all are forgotten. */
const MOST_SEEN = 20_000;
const seen = new Map<string, number>();
/** After a wrong guess nothing is guessed for a while: somebody else takes these alerts too, or this process is young. */
const REST_MS = 1000;
let restUntil = 0;

/** Whether none of these keys was seen before; from now on they were. */
function isNews({ integrationId }: Scope, fingerprints: string[], groupKeys: string[]): boolean {
  const now = performance.now();
  if (seen.size > MOST_SEEN) seen.clear();
  let news = now >= restUntil;
  for (const key of [...fingerprints, ...groupKeys]) {
    const name = `${integrationId}:${key}`;
    const last = seen.get(name);
    // A group that is open for a window only is over after it.
    if (last !== undefined && !(key.startsWith('window:') && now - last > GROUP_WINDOW_MS)) news = false;
    seen.set(name, now);
  }
  return news;
}

/** What news finds: nothing. That it is so is seen before the commit. */
function presumeNothing(ctx: Ctx, answers: Foretold['answers']): Foretold['answers'] {
  const nothing = answers.then(([groups, alerts]) => {
    const right = groups.length === 0 && alerts.size === 0;
    if (!right) restUntil = performance.now() + REST_MS;
    return right;
  });
  wager(ctx.db, nothing);
  return Promise.resolve([[], new Map()]);
}

/** What was asked ahead, once, when it is what is needed now. The keys are locked then. */
export function takeForetold(
  ctx: Ctx,
  scope: Scope,
  fingerprints: string[],
  groupKeys: string[],
): Foretold['answers'] | undefined {
  const known = foretold.get(ctx.db);
  foretold.delete(ctx.db);
  if (known?.name !== nameOf(scope, fingerprints, groupKeys)) return undefined;
  if (Math.abs(known.at.getTime() - ctx.now.getTime()) >= OFF_MS) return undefined;
  return isGuessing(ctx.db) ? presumeNothing(ctx, known.answers) : known.answers;
}
