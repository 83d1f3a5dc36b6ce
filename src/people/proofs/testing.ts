/** Sending test pages: which methods of whom, one message each, and what is written down. Runs inside a command's transaction. */
import { channelByName, send } from '#channels';
import { addMs, type Ctx, newId, Problem, readSetting, sql, zone } from '#kernel';
import type { Person } from '#security';
import { methodsOf, waysToReach, type Way } from '../contact.ts';
import { inLog } from '../contact.ts';
import { testPages } from './settings.ts';
import { proofUrl } from './token.ts';
import { testMessage } from './words.ts';

export interface Round {
  id: string;
  /** The weekly hour it belongs to; null when somebody asked. */
  slot: Date | null;
}

export interface Tested {
  sent: number;
  /** Nothing of theirs is confirmed: there is nothing to test. */
  withoutMethod: { id: string; name: string }[];
  /** Methods that wait for an answer already. */
  waiting: number;
}

/** Sends each person a test page on every confirmed method. */
export async function sendTests(ctx: Ctx, round: Round, people: Person[]): Promise<Tested> {
  const methods = await methodsOf(
    ctx.db,
    people.map(({ id }) => id),
  );
  const { answerWithinHours } = await readSetting(ctx, testPages);
  const answerBy = addMs(ctx.now, answerWithinHours * 3_600_000);
  const tested: Tested = { sent: 0, withoutMethod: [], waiting: 0 };
  for (const person of people) {
    const ways = waysToReach(person, methods.get(person.id) ?? []).filter((way) => way.proven);
    if (ways.length === 0) tested.withoutMethod.push({ id: person.id, name: person.name });
    for (const way of ways) {
      if (await sendOne(ctx, round, person, way, answerBy)) tested.sent += 1;
      else tested.waiting += 1;
    }
  }
  return tested;
}

/** False when this method waits for an answer already, or had its test of this hour. */
async function sendOne(ctx: Ctx, round: Round, person: Person, way: Way, answerBy: Date): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`people.test:${person.id}`}, 0))`.execute(ctx.db);
  const open = await ctx.db
    .selectFrom('people.proofs')
    .select(['id', 'methodId', 'number'])
    .where('userId', '=', person.id)
    .where('state', '=', 'waiting')
    .where('answerBy', '>', ctx.now)
    .execute();
  if (open.some((proof) => proof.methodId === way.methodId)) return false;
  const taken = new Set(open.map(({ number }) => number));
  const number = Array.from({ length: 99 }, (_, i) => i + 1).find((n) => !taken.has(n)) ?? 99;
  const id = newId('prf');
  const added = await ctx.db
    .insertInto('people.proofs')
    .values({
      ...{ id, roundId: round.id, userId: person.id, methodId: way.methodId, channel: way.channel, number, answerBy },
      ...{ shown: inLog(way), deliveryId: null, deliveredAt: null, settledAt: null, confirmedVia: null, error: null },
      ...{ slot: round.slot, createdAt: ctx.now },
    })
    .onConflict((on) =>
      on
        .columns(['userId', 'methodId', 'slot'])
        .where(sql<boolean>`slot is not null`)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (!added) return false;
  await deliver(ctx, id, person, way, number, answerBy);
  return true;
}

async function deliver(ctx: Ctx, id: string, person: Person, way: Way, number: number, answerBy: Date): Promise<void> {
  try {
    const { deliveryId } = await send(ctx, {
      channel: way.channel,
      to: way.to,
      // The very way of a page: its haste, its tries, its place in the queue.
      purpose: 'page',
      ref: id,
      key: `proof:${id}`,
      message: testMessage({
        proofId: id,
        name: person.name,
        channel: channelByName(way.channel).label,
        url: proofUrl(id),
        userId: person.id,
        number,
        answerBy: zone.sayInstant(person.timeZone, answerBy),
      }),
    });
    await ctx.db.updateTable('people.proofs').set({ deliveryId }).where('id', '=', id).execute();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // One unusable address is a finding, no reason to leave the others untested.
    const failed = { state: 'failed' as const, settledAt: ctx.now, error: error.message.slice(0, 500) };
    await ctx.db.updateTable('people.proofs').set(failed).where('id', '=', id).execute();
  }
}
