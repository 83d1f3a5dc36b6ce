/** Who somebody is in a chat: by a member ID they have proven to be theirs. */
import type { Ctx } from '#kernel';

/** The person behind a member ID, when it is proven; nobody else may act by it. */
export async function userOfChatId(ctx: Pick<Ctx, 'db'>, kind: 'slack', chatId: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('people.contactMethods')
    .select('userId')
    .where('kind', '=', kind)
    .where('value', '=', chatId)
    .where('verifiedAt', 'is not', null)
    .executeTakeFirst();
  return row?.userId;
}

/** The proven member IDs of people, by user. */
export async function chatIdsOf(ctx: Pick<Ctx, 'db'>, kind: 'slack', userIds: string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('people.contactMethods')
    .select(['userId', 'value'])
    .where('kind', '=', kind)
    .where('userId', 'in', userIds)
    .where('verifiedAt', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.userId, row.value]));
}
