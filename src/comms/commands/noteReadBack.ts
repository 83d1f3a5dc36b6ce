/** What a channel shows beside what was published; another state for more than five minutes is an alarm to the writer (C6, M60c). */
import { appendTimeline } from '#incidents';
import { emit } from '#kernel';
import { command } from '#security';
import { tell } from '../cadence/tell.ts';
import { channelDrifted } from '../events.ts';
import { roleHolders, theIncident } from '../incident.ts';

export interface ReadBack {
  incidentId: string;
  revisionId: string;
  channel: string;
  state: 'same' | 'differs' | 'unreachable';
  detail: string;
}

/** So long a channel may show something else: caches and queues are not instant. */
const DRIFT_MS = 5 * 60_000;

export const noteReadBack = command(
  'comms.noteReadBack',
  { allow: 'internal', subject: (input: ReadBack) => input.incidentId },
  async (ctx, input): Promise<void> => {
    const before = await ctx.db
      .selectFrom('comms.readBacks')
      .selectAll()
      .where('incidentId', '=', input.incidentId)
      .where('channel', '=', input.channel)
      .forUpdate()
      .executeTakeFirst();
    const fine = input.state === 'same';
    const since = fine ? null : (before?.differsSince ?? ctx.now);
    const alarm = since !== null && ctx.now.getTime() - since.getTime() > DRIFT_MS && !before?.alertedAt;
    const row = {
      revisionId: input.revisionId,
      state: input.state,
      detail: input.detail.slice(0, 300),
      readAt: ctx.now,
      differsSince: since,
      alertedAt: fine ? null : alarm ? ctx.now : (before?.alertedAt ?? null),
    };
    await ctx.db
      .insertInto('comms.readBacks')
      .values({ incidentId: input.incidentId, channel: input.channel, ...row })
      .onConflict((oc) => oc.columns(['incidentId', 'channel']).doUpdateSet(row))
      .execute();
    // A reading without news is no change of the world.
    if (!alarm) ctx.audit.skip = true;
    if (!alarm || !since) return;
    const incident = await theIncident(ctx, input.incidentId);
    const text = `${input.channel.replace('_', ' ')} has shown something else than what was published since ${since.toISOString().slice(11, 16)} UTC: ${input.detail || input.state}`;
    await appendTimeline(ctx, incident.id, { kind: 'message', text: `Channels differ: ${text}` });
    const holders = await roleHolders(ctx, incident.id);
    for (const userId of [
      ...(holders.get('communications_lead') ?? []),
      ...(holders.get('incident_commander') ?? []),
    ].slice(0, 1))
      await tell(ctx, {
        incident,
        userId,
        subject: 'a channel shows something else',
        text,
        key: `comms.drift:${incident.id}:${input.channel}:${since.toISOString()}`,
      });
    await emit(
      ctx,
      channelDrifted,
      { incidentId: incident.id, key: incident.key, channel: input.channel },
      { subject: incident.id, incident: incident.id },
    );
  },
);
