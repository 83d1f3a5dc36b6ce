/** Codes and links that prove a contact method: sent there, 8 digits or 128 bits, 15 minutes, 5 tries, kept only as keyed hashes. */
import { randomInt } from 'node:crypto';
import { send } from '#channels';
import { addMs, type Ctx, keyedHash, newId, Problem, personOf, randomToken, secondsBetween } from '#kernel';
import { type Person, userById } from '#security';
import { isAccount, methodsOf, waysToReach } from './contact.ts';
import { codeMessage, contactChanged } from './messages.ts';
import { tellScreens } from './saving.ts';
import type { ContactMethodRow } from './contact-store.ts';

export const CODE_LIFE_MS = 15 * 60_000;
export const MAX_TRIES = 5;
const MAX_CODES_PER_HOUR = 5;
const BETWEEN_CODES_S = 20;

/** Only their keyed hashes are stored; the method's id is part of it, so that a code proves one method only. */
export const hashOfCode = (methodId: string, code: string) => keyedHash('people.code', `${methodId}:${code}`);

const LINK_BYTES = 16;
const hashOfLink = (token: string) => keyedHash('people.link', token);

/** The method that a link proves, while it can. `lock`: until the end of the transaction, for the one who uses it. */
export async function openLink(
  ctx: Pick<Ctx, 'db' | 'now'>,
  token: string,
  options: { lock?: boolean } = {},
): Promise<ContactMethodRow | undefined> {
  const open = await ctx.db
    .selectFrom('people.contactChallenges')
    .select('methodId')
    .where('linkHash', '=', hashOfLink(token))
    .where('tries', '<', MAX_TRIES)
    .where('expiresAt', '>', ctx.now)
    .$if(options.lock ?? false, (query) => query.forUpdate())
    .executeTakeFirst();
  return (
    open &&
    ctx.db.selectFrom('people.contactMethods').selectAll().where('id', '=', open.methodId).executeTakeFirstOrThrow()
  );
}

/** Writes that a method is proven; what proved it is used up. */
export async function settleProven(ctx: Ctx, method: ContactMethodRow): Promise<void> {
  await ctx.db
    .updateTable('people.contactMethods')
    .set({ verifiedAt: ctx.now, disabledAt: null, disabledReason: null })
    .where('id', '=', method.id)
    .execute();
  await ctx.db.deleteFrom('people.contactChallenges').where('methodId', '=', method.id).execute();
  await tellScreens(ctx, 'contact', method.userId);
  ctx.audit.after = { kind: method.kind, value: method.value, verified: true };
}

/** The person who is asking. Throws 403 for an actor that is nobody. */
export async function asker(ctx: Ctx): Promise<Person> {
  const person = await userById(ctx, personOf(ctx.actor) ?? '');
  if (!person)
    throw new Problem(403, 'Only a person has contact methods', {
      rule: 'people.contact.person',
    });
  return person;
}

/** One of the asker's own methods; `account` stands for the sign-in address, as a row if it was added. */
export async function ownMethod(ctx: Ctx, person: Person, id: string): Promise<ContactMethodRow | undefined> {
  const methods = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
  return methods.find((method) => (id === 'account' ? isAccount(person, method) : method.id === id));
}

/** Sends a fresh code to a method; the one before stops working. Throws 429 when asked too often. */
export async function challenge(ctx: Ctx, method: ContactMethodRow): Promise<void> {
  const before = await ctx.db
    .selectFrom('people.contactChallenges')
    .selectAll()
    .where('methodId', '=', method.id)
    .forUpdate()
    .executeTakeFirst();
  const sameHour = before !== undefined && before.windowStartedAt > addMs(ctx.now, -3_600_000);
  if (before && secondsBetween(before.sentAt, ctx.now) < BETWEEN_CODES_S)
    throw tooOften(`Wait ${BETWEEN_CODES_S} seconds between codes.`);
  if (before && sameHour && before.sentCount >= MAX_CODES_PER_HOUR)
    throw tooOften('At most five codes an hour go to one address.');
  const code = String(randomInt(100_000_000)).padStart(8, '0');
  // A mail is read where a link can be opened; a phone or a chat is read beside the screen the code is typed into.
  const token = method.kind === 'email' ? randomToken(LINK_BYTES) : null;
  const fields = {
    linkHash: token && hashOfLink(token),
    codeHash: hashOfCode(method.id, code),
    tries: 0,
    sentCount: before && sameHour ? before.sentCount + 1 : 1,
    windowStartedAt: before && sameHour ? before.windowStartedAt : ctx.now,
    sentAt: ctx.now,
    expiresAt: addMs(ctx.now, CODE_LIFE_MS),
  };
  await ctx.db
    .insertInto('people.contactChallenges')
    .values({ methodId: method.id, ...fields })
    .onConflict((on) => on.column('methodId').doUpdateSet(fields))
    .execute();
  await send(ctx, {
    channel: method.kind,
    to: method.endpointId ?? method.value,
    purpose: 'security',
    ref: `test:${method.userId}`,
    key: newId('code'),
    message: codeMessage(code, token && `/confirm-contact/${token}`),
  });
}

const tooOften = (detail: string) =>
  new Problem(429, 'Too many codes were asked for', {
    rule: 'people.contact.codes',
    detail,
  });

/** Says a change to the ways that were proven before it (else to the sign-in address), never to the changed one. */
export async function announceChange(ctx: Ctx, person: Person, what: string, changedId: string): Promise<void> {
  const methods = (await methodsOf(ctx.db, [person.id])).get(person.id) ?? [];
  // Unproven ones are not told: whoever may type numbers could have messages sent to all of them.
  const others = methods.filter((method) => method.id !== changedId && method.verifiedAt !== null);
  for (const way of waysToReach(person, others)) {
    if (methods.some((method) => method.id === changedId && method.value === way.shown)) continue;
    await send(ctx, {
      channel: way.channel,
      to: way.to,
      purpose: 'security',
      ref: person.id,
      key: newId('note'),
      message: contactChanged(person.name, what),
    });
  }
}
