/** The conference link of an incident: made from the template, created nowhere. */
import { type Ctx, readSetting } from '#kernel';
import { conferenceFault, conferenceSetting } from './settings.ts';

/** The link for a key such as `INC-42`; null without a usable template. */
export function conferenceUrl(template: string, key: string): string | null {
  if (template === '' || conferenceFault(template) !== null) return null;
  return new URL(template.replaceAll('{key}', encodeURIComponent(key.toLowerCase()))).href;
}

export const conferenceOf = async (ctx: Pick<Ctx, 'db' | 'log'>, key: string): Promise<string | null> =>
  conferenceUrl((await readSetting(ctx, conferenceSetting)).template, key);
