/** Who spoke in a chat, as an actor: only by a member ID they have proven to be theirs. */
import type { Actor, Ctx } from '#kernel';
import { userOfChatId } from '#people';
import { userById } from '#security';

/** The person behind a member ID of Slack, acting for themselves by that wire; undefined for everybody else. */
export async function actorOfSlack(ctx: Ctx, memberId: string): Promise<Actor | undefined> {
  const userId = await userOfChatId(ctx, 'slack', memberId);
  const person = userId ? await userById(ctx, userId) : undefined;
  if (!person?.active) return undefined;
  return { kind: 'link', id: 'link:Slack', name: person.name, roles: person.roles, onBehalfOf: person.id };
}

export const UNKNOWN_MEMBER =
  'I do not know you yet. In Evenkeel, add Slack under Settings, My contact methods, and prove it with the code; then your words count here.';
