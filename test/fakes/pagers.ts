/** Four pagers and a status page that speak their real HTTP: shapes, pages, ways of sending the key, and the refusals of a busy day. */
import { openSink, type ReceivedRequest, type Sink, type SinkAnswer } from './sink.ts';

type Json = Record<string, any>;
export interface FakePager extends Sink {
  /** The key it accepts. */
  key: string;
  /** What it has; change it and the next reading sees it. */
  data: Record<string, Json[]>;
  /** Answers for the next requests, before anything else. */
  stumbles: SinkAnswer[];
  /** Paths this key may not read (403). */
  forbidden: RegExp[];
}

async function openPager(
  key: string,
  data: Record<string, Json[]>,
  answer: (pager: FakePager, url: URL, request: ReceivedRequest) => SinkAnswer,
): Promise<FakePager> {
  const sink = await openSink();
  const pager: FakePager = Object.assign(sink, { key, data, stumbles: [] as SinkAnswer[], forbidden: [] as RegExp[] });
  sink.answer((request) => pager.stumbles.shift() ?? answer(pager, new URL(request.path, sink.url), request));
  return pager;
}

const missing = { status: 404, body: { error: { message: 'Not Found', code: 2100 } } };

/** PagerDuty REST v2: `Token token=`, offset and `more`. Its final schedule comes with `since` and `until` only. */
export const openPagerDuty = (data: Record<string, Json[]>): Promise<FakePager> =>
  openPager('u+pdReadOnlyKey4242', data, (pager, url, request) => {
    const accept = String(request.headers.accept ?? '');
    if (
      request.headers.authorization !== `Token token=${pager.key}` ||
      !accept.includes('application/vnd.pagerduty+json;version=2')
    )
      return { status: 401, body: { error: { message: 'Unauthorized', code: 2006 } } };
    if (pager.forbidden.some((path) => path.test(url.pathname)))
      return { status: 403, body: { error: { message: 'Forbidden', code: 2010 } } };
    const page = (name: string, all: Json[]): SinkAnswer => {
      const [offset, limit] = [
        Number(url.searchParams.get('offset') ?? 0),
        Math.min(2, Number(url.searchParams.get('limit') ?? 25)),
      ];
      return {
        body: {
          [name]: all.slice(offset, offset + limit),
          limit,
          offset,
          total: null,
          more: offset + limit < all.length,
        },
      };
    };
    const [, list = '', id, sub] = url.pathname.split('/');
    const all = pager.data[list] ?? [];
    if (list === 'teams' && sub === 'members')
      return page(
        'members',
        (pager.data.members ?? []).filter((one) => one.team === id).map(({ team: _, ...member }) => member),
      );
    if (list === 'schedules' && sub === 'overrides') {
      const [since, until] = [url.searchParams.get('since') ?? '', url.searchParams.get('until') ?? ''];
      if (Date.parse(until) - Date.parse(since) > 92 * 86_400_000)
        return {
          status: 400,
          body: {
            error: {
              message: 'Invalid Input Provided',
              code: 2001,
              errors: ['Time range must be less than 3 months.'],
            },
          },
        };
      const own = (pager.data.overrides ?? []).filter(
        (one) => one.schedule === id && one.start < until && one.end > since,
      );
      return { body: { overrides: own.map(({ schedule: _, ...one }) => one) } };
    }
    if (list === 'schedules' && id) {
      const found = all.find((one) => one.id === id);
      return found ? { body: { schedule: found } } : missing;
    }
    if (['users', 'teams', 'schedules', 'escalation_policies', 'services'].includes(list) && !id)
      // The list of schedules is without layers unless they are asked for.
      return page(
        list,
        list === 'schedules' ? all.map(({ schedule_layers: _, final_schedule: __, ...one }) => one) : all,
      );
    return missing;
  });

/** Opsgenie: `GenieKey`, pages by `paging.next`, some lists whole. */
export const openOpsgenie = (data: Record<string, Json[]>): Promise<FakePager> =>
  openPager('eb243592-faa2-4ba2-a551q-1afdf565c889', data, (pager, url, request) => {
    const meta = { took: 0.061, requestId: '9ae63dd7-ed00-4c81-86f0-c4ffd33142c9' };
    if (request.headers.authorization !== `GenieKey ${pager.key}`)
      return { status: 401, body: { message: 'Could not authenticate', ...meta } };
    if (pager.forbidden.some((path) => path.test(url.pathname)))
      return {
        status: 403,
        headers: { 'x-opsgenie-errortype': 'AccessError' },
        body: { message: 'You are not authorized to access this endpoint', ...meta },
      };
    const whole = (records: Json[]): SinkAnswer => ({ body: { data: records, ...meta } });
    const [, version = '', list = '', id, sub] = url.pathname.split('/');
    if (version === 'v2' && list === 'users' && sub === 'contacts')
      return whole((pager.data.contacts ?? []).filter((one) => one.user === id).map(({ user: _, ...one }) => one));
    if (list === 'users' || list === 'services') {
      const all = pager.data[list] ?? [];
      const [offset, limit] = [
        Number(url.searchParams.get('offset') ?? 0),
        Math.min(2, Number(url.searchParams.get('limit') ?? 100)),
      ];
      const next =
        offset + limit < all.length
          ? `${pager.url}/${version}/${list}?limit=${limit}&offset=${offset + limit}`
          : undefined;
      return {
        body: {
          totalCount: all.length,
          data: all.slice(offset, offset + limit),
          paging: { ...(next ? { next } : {}), first: `${pager.url}/${version}/${list}?limit=${limit}&offset=0` },
          ...meta,
        },
      };
    }
    if (list === 'teams' && sub === 'routing-rules')
      return whole((pager.data.routing ?? []).filter((one) => one.team === id).map(({ team: _, ...one }) => one));
    if (list === 'teams' && id)
      return { body: { data: (pager.data.teams ?? []).find((one) => one.id === id), ...meta } };
    // The list of teams has no members.
    if (list === 'teams') return whole((pager.data.teams ?? []).map(({ members: _, ...one }) => one));
    if (list === 'schedules' && sub === 'overrides')
      return whole(
        (pager.data.overrides ?? []).filter((one) => one.schedule === id).map(({ schedule: _, ...one }) => one),
      );
    if (list === 'schedules' && sub === 'timeline') {
      const found = (pager.data.timelines ?? []).find((one) => one.schedule === id);
      return found
        ? { body: { data: found, ...meta } }
        : { status: 404, body: { message: 'Schedule timeline does not exist', ...meta } };
    }
    if (list === 'schedules')
      return whole(
        (pager.data.schedules ?? []).map((one) =>
          url.searchParams.get('expand') === 'rotation' ? one : { ...one, rotations: [] },
        ),
      );
    if (list === 'heartbeats') return { body: { data: { heartbeats: pager.data.heartbeats ?? [] }, ...meta } };
    if (list === 'escalations' || list === 'integrations' || list === 'forwarding-rules')
      return whole(pager.data[list] ?? []);
    return { status: 404, body: { message: 'Not found', ...meta } };
  });

