/** A way that can no longer be reached at all is switched off, and its owner is told by the others. */
import { channelByName, send } from '#channels';
import type { Ctx } from '#kernel';
import { command, userById, usersWithRole } from '#security';
import { methodsOf, waysToReach } from '../contact.ts';
import { wayGone, webhookGone } from '../messages.ts';
import { tellScreens } from '../saving.ts';

export interface SwitchOffGone {
  channel: string;
  /** What messages went to: the id of an endpoint or a browser. */
  recipient: string;
  reason: string;
}

/** Safe to repeat: only a method that is still on is switched off and told of. */
export const switchOffGone = command(
  'people.switchOffGone',
  { allow: 'internal', subject: (input: SwitchOffGone) => input.recipient },
  async (ctx, { channel, recipient, reason }) => {
    const method = await ctx.db
      .updateTable('people.contactMethods')
      .set({ verifiedAt: null, disabledAt: ctx.now, disabledReason: reason })
      .where('endpointId', '=', recipient)
      .where('kind', '=', channel)
      .where('disabledAt', 'is', null)
      .returningAll()
      .executeTakeFirst();
    const person = method && (await userById(ctx, method.userId));
    if (!method || !person) return await tellOfPageWebhook(ctx, { recipient, reason });
    const methods = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
    const left = methods.filter(({ verifiedAt }) => verifiedAt !== null);
    for (const way of waysToReach(person, left))
      await send(ctx, {
        channel: way.channel,
        to: way.to,
        purpose: 'security',
        ref: person.id,
        key: `gone:${method.id}:${way.methodId}:${ctx.now.toISOString()}`,
        message: wayGone(person.name, channelByName(channel).label, method.value, reason),
      });
    await tellScreens(ctx, 'contact', person.id);
    ctx.audit.before = { kind: method.kind, value: method.value };
    ctx.audit.after = { off: reason };
    return {};
  },
);

/** A webhook that policies call belongs to whoever made it, and while they are away to the administrators. */
async function tellOfPageWebhook(ctx: Ctx, { recipient, reason }: Pick<SwitchOffGone, 'recipient' | 'reason'>) {
  const hook = await ctx.db
    .selectFrom('people.pageWebhooks as w')
    .innerJoin('channels.endpoints as e', 'e.id', 'w.endpointId')
    .select(['w.endpointId', 'w.name', 'w.createdBy', 'e.url'])
    .where('w.endpointId', '=', recipient)
    .executeTakeFirst();
  ctx.audit.skip = !hook;
  if (!hook) return {};
  const maker = await userById(ctx, hook.createdBy);
  const told = maker?.active ? [maker] : await usersWithRole(ctx, 'admin');
  for (const person of told)
    await send(ctx, {
      channel: 'email',
      to: person.email,
      purpose: 'security',
      ref: person.id,
      key: `gone:${hook.endpointId}:${person.id}`,
      message: webhookGone(person.name, hook.name, hook.url, reason),
    });
  ctx.audit.after = { webhook: hook.name, off: reason };
  return {};
}
