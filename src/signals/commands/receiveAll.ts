/** Takes posts that arrived together, with one commit for all of them: who sends each is looked up in the same transaction. */
import { type Ctx, standingEach } from '#kernel';
import { command } from '#security';
import type { Answer } from '../ingest/family.ts';
import { foretell } from '../foretold.ts';
import { switchedOff, unknownKey } from '../ingest/refusal.ts';
import { type HeldKey, heldKeys, holderOf, keyHashOf, noteDropped } from '../integrations/store.ts';
import type { Arrival, Receive } from '../intake/arrival.ts';
import { takeAll } from '../intake/take-all.ts';

export interface ReceiveAll {
  posts: Arrival[];
  /** Told who holds the keys of the posts, by hash, as soon as that is known. */
  onKeys(keys: Map<string, HeldKey>): void;
}

/** Returns the answer to each, in order. Everything or nothing. */
export const receiveAll = command(
  'signals.receiveAll',
  { allow: 'internal', standing: true, foresee: (ctx, { posts }: ReceiveAll) => foretell(ctx, posts) },
  async (ctx, { posts, onKeys }: ReceiveAll): Promise<Answer[]> => {
    ctx.audit.skip = true;
    const hashes = [...new Set(posts.map((post) => keyHashOf(post.key)))];
    const held = await standingEach(ctx.db, 'key', hashes, (missing) => heldKeys(ctx.db, missing));
    onKeys(held);
    const answers: (Answer | undefined)[] = [];
    const welcome: Receive[] = [];
    for (const post of posts) {
      const holder = holderOf(held.get(keyHashOf(post.key)), post.family.kind, ctx.now);
      if (holder.state === 'ok') welcome.push({ ...post, integration: holder.integration });
      answers.push(holder.state === 'ok' ? undefined : await refused(ctx, post, holder));
    }
    const received = welcome.length > 0 ? await takeAll(ctx, welcome) : [];
    let next = 0;
    return answers.map((answer) => answer ?? (received[next++]?.answer as Answer));
  },
);

async function refused(ctx: Ctx, post: Arrival, holder: ReturnType<typeof holderOf>): Promise<Answer> {
  if (holder.state === 'unknown') return unknownKey(post, post.family);
  await noteDropped(ctx, holder.integration.id);
  return switchedOff(post, post.family);
}
