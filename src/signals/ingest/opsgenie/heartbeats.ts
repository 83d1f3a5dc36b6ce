/** Opsgenie's heartbeat API: made, listed, pinged with the same key as alerts. */
import { type AnyRoute, type Ctx, Problem } from '#kernel';
import type { Integration } from '../../integrations/store.ts';
import { removeHeartbeat } from '../../monitors/heartbeats/commands/removeHeartbeat.ts';
import { saveHeartbeat } from '../../monitors/heartbeats/commands/saveHeartbeat.ts';
import type { Heartbeat } from '../../monitors/heartbeats/model.ts';
import { ping } from '../../monitors/heartbeats/ping.ts';
import { heartbeatByName, listHeartbeats } from '../../monitors/heartbeats/store.ts';
import { severityOf } from '../../model.ts';
import type { Answer, Family, Post } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { textOf } from '../text.ts';
import { answer, missing, reading } from './envelope.ts';
import { refused } from './index.ts';

const UNITS: Record<string, number> = { minutes: 60, hours: 3600, days: 86_400 };

function bodyOf(beat: Heartbeat) {
  const unit = ['days', 'hours'].find((name) => beat.intervalSeconds % UNITS[name]! === 0) ?? 'minutes';
  return {
    name: beat.name,
    description: beat.description,
    interval: Math.round(beat.intervalSeconds / UNITS[unit]!),
    intervalUnit: unit,
    enabled: beat.enabled,
    expired: beat.expiredAt !== null,
    ownerTeam: null,
    lastPingTime: beat.lastPingAt?.toISOString() ?? null,
    alertMessage: beat.alertMessage,
    alertTags: beat.tags,
    alertPriority: { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' }[beat.severity],
  };
}

/** The vendor's fields as ours, or what is wrong with them. */
function fieldsOf(body: JsonValue | undefined): { fields: Record<string, unknown> } | { errors: string[] } {
  if (!isObject(body)) return { errors: ['body: The request body must be a JSON object.'] };
  const errors: string[] = [];
  const fields: Record<string, unknown> = {};
  for (const name of ['description', 'alertMessage'] as const)
    if (body[name] !== undefined) fields[name] = textOf(body[name]).slice(0, 1000);
  if (typeof body.enabled === 'boolean') fields.enabled = body.enabled;
  if (Array.isArray(body.alertTags)) fields.tags = body.alertTags.slice(0, 20).map((tag) => textOf(tag).slice(0, 50));
  if (body.alertPriority !== undefined) {
    const severity = severityOf(body.alertPriority);
    if (severity) fields.severity = severity;
    else errors.push('alertPriority: Priority is one of P1, P2, P3, P4, P5.');
  }
  if (body.interval !== undefined || body.intervalUnit !== undefined) {
    const seconds = Number(textOf(body.interval)) * (UNITS[textOf(body.intervalUnit ?? 'minutes')] ?? Number.NaN);
    if (Number.isInteger(seconds) && seconds >= 60 && seconds <= 366 * 86_400) fields.intervalSeconds = seconds;
    else errors.push('interval: Interval is a whole number of minutes, hours or days, at most 366 days.');
  }
  return errors.length > 0 ? { errors } : { fields };
}

type Work = (ctx: Ctx, integration: Integration, name: string, post: Post) => Promise<Answer>;

/** Work on a heartbeat that must exist. */
const onBeat =
  (work: Work) =>
  async (ctx: Ctx, integration: Integration, post: Post): Promise<Answer> => {
    const name = post.params.name ?? '';
    try {
      return await work(ctx, integration, name, post);
    } catch (error) {
      if (error instanceof Problem && error.status === 404)
        return missing(ctx, `Heartbeat with name [${name}] not found`);
      throw error;
    }
  };

const doPing = onBeat(async (ctx, integration, name) =>
  (await ping(ctx, integration.id, name))
    ? answer(ctx, undefined, { result: 'PONG - Heartbeat received' }, 202)
    : missing(ctx, `Heartbeat with name [${name}] not found`),
);

const change = onBeat(async (ctx, integration, name, post) => {
  const read = fieldsOf(post.body);
  if ('errors' in read) return refused(422, 'Not processable', read.errors, ctx.requestId);
  const beat = await saveHeartbeat(ctx, { integrationId: integration.id, name, ...read.fields, mustExist: true });
  return answer(ctx, bodyOf(beat));
});

const turn = (enabled: boolean) =>
  onBeat(async (ctx, integration, name) =>
    answer(ctx, bodyOf(await saveHeartbeat(ctx, { integrationId: integration.id, name, enabled, mustExist: true }))),
  );

async function make(ctx: Ctx, integration: Integration, post: Post): Promise<Answer> {
  const name = isObject(post.body) ? textOf(post.body.name).trim() : '';
  const read = fieldsOf(post.body);
  const errors = 'errors' in read ? read.errors : [];
  if (name === '' || name.length > 200) errors.push('name: Name can not be empty or longer than 200 characters.');
  if (errors.length > 0 || 'errors' in read) return refused(422, 'Not processable', errors, ctx.requestId);
  return answer(
    ctx,
    bodyOf(await saveHeartbeat(ctx, { integrationId: integration.id, name, ...read.fields })),
    {},
    201,
  );
}

const remove = onBeat(async (ctx, integration, name) => {
  const beat = await heartbeatByName(ctx, integration.id, name);
  if (!beat) return missing(ctx, `Heartbeat with name [${name}] not found`);
  await removeHeartbeat(ctx, { id: beat.id });
  return answer(ctx, undefined, { result: 'Deleted' });
});

const show = onBeat(async (ctx, integration, name) => {
  const beat = await heartbeatByName(ctx, integration.id, name);
  return beat ? answer(ctx, bodyOf(beat)) : missing(ctx, `Heartbeat with name [${name}] not found`);
});

export function heartbeatRoutes(family: Family, base: string): AnyRoute[] {
  const at = `${base}/heartbeats/:name`;
  return [
    ...reading(family, `${base}/heartbeats`, async (ctx, integration) =>
      answer(ctx, { heartbeats: (await listHeartbeats(ctx, integration.id)).map(bodyOf) }),
    ),
    ...reading(family, `${base}/heartbeats`, make, 'POST'),
    ...reading(family, at, show),
    ...reading(family, at, change, 'PATCH'),
    ...reading(family, at, remove, 'DELETE'),
    ...reading(family, `${at}/ping`, doPing),
    ...reading(family, `${at}/ping`, doPing, 'POST'),
    ...reading(family, `${at}/enable`, turn(true), 'POST'),
    ...reading(family, `${at}/disable`, turn(false), 'POST'),
  ];
}
