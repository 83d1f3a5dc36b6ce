/** A message that was pinned or marked in an incident's channel becomes an entry of the record: who wrote it, when, and where it stands. */
import { callSlack, type RoomHeard, slackSetting } from '#channels';
import { type Actor, type Ctx, Problem, readSetting } from '#kernel';
import { postEntry } from '../commands/postEntry.ts';
import { wasWritten } from '../record/queries.ts';
import { actorOfSlack, UNKNOWN_MEMBER } from './person.ts';
import { chatSetting } from './settings.ts';
import { incidentOfChannel } from './store.ts';

type Marked = Extract<RoomHeard, { what: 'pin' | 'emoji' }>;

/** Longest link the record keeps in a reference. */
const LONGEST_LINK = 200;
const LONGEST_TEXT = 8000;

export async function keepMessage(ctx: Ctx, heard: Marked): Promise<void> {
  if (heard.what === 'emoji' && heard.emoji !== (await readSetting(ctx, chatSetting)).emoji) return;
  const incident = await incidentOfChannel(ctx, heard.channelId);
  if (!incident) return;
  const actor = await actorOfSlack(ctx, heard.userId);
  if (!actor) return whisper(ctx, heard, UNKNOWN_MEMBER);
  const ref = { kind: 'chat', id: `slack:${heard.channelId}/${heard.ts}` };
  // Pinned by two people, or pinned and marked: one entry.
  if (await wasWritten(ctx, incident.id, ref)) return;
  const message = heard.what === 'pin' ? heard : await fetched(ctx, heard);
  if (!message || message.text.trim() === '') return;
  const author = await authorOf(ctx, message.authorId);
  const refs = [ref, ...linked(message.link)];
  const said = message.text.slice(0, LONGEST_TEXT);
  try {
    await postEntry(
      { ...ctx, actor, exercise: incident.exercise },
      { incidentId: incident.id, text: `${author}: ${said}`, occurredAt: instantOf(heard.ts, ctx.now), refs },
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await whisper(ctx, heard, `It was not kept: ${error.message}`);
  }
}

const linked = (link: string) =>
  link.startsWith('https://') && link.length <= LONGEST_LINK ? [{ kind: 'link', id: link, label: 'Slack' }] : [];

/** Slack's timestamps are seconds with a counter behind the point; one of the future is taken for now. */
function instantOf(ts: string, now: Date): Date {
  const at = new Date(Math.floor(Number(ts) * 1000));
  return Number.isNaN(at.getTime()) || at > now ? now : at;
}

/** The name of who wrote it: a person of ours, else as Slack calls them. */
async function authorOf(ctx: Ctx, memberId: string): Promise<string> {
  const known: Actor | undefined = memberId ? await actorOfSlack(ctx, memberId) : undefined;
  if (known) return known.name;
  const app = await readSetting(ctx, slackSetting);
  const answer = app && memberId ? await callSlack(ctx, app, 'users.info', { user: memberId }) : undefined;
  const user = answer?.ok ? (answer.body.user as { real_name?: string; name?: string }) : undefined;
  return user?.real_name ?? user?.name ?? 'Somebody in Slack';
}

/** The message an emoji was put on: Slack says only where it stands. Throws when Slack is away, so that it is tried again. */
async function fetched(ctx: Ctx, heard: Marked): Promise<{ text: string; authorId: string; link: string } | undefined> {
  const app = await readSetting(ctx, slackSetting);
  if (app === null) return undefined;
  const at = { channel: heard.channelId, latest: heard.ts, oldest: heard.ts, inclusive: 'true', limit: '1' };
  const answer = await callSlack(ctx, app, 'conversations.history', at);
  if (!answer.ok && !answer.final) throw new Error(`Slack could not say what was marked: ${answer.error}`);
  const [message] = answer.ok ? (answer.body.messages as { text?: string; user?: string; bot_id?: string }[]) : [];
  if (!message || message.bot_id !== undefined) return undefined;
  const link = await callSlack(ctx, app, 'chat.getPermalink', { channel: heard.channelId, message_ts: heard.ts });
  return {
    text: message.text ?? '',
    authorId: message.user ?? heard.authorId,
    link: link.ok ? String(link.body.permalink ?? '') : '',
  };
}

/** A word that only the person who pinned sees. */
async function whisper(ctx: Ctx, heard: Marked, text: string): Promise<void> {
  const app = await readSetting(ctx, slackSetting);
  if (app) await callSlack(ctx, app, 'chat.postEphemeral', { channel: heard.channelId, user: heard.userId, text });
}
