/** What a walk does at each subscriber: a mail over shared connections, or one signed call of a webhook. */
import { type BulkMail, bulkMail, channelByName, tryOnce } from '#channels';
import { config, type Ctx } from '#kernel';
import { noteBounce } from '../../commands/noteBounce.ts';
import { BASE } from '../../statuspage/read.ts';
import { updateHook, updateMail } from '../mail.ts';
import { wants } from '../model.ts';
import { openAddress, openUnsubscribe } from '../store.ts';
import type { Telling } from '../telling.ts';
import { queueHandOver } from './hand-over.ts';
import type { Step } from './run.ts';
import type { Walked, WalkRow } from './store.ts';

export interface Carrier {
  step(subscriber: Walked): Promise<Step>;
  close(): void;
  /** Begun at once and not yet written down. */
  window: number;
}

/** Stands in the composed mail where each reader's own way out belongs. */
const PLACE = 'zqWayOutOfThisListqz';
const CONNECTIONS = 16;
/** A crash repeats at most so many. */
const WINDOW = { email: 256, webhook: 256 };
/** A webhook that does not answer sooner is left to an ordinary delivery, which tries again. */
const PATIENCE_MS = 4000;

export const linkOf = (publicId: string) => `${config.publicUrl}${BASE}/incidents/${publicId}`;

/** Mails: composed once; what differs is whom it goes to and the link that leads out. */
export async function mailCarrier(ctx: Ctx, walk: WalkRow, told: Telling): Promise<Carrier> {
  const frame = {
    page: told.page,
    link: linkOf(walk.publicId),
    revisionId: walk.revisionId,
    factsHash: told.factsHash,
  };
  const message = updateMail(told.update, {
    ...frame,
    unsubscribe: `${config.publicUrl}${BASE}/unsubscribe?token=${PLACE}`,
  });
  const bulk: BulkMail = await bulkMail(ctx, message, PLACE, CONNECTIONS);
  const about = { revisionId: walk.revisionId, channel: walk.channel };
  return {
    window: WINDOW.email,
    close: () => bulk.close(),
    async step(subscriber) {
      if (!wants(subscriber.componentIds, told.about)) return 'skipped';
      const to = openAddress(subscriber);
      if (!to) return 'skipped';
      const fill = openUnsubscribe(subscriber);
      const outcome = await bulk.send({ id: `${walk.revisionId}.${subscriber.id}`, to, fill });
      if (outcome.state === 'away') return { away: outcome.error };
      if (outcome.state !== 'failed') {
        if (subscriber.bounces > 0) await noteBounce(ctx, { subscriberId: subscriber.id, taken: true });
        return 'sent';
      }
      if (outcome.permanent) {
        await noteBounce(ctx, { subscriberId: subscriber.id, revisionId: walk.revisionId, error: outcome.error });
        return 'failed';
      }
      // Not now (a full mailbox, a greylist): from here on it is a delivery like any other.
      await queueHandOver(ctx, { ...about, subscriberId: subscriber.id });
      return 'handed';
    },
  };
}

/** Webhooks: one try with little patience each, so that dead ones keep nobody waiting. */
export function hookCarrier(ctx: Ctx, walk: WalkRow, told: Telling): Carrier {
  const message = updateHook(told.update, {
    page: told.page,
    link: linkOf(walk.publicId),
    revisionId: walk.revisionId,
    factsHash: told.factsHash,
  });
  const endpoint = together(async (ids) => (await channelByName('webhook').lookUp?.(ctx.db, ids)) ?? new Map());
  return {
    window: WINDOW.webhook,
    close: () => undefined,
    async step(subscriber) {
      const { endpointId } = subscriber;
      if (!endpointId || !wants(subscriber.componentIds, told.about)) return 'skipped';
      const outcome = await tryOnce(ctx, {
        known: await endpoint(endpointId),
        id: `${walk.revisionId}.${subscriber.id}`,
        channel: 'webhook',
        to: endpointId,
        message,
        purpose: 'subscriber',
        patienceMs: PATIENCE_MS,
      });
      if (outcome.state !== 'failed') return 'sent';
      if (outcome.permanent) return 'failed';
      await queueHandOver(ctx, { revisionId: walk.revisionId, channel: walk.channel, subscriberId: subscriber.id });
      return 'handed';
    },
  };
}

/** Asks for many of what is asked for one by one in the same moment. */
function together<T>(ask: (keys: string[]) => Promise<Map<string, T>>): (key: string) => Promise<T | undefined> {
  let keys: string[] = [];
  let answer: Promise<Map<string, T>> | undefined;
  return async (key) => {
    keys.push(key);
    answer ??= Promise.resolve().then(() => {
      const asked = keys;
      keys = [];
      answer = undefined;
      return ask(asked);
    });
    return (await answer).get(key);
  };
}
