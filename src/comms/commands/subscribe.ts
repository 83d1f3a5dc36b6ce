/** Somebody asks for mails from the status page: a confirmation goes out, at most one an hour to a mailbox. */

import { registerEndpoint, send } from '#channels';
import { addMs, config, keyedHash, newId, randomToken, readSetting } from '#kernel';
import { command } from '#security';
import { subscriptions } from '../settings.ts';
import { BASE, readPage } from '../statuspage/read.ts';
import { confirmMail } from '../subscribers/mail.ts';
import { readTarget } from '../subscribers/targets.ts';
import type { SubscriberChannel } from '../tables.ts';
import { addressHash, countAttempt, mailsTo, sealAddress, tokenHash } from '../subscribers/store.ts';

export interface SubscribeInput {
  /** Absent: e-mail. */
  channel?: SubscriberChannel;
  address: string;
  componentIds: string[];
  ip: string;
}

/** Why nothing was sent, for the log; the person asking always sees the same answer. */
export type SubscribeOutcome = 'asked' | 'closed' | 'not_an_address' | 'too_many' | 'already' | 'asked_lately';

export const subscribe = command(
  'comms.subscribe',
  { allow: 'public' },
  async (ctx, input: SubscribeInput): Promise<SubscribeOutcome> => {
    const policy = await readSetting(ctx, subscriptions);
    if (!policy.open) return 'closed';
    if ((await countAttempt(ctx, input.ip)) > policy.perNetworkPerHour) return 'too_many';
    const channel = input.channel ?? 'email';
    const address = readTarget(channel, input.address, policy.anyChatHost);
    if (!address) return 'not_an_address';
    const hash = addressHash(address.key);
    const mailboxHash = keyedHash('comms.mailbox', address.mailbox);
    const known = await ctx.db
      .selectFrom('comms.subscribers')
      .selectAll()
      .where('addressHash', '=', hash)
      .forUpdate()
      .executeTakeFirst();
    if (known?.state === 'confirmed') return 'already';
    if ((await mailsTo(ctx, mailboxHash, addMs(ctx.now, -3_600_000))) >= policy.perAddressPerHour)
      return 'asked_lately';
    const token = randomToken(24);
    const id = known?.id ?? newId('sub');
    // A webhook gets a secret of its own, told to nobody but itself.
    const endpoint = channel === 'webhook' ? await registerEndpoint(ctx, { url: address.address, owner: id }) : null;
    const chosen = await ctx.db
      .selectFrom('comms.components')
      .select('id')
      .where('visible', '=', true)
      .where('archivedAt', 'is', null)
      .where('id', 'in', ['', ...input.componentIds])
      .execute();
    const fields = {
      sealedAddress: sealAddress(id, address.address),
      mailboxHash,
      hint: address.hint,
      state: 'pending' as const,
      channel,
      endpointId: endpoint?.endpointId ?? null,
      bounces: 0,
      bouncedAt: null,
      componentIds: chosen.map((row) => row.id),
      confirmHash: tokenHash(token),
      confirmSentAt: ctx.now,
      unsubscribedAt: null,
    };
    await ctx.db
      .insertInto('comms.subscribers')
      .values({
        id,
        addressHash: hash,
        sealedUnsubscribe: null,
        unsubscribeHash: null,
        confirmedAt: null,
        createdAt: ctx.now,
        ...fields,
      })
      .onConflict((oc) => oc.column('addressHash').doUpdateSet(fields))
      .execute();
    const link = `${config.publicUrl}${BASE}/confirm?token=${token}`;
    const chat = channel === 'slack' || channel === 'teams';
    const asking = confirmMail(await readPage(ctx), link);
    await send(ctx, {
      channel: chat ? 'chat_hook' : channel,
      to: chat ? `${channel} ${address.address}` : (endpoint?.endpointId ?? address.address),
      message:
        channel === 'email'
          ? asking
          : {
              subject: asking.subject,
              text: chat || channel === 'sms' ? `Open within two days to confirm: ${link}` : asking.text,
              body: { type: 'subscription.confirm', data: { confirm_url: link, secret: endpoint?.secret ?? null } },
            },
      purpose: 'subscriber',
      ref: id,
      key: `comms.confirm:${tokenHash(token)}`,
    });
    ctx.audit.subject = id;
    return 'asked';
  },
);
