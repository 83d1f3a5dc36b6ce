/** Cards in Microsoft Teams, one for what the room has not been told; the deliveries themselves are queued and tried again by channels. */
import { send } from '#channels';
import { config, type Ctx } from '#kernel';
import type { IncidentRow, TimelineRow } from '../tables.ts';
import { conferenceOf } from './conference.ts';
import { bundles, isTold, topicOf } from './shapes.ts';
import { type ChatRoom, saveRoom } from './store.ts';
import { isEnded } from '../lifecycle/model.ts';

/** Hands the cards to the deliveries. A workflow's webhook can only post: no channel, no commands, nothing comes back. */
export async function bringTeamsUp(work: { ctx: Ctx; incident: IncidentRow; room: ChatRoom }): Promise<void> {
  const { ctx, incident, room } = work;
  // Restricted since: nothing more is told where others read.
  if (incident.restricted) return void (await saveRoom(ctx, room, { state: 'archived' }));
  const entries: TimelineRow[] = await ctx.db
    .selectFrom('incidents.timeline')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .where('seq', '>', room.toldSeq)
    .orderBy('seq')
    .execute();
  const conference = await conferenceOf(ctx, incident.key);
  const link = new URL(`/incidents/${incident.key}`, config.publicUrl).href;
  const head = `${incident.key} ${topicOf({ ...incident, exercise: false }, null).replace(/ · nobody leads yet$/, '')}`;
  for (const { seq, lines } of bundles(entries.filter(isTold), ctx.now)) {
    const text = [
      `${incident.title}`,
      ...lines,
      ...(conference && seq <= lines.length ? [`Call: ${conference}`] : []),
    ].join('\n\n');
    await send(ctx, {
      channel: 'teams',
      to: room.channelId ?? '',
      message: { subject: head, text: `${text}\n\n${link}`, links: [{ title: 'Open the war room', url: link }] },
      purpose: 'internal',
      ref: incident.id,
      key: `chat:teams:${incident.id}:${seq}`,
    });
    await saveRoom(ctx, room, { toldSeq: seq });
  }
  const last = entries.at(-1)?.seq;
  await saveRoom(ctx, room, {
    ...(last === undefined ? {} : { toldSeq: last }),
    ...(isEnded(incident.phase) ? { state: 'archived' as const } : {}),
  });
}
