/** Answers to test pages that come by other wires than the link: a text, a key in a call, a button in a chat. */
import type { Ctx } from '#kernel';
import type { ContactMethodRow } from '../contact-store.ts';
import { type Confirmed, confirmTestPage } from './commands/confirmTestPage.ts';

const SAID: Record<Confirmed, string> = {
  confirmed: 'Thank you: pages reach you here.',
  again: 'Thank you, this test was answered already.',
  too_late: 'This test is over.',
  unknown: 'There is no such test.',
};

/** Proves the method a test went to. Returns a sentence for whoever answered. */
export async function answerProof(ctx: Ctx, proofId: string, via: string): Promise<string> {
  return SAID[(await confirmTestPage(ctx, { proofId, via })).result];
}

/** The same for a wire that names the person, who may answer their own only. */
export async function answerOwnProof(ctx: Ctx, proofId: string, userId: string, via: string): Promise<string> {
  const proof = await ctx.db.selectFrom('people.proofs').select('userId').where('id', '=', proofId).executeTakeFirst();
  return proof?.userId === userId ? answerProof(ctx, proofId, via) : SAID.unknown;
}

/** `T7` from a number: the test with that number, sent to a method behind that very number. */
export async function answerTest(
  ctx: Ctx,
  channel: string,
  methods: Pick<ContactMethodRow, 'id' | 'userId'>[],
  number: number,
): Promise<string> {
  const proof = await ctx.db
    .selectFrom('people.proofs')
    .select('id')
    .where('channel', '=', channel)
    .where('methodId', 'in', ['', ...methods.map(({ id }) => id)])
    .where('number', '=', number)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
  return proof ? answerProof(ctx, proof.id, 'SMS') : SAID.unknown;
}
