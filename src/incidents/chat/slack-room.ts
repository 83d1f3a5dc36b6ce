/** One incident's channel in Slack, brought to what it should be: made, named, filled, and archived when it is over. Safe to repeat. */
import { callSlack, escapeSlack, type SlackAnswer, type SlackApp } from '#channels';
import { config, type Ctx } from '#kernel';
import { chatIdsOf } from '#people';
import { userById } from '#security';
import { isEnded } from '../lifecycle/model.ts';
import { holdingsOf } from '../roles/store.ts';
import type { IncidentRow, TimelineRow } from '../tables.ts';
import { conferenceOf } from './conference.ts';
import { bundles, channelName, isTold, opening, slackText, topicOf } from './shapes.ts';
import { type ChatRoom, saveRoom } from './store.ts';

/** The chat did not do what was asked: try again later. */
export class ChatFailed extends Error {
  retryAfterSeconds: number | undefined;
  constructor(answer: Extract<SlackAnswer, { ok: false }>, what: string) {
    super(`${what}: ${answer.error}`);
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

interface Work {
  ctx: Ctx;
  app: SlackApp;
  incident: IncidentRow;
  room: ChatRoom;
}

/** Calls, and takes some of Slack's refusals for a yes (`already_in_channel`). */
async function ask(work: Work, method: string, fields: Record<string, unknown>, fine: string[] = []) {
  const answer = await callSlack(work.ctx, work.app, method, fields);
  if (answer.ok || fine.includes(answer.error)) return answer;
  throw new ChatFailed(answer, method);
}

const warRoom = (incident: IncidentRow) => new URL(`/incidents/${incident.key}`, config.publicUrl).href;

async function save(work: Work, change: Parameters<typeof saveRoom>[2]): Promise<void> {
  Object.assign(work.room, change);
  await saveRoom(work.ctx, work.room, change);
}

const TRIES_OF_A_NAME = 5;

async function make(work: Work): Promise<void> {
  for (let n = 1; n <= TRIES_OF_A_NAME; n++) {
    const name = channelName(work.incident, n);
    const answer = await ask(work, 'conversations.create', { name, is_private: false }, ['name_taken']);
    if (!answer.ok) continue;
    const channel = answer.body.channel as { id: string; name?: string };
    await save(work, { state: 'open', channelId: channel.id, channelName: channel.name ?? name });
    return;
  }
  throw new ChatFailed({ ok: false, error: 'name_taken', final: true }, 'conversations.create');
}

async function setTopic(work: Work): Promise<void> {
  const lead = (await holdingsOf(work.ctx, work.incident.id)).find(
    (held) => held.role === 'incident_commander' && held.accepted,
  );
  const name = lead ? ((await userById(work.ctx, lead.userId))?.name ?? null) : null;
  const topic = topicOf(work.incident, name);
  if (topic === work.room.topic) return;
  await ask(work, 'conversations.setTopic', { channel: work.room.channelId, topic: escapeSlack(topic) });
  await save(work, { topic });
}

async function bookmark(work: Work): Promise<void> {
  const wanted: [string, string | null][] = [
    ['War room', warRoom(work.incident)],
    ['Call', await conferenceOf(work.ctx, work.incident.key)],
  ];
  for (const [title, link] of wanted) {
    if (link === null || work.room.bookmarked.includes(title)) continue;
    await ask(work, 'bookmarks.add', { channel_id: work.room.channelId, title, type: 'link', link });
    await save(work, { bookmarked: [...work.room.bookmarked, title] });
  }
}

/** Whoever holds a role or is called for one is brought in: by their proven member ID, else by the mail address they sign in with. */
async function invite(work: Work): Promise<void> {
  const { ctx, room } = work;
  const wanted = [...new Set((await holdingsOf(ctx, work.incident.id)).map((held) => held.userId))].filter(
    (id) => !room.invited.includes(id),
  );
  const known = await chatIdsOf(ctx, 'slack', wanted);
  for (const userId of wanted) {
    const member = known.get(userId) ?? (await byMail(work, userId));
    const already = ['already_in_channel', 'cant_invite_self', 'user_not_found', 'cant_invite', 'user_is_restricted'];
    if (member) await ask(work, 'conversations.invite', { channel: room.channelId, users: member }, already);
    await save(work, { invited: [...room.invited, userId] });
  }
}

async function byMail(work: Work, userId: string): Promise<string | undefined> {
  const email = (await userById(work.ctx, userId))?.email;
  if (!email) return undefined;
  const answer = await ask(work, 'users.lookupByEmail', { email }, ['users_not_found', 'missing_scope']);
  return answer.ok ? (answer.body.user as { id?: string })?.id : undefined;
}

const post = (work: Work, message: { text: string; blocks?: unknown[] }) =>
  ask(work, 'chat.postMessage', {
    channel: work.room.channelId,
    ...message,
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
  });

/** Tells what the channel has not heard. The number told so far is saved after each message: a crash repeats one at most. */
async function tell(work: Work): Promise<void> {
  const { ctx, incident, room } = work;
  if (room.toldSeq === 0) {
    await post(work, opening(incident, warRoom(incident), await conferenceOf(ctx, incident.key)));
    await save(work, { toldSeq: 1 });
  }
  const entries: TimelineRow[] = await ctx.db
    .selectFrom('incidents.timeline')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .where('seq', '>', room.toldSeq)
    .orderBy('seq')
    .execute();
  for (const { seq, lines } of bundles(entries.filter(isTold), ctx.now)) {
    await post(work, { text: slackText(lines, incident.exercise) });
    await save(work, { toldSeq: seq });
  }
  const last = entries.at(-1)?.seq;
  if (last !== undefined && last > room.toldSeq) await save(work, { toldSeq: last });
}

/** Throws `ChatFailed` when Slack is away or refuses; what was done until then is remembered. */
export async function bringSlackUp(work: Work): Promise<void> {
  // Restricted since: nothing more is told where others read, and the channel is closed.
  if (work.incident.restricted) return leave(work);
  if (work.room.state === 'wanted') await make(work);
  await setTopic(work);
  await bookmark(work);
  await invite(work);
  await tell(work);
  if (isEnded(work.incident.phase)) await leave(work);
}

async function leave(work: Work): Promise<void> {
  if (work.room.channelId)
    await ask(work, 'conversations.archive', { channel: work.room.channelId }, ['already_archived']);
  await save(work, { state: work.room.channelId ? 'archived' : 'given_up' });
}
