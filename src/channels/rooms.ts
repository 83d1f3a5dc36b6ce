/** Channels whose whole configuration is a list of rooms, each with the secret address of its incoming webhook. */
import { z } from 'zod';
import { checkUrl, type Ctx, defineSetting, Problem, readSetting, type SettingDefinition } from '#kernel';
import { type Channel, type Envelope, refuseExercise } from './channel.ts';
import type { Outcome, Purpose } from './model.ts';

/** A room has readers we do not know: nothing for the public page, no subscriber, no security code of another kind. */
const CARRIES: Purpose[] = ['page', 'security', 'internal'];

export interface Rooms {
  rooms: { name: string; url: string }[];
}

const fits = (url: string) => {
  try {
    checkUrl(url);
    return true;
  } catch {
    return false;
  }
};

/** The setting of a family of rooms. `where`: how an administrator gets the address. */
export const roomsSetting = (name: string, label: string, where: string): SettingDefinition<Rooms> =>
  defineSetting({
    key: `channels.${name}`,
    schema: z.strictObject({
      rooms: z
        .array(
          z.strictObject({
            name: z.string().trim().min(1).max(60).describe('What people choose: the name of the room.'),
            url: z.string().trim().max(2000).refine(fits, 'an http(s) address that may be called').describe(where),
          }),
        )
        .max(50)
        .describe(`The rooms of ${label} that messages may go to.`),
    }),
    default: { rooms: [] },
    secret: true,
    help: `Rooms in ${label} that pages and notices can go to. The addresses are secrets: whoever has one can write there.`,
  });

/** A channel of rooms. `load` brings the part that talks to the outside, with the first message. */
export function roomChannel(parts: {
  name: string;
  label: string;
  setting: SettingDefinition<Rooms>;
  load: () => Promise<{ post: (ctx: Ctx, url: string, envelope: Envelope) => Promise<Outcome> }>;
}): Channel {
  const { name, label, setting, load } = parts;
  return {
    name,
    label,
    purposes: CARRIES,
    contact: {
      label: 'Room',
      placeholder: 'on-call',
      help: `One of the rooms an administrator has entered for ${label}. Others read it too; take the page in Evenkeel.`,
      type: 'text',
      after: { high: 0, low: 0 },
    },
    whyNotReady: async (ctx) =>
      (await readSetting(ctx, setting)).rooms.length === 0 ? `${label} has no rooms yet` : null,
    checkRecipient(to) {
      if (to.length < 1 || to.length > 60)
        throw new Problem(422, `Name a room of ${label}`, {
          rule: 'channels.room',
          errors: [{ path: 'to', message: 'the name of a room' }],
        });
    },
    async send(ctx, envelope) {
      refuseExercise(envelope);
      const { rooms } = await readSetting(ctx, setting);
      const room = rooms.find((one) => one.name.toLowerCase() === envelope.to.toLowerCase());
      if (!room) return { state: 'failed', error: `${label} has no room “${envelope.to}”`, permanent: true };
      const { post } = await load();
      envelope.stillHeld?.();
      return post(ctx, room.url, envelope);
    },
  };
}
