/** The reading side of the Alertmanager v2 API, and its silences. */
import { type AnyRoute, type Ctx, Problem, processNow, rawRoute } from '#kernel';
import type { Integration } from '../../integrations/store.ts';
import { createSilence } from '../../silences/commands/createSilence.ts';
import { expireSilence } from '../../silences/commands/expireSilence.ts';
import { type Matcher, matchesAll } from '../../silences/model.ts';
import { listSilences } from '../../silences/store.ts';
import { postOf, send, welcome } from '../door.ts';
import type { Answer, Family, Post } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { textOf, timeOf } from '../text.ts';
import { refused } from './index.ts';
import { filtersOf, firingAlerts, passes, RECEIVER, sharedLabels, silenceBody } from './views.ts';

type Handle = (ctx: Ctx, integration: Integration, post: Post, url: string) => Promise<Answer>;
type Method = 'GET' | 'POST' | 'DELETE';

const ok = (body: unknown): Answer => ({ status: 200, body });
const upSince = new Date(processNow()).toISOString();

function withKey(family: Family, method: Method, path: string, handle: Handle): AnyRoute {
  return rawRoute({
    method,
    path: `/api/v2${path}`,
    handle: async (request, reply, house) => {
      const ctx = await house.ctx(house.system('signals.prometheus'), { requestId: request.id, ip: request.ip });
      const { post } = postOf(request, { path, purpose: 'alerts', mayBeEmpty: true });
      const sender = await welcome(ctx, family, post);
      if ('status' in sender) return send(reply, sender);
      try {
        return send(reply, await handle(ctx, sender.integration, post, request.url));
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error;
        const details = (error.errors ?? []).map((one) => one.message);
        return send(reply, refused(error.status === 422 ? 400 : error.status, error.message, details));
      }
    },
  });
}

const listAlerts: Handle = async (ctx, integration, _post, url) => {
  const filters = filtersOf(url);
  if (typeof filters === 'string') return refused(400, filters, []);
  const alerts = await firingAlerts(ctx, integration.id);
  return ok(alerts.map(({ body }) => body).filter((body) => passes(filters, body)));
};

type Shown = Awaited<ReturnType<typeof firingAlerts>>[number]['body'];

const listGroups: Handle = async (ctx, integration, _post, url) => {
  const filters = filtersOf(url);
  if (typeof filters === 'string') return refused(400, filters, []);
  const groups = new Map<string, Shown[]>();
  for (const { groupId, body } of await firingAlerts(ctx, integration.id))
    if (passes(filters, body)) groups.set(groupId, [...(groups.get(groupId) ?? []), body]);
  return ok(
    [...groups.values()].map((alerts) => ({
      alerts,
      labels: sharedLabels(alerts),
      routeLabels: {},
      receiver: { name: RECEIVER },
    })),
  );
};

const listAll: Handle = async (ctx, integration, _post, url) => {
  const filters = filtersOf(url);
  if (typeof filters === 'string') return refused(400, filters, []);
  const silences = await listSilences(ctx, integration.id);
  const wanted = silences.filter(({ matchers }) =>
    filters.matchers.every((filter) =>
      matchers.some((one) => one.name === filter.name && matchesAll([filter], { [one.name]: one.value })),
    ),
  );
  return ok(wanted.map((silence) => silenceBody(silence, ctx.now)));
};

const one: Handle = async (ctx, integration, { params }) => {
  const found = (await listSilences(ctx, integration.id)).find((silence) => silence.id === params.id);
  return found ? ok(silenceBody(found, ctx.now)) : refused(404, 'silence not found', []);
};

function matchersOf(value: JsonValue | undefined): Matcher[] | undefined {
  if (!Array.isArray(value) || !value.every(isObject)) return undefined;
  return value.map((item) => ({
    name: textOf(item.name),
    value: textOf(item.value),
    isRegex: item.isRegex === true,
    isEqual: item.isEqual !== false,
  }));
}

const make: Handle = async (ctx, integration, { body }) => {
  if (!isObject(body)) return refused(400, 'the body must be a silence', []);
  const matchers = matchersOf(body.matchers);
  const marks = new Set<string>();
  const [startsAt, endsAt] = [timeOf(body.startsAt, ctx.now, marks) ?? ctx.now, timeOf(body.endsAt, ctx.now, marks)];
  if (!matchers || !endsAt) return refused(400, !matchers ? 'matchers: is required' : 'endsAt: is required', []);
  const id = textOf(body.id);
  const silence = await createSilence(ctx, {
    ...(id ? { id } : {}),
    integrationId: integration.id,
    matchers,
    startsAt,
    endsAt,
    comment: textOf(body.comment),
    createdBy: textOf(body.createdBy),
  });
  return ok({ silenceID: silence.id });
};

const end: Handle = async (ctx, integration, { params }) => {
  await expireSilence(ctx, { id: params.id ?? '', integrationId: integration.id });
  return ok(null);
};

const status: Handle = async () =>
  ok({
    cluster: { name: '', status: 'disabled', peers: [] },
    // karma and others choose by the version how they talk: this is the API that is served.
    versionInfo: { branch: 'evenkeel', buildDate: '', buildUser: '', goVersion: '', revision: '', version: '0.28.0' },
    config: { original: `route:\n  receiver: ${RECEIVER}\nreceivers:\n  - name: ${RECEIVER}\n` },
    uptime: upSince,
  });

const plain = (path: string) =>
  rawRoute({
    method: 'GET',
    path,
    handle: async (_request, reply) => reply.type('text/plain; charset=utf-8').send('OK'),
  });

export const alertmanagerRoutes = (family: Family): AnyRoute[] => [
  withKey(family, 'GET', '/alerts', listAlerts),
  withKey(family, 'GET', '/alerts/groups', listGroups),
  withKey(family, 'GET', '/silences', listAll),
  withKey(family, 'POST', '/silences', make),
  withKey(family, 'GET', '/silence/:id', one),
  withKey(family, 'DELETE', '/silence/:id', end),
  withKey(family, 'GET', '/receivers', async () => ok([{ name: RECEIVER }])),
  withKey(family, 'GET', '/status', status),
  plain('/-/healthy'),
  plain('/-/ready'),
];
