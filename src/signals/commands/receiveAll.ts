/** Takes posts that arrived together, with one commit for all of them: who sends each is looked up while the transaction opens. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import type { Answer } from '../ingest/family.ts';
import { switchedOff, unknownKey } from '../ingest/refusal.ts';
import { type HeldKey, holderOf, keyHashOf, noteDropped } from '../integrations/store.ts';
import type { Arrival, Receive } from '../intake/arrival.ts';
import { takeAll } from '../intake/take-all.ts';

export interface ReceiveAll {
  posts: Arrival[];
  /** By hash, asked for a moment ago. */
  keys: Promise<Map<string, HeldKey>>;
}

/** Returns the answer to each, in order. Everything or nothing. */
export const receiveAll = command(
  'signals.receiveAll',
  { allow: 'internal' },
  async (ctx, { posts, keys }: ReceiveAll): Promise<Answer[]> => {
    ctx.audit.skip = true;
    const held = await keys;
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