/** Grafana OnCall: the bare token, pages by `next`. */
export const openOnCall = (data: Record<string, Json[]>): Promise<FakePager> =>
  openPager('meowmeowmeow', data, (pager, url, request) => {
    if (request.headers.authorization !== pager.key) return { status: 403, body: { detail: 'Invalid token.' } };
    const [, , , list = '', id, sub] = url.pathname.split('/');
    const all =
      sub === 'final_shifts' ? (pager.data.final_shifts ?? []).filter((one) => one.schedule === id) : pager.data[list];
    if (!all) return { status: 404, body: { detail: 'Not found.' } };
    const page = Number(url.searchParams.get('page') ?? 1);
    const size = 3;
    const last = page * size >= all.length;
    const next = new URL(url.href);
    next.searchParams.set('page', String(page + 1));
    return {
      body: {
        count: all.length,
        next: last ? null : next.href,
        previous: null,
        results: all.slice((page - 1) * size, page * size),
        current_page_number: page,
        page_size: size,
        total_pages: Math.ceil(all.length / size),
      },
    };
  });

/** GoAlert: GraphQL, one document, `Bearer`, connections with cursors. */
export const openGoAlert = (data: Record<string, Json[]>): Promise<FakePager> =>
  openPager('goalert.api.key', data, (pager, url, request) => {
    if (url.pathname !== '/api/graphql' || request.method !== 'POST') return { status: 404, body: 'not found' };
    if (request.headers.authorization !== `Bearer ${pager.key}`) return { status: 401, body: 'Unauthorized' };
    const { query, variables } = request.json as { query: string; variables: Json };
    if (!query.startsWith('query Evenkeel'))
      return { body: { errors: [{ message: 'query does not match the API key' }], data: null } };
    const answer: Json = {};
    for (const list of ['users', 'schedules', 'rotations', 'escalationPolicies', 'services', 'userOverrides']) {
      if (variables[`more${list[0]?.toUpperCase()}${list.slice(1)}`] !== true) continue;
      const all = pager.data[list] ?? [];
      const from = variables[list] === '' ? 0 : Number(Buffer.from(variables[list], 'base64').toString());
      answer[list] = {
        nodes: all.slice(from, from + 2),
        pageInfo: { endCursor: Buffer.from(String(from + 2)).toString('base64'), hasNextPage: from + 2 < all.length },
      };
    }
    return { body: { data: answer } };
  });

/** Statuspage REST v1: `OAuth` and the key, bare arrays by `page` and `per_page`, 420 when asked too often. */
export const openStatuspage = (data: Record<string, Json[]>): Promise<FakePager> =>
  openPager('89a229ce1a8dbcf9ff30430fbe35eb4c', data, (pager, url, request) => {
    if (request.headers.authorization !== `OAuth ${pager.key}`)
      return { status: 401, body: { error: 'Could not authenticate' } };
    if (pager.forbidden.some((path) => path.test(url.pathname))) return { status: 403, body: { error: 'Forbidden' } };
    const [, version, pages, id, list, sub] = url.pathname.split('/');
    if (version !== 'v1' || pages !== 'pages') return { status: 404, body: { error: 'Not found' } };
    if (!id) return { body: pager.data.pages ?? [] };
    if (list === 'components') {
      const [page, size] = [Number(url.searchParams.get('page') ?? 1), Number(url.searchParams.get('per_page') ?? 100)];
      const all = (pager.data.components ?? []).filter((one) => one.page_id === id);
      return { body: all.slice((page - 1) * size, page * size) };
    }
    if (list === 'subscribers' && sub === 'count')
      return { body: { email: { active: 41, unconfirmed: 1 }, sms: { active: 0 }, webhook: { active: 2 } } };
    if (list === 'incidents' && sub === 'unresolved') return { body: pager.data.incidents ?? [] };
    if (list === 'metrics') return { body: pager.data.metrics ?? [] };
    return { status: 404, body: { error: 'Not found' } };
  });
