/** Checks what a person typed for an improvement: the owner must be somebody, the day must be a day. */
import { type Ctx, invalid, readSetting, zone } from '#kernel';
import { installation, userById } from '#security';
import { endOfDay } from '../reviews/due.ts';

const field = (path: string, message: string, rule: string) =>
  invalid('The improvement can not be saved like this', rule, [{ path, message }]);

/** 422 unless the owner is an active account; nothing to check when nobody is named. */
export async function checkOwner(ctx: Ctx, ownerId: string | undefined | null): Promise<void> {
  if (!ownerId) return;
  const user = await userById(ctx, ownerId);
  if (!user) throw field('ownerId', 'there is no such person', 'learning.action.owner');
  if (!user.active) throw field('ownerId', `${user.name} is no longer active`, 'learning.action.owner');
}

/** The day as written, the zone it is meant in, and the instant after which it is late. 422 for days that do not exist. */
export async function checkDay(ctx: Ctx, dueOn: string): Promise<{ dueOn: string; dueZone: string; dueAt: Date }> {
  if (!zone.isDate(dueOn)) throw field('dueOn', `${dueOn} is not a day of the calendar`, 'learning.action.due');
  const { timeZone } = await readSetting(ctx, installation);
  return { dueOn, dueZone: timeZone, dueAt: endOfDay(dueOn, timeZone) };
}
