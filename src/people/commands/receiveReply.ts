/** Somebody answered an SMS: takes the page their code names, or switches the channel off when they say STOP. */
import { claimCallback, listDeliveries, noteCallback, send } from '#channels';
import { type Actor, addMs, type Ctx, Problem } from '#kernel';
import { command, type Person, userById } from '#security';
import { openFor, pageOfCode } from '../codes.ts';
import { methodsOf, waysToReach } from '../contact.ts';
import { channelOff } from '../messages.ts';
import { answerTest } from '../proofs/answering.ts';
import { readReply } from '../replies.ts';
import { tellScreens } from '../saving.ts';
import type { ContactMethodRow } from '../contact-store.ts';
import { acknowledge } from './acknowledge.ts';

export interface ReceiveReply {
  carrier: string;
  /** Names this message; the same one again changes nothing. */
  key: string;
  from: string;
  text: string;
}

const HELP = 'Reply with the code of a page, such as 1a, to take it, or ACK for the only one.';
const STOP_HELP = 'STOP ends these messages.';
/** Two machines that answer each other end here. */
const MOST_REPLIES_PER_HOUR = 10;

/** Returns what was done. Strangers get no answer; everybody else gets one message that says what happened. */
export const receiveReply = command(
  'people.receiveReply',
  { allow: 'internal', subject: (input: ReceiveReply) => input.key },
  async (ctx, input): Promise<{ did: string }> => {
    ctx.audit.skip = true;
    if (!(await claimCallback(ctx, input.key, input.carrier))) return { did: 'replayed' };
    const methods = await ctx.db
      .selectFrom('people.contactMethods')
      .selectAll()
      .where('kind', '=', 'sms')
      .where('value', '=', input.from)
      .where('verifiedAt', 'is not', null)
      .orderBy('verifiedAt', 'desc')
      .execute();
    const reply = readReply(input.text);
    const [first] = methods;
    if (!first) {
      await noteCallback(ctx, input.key, 'unknown');
      return { did: 'nothing: the number is nobody’s' };
    }
    if (reply.kind === 'stop') {
      for (const method of methods) await switchOff(ctx, method);
      return { did: 'stopped' };
    }
    const userIds = methods.map((method) => method.userId);
    const said =
      reply.kind === 'test'
        ? await answerTest(ctx, 'sms', methods, reply.number)
        : await answer(ctx, userIds, reply, 'SMS');
    await tell(ctx, { key: input.key, userId: first.userId, channel: 'sms', to: first.value }, said);
    return { did: said };
  },
);

/** Does what was answered, and returns a sentence about it. `via`: by which wire. */
export async function answer(
  ctx: Ctx,
  userIds: string[],
  reply: ReturnType<typeof readReply>,
  via: string,
): Promise<string> {
  if (reply.kind === 'take') {
    const page = await pageOfCode(ctx.db, userIds, reply.number);
    return page ? take(ctx, page.userId, page.pageId, via) : `You have no page ${reply.number}a. ${HELP}`;
  }
  if (reply.kind === 'take_only') {
    const open = await openFor(ctx.db, userIds);
    const [only] = open;
    if (!only) return 'No page is waiting for you.';
    return open.length === 1
      ? take(ctx, only.userId, only.pageId, via)
      : `${open.length} pages wait for you: answer with the code of one.`;
  }
  return via === 'SMS' ? `${HELP} ${STOP_HELP}` : HELP;
}

/** Takes a page for a person who proved themselves by another wire. Returns a sentence for them, whatever came of it. */
export async function take(ctx: Ctx, userId: string, pageId: string, via: string): Promise<string> {
  const person = await userById(ctx, userId);
  if (!person?.active) return 'This account is not active.';
  try {
    await acknowledge({ ...ctx, actor: standIn(person, via) }, { pageId, via });
    return 'You have this page. Nobody else is being called.';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `${error.message}.`;
  }
}

const standIn = (person: Person, via: string): Actor => ({
  kind: 'link',
  id: `link:${via}`,
  name: person.name,
  roles: person.roles,
  onBehalfOf: person.id,
});

/** Answers a person on the wire they used, once per message of theirs, and not for ever. */
export async function tell(
  ctx: Ctx,
  { key, userId, channel, to }: { key: string; userId: string; channel: string; to: string },
  text: string,
): Promise<void> {
  const ref = `reply:${userId}`;
  const { items } = await listDeliveries(ctx, { ref, limit: MOST_REPLIES_PER_HOUR });
  const oldest = items[MOST_REPLIES_PER_HOUR - 1];
  if (oldest && new Date(oldest.createdAt) > addMs(ctx.now, -3_600_000)) return;
  await send(ctx, { channel, to, purpose: 'internal', ref, key: `reply:${key}`, message: { subject: text, text: '' } });
}

/** STOP: the number is not used any more, and the person learns by their other ways that it is not. */
async function switchOff(ctx: Ctx, method: ContactMethodRow): Promise<void> {
  await ctx.db
    .updateTable('people.contactMethods')
    .set({ verifiedAt: null, disabledAt: ctx.now, disabledReason: 'STOP was answered' })
    .where('id', '=', method.id)
    .execute();
  const person = await userById(ctx, method.userId);
  if (!person) return;
  const methods = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
  const left = methods.filter(({ verifiedAt }) => verifiedAt !== null);
  for (const way of waysToReach(person, left)) {
    const key = `stop:${method.id}:${way.methodId}:${ctx.now.toISOString()}`;
    const message = channelOff(person.name, 'SMS', method.value);
    await send(ctx, { channel: way.channel, to: way.to, purpose: 'security', ref: person.id, key, message });
  }
  await tellScreens(ctx, 'contact', person.id);
}
