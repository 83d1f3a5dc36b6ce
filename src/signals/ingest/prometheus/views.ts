/** Alerts, groups and silences as Alertmanager shows them. */
import type { Ctx } from '#kernel';
import { type Matcher, matchesAll, parseMatcher, type Silence, silencedBy, stateOf } from '../../silences/model.ts';
import { liveSilences } from '../../silences/store.ts';

export const RECEIVER = 'evenkeel';

/** Firing alerts of one sender with what is said about them. */
export async function firingAlerts(ctx: Ctx, integrationId: string) {
  const silences = await liveSilences(ctx, integrationId);
  const rows = await ctx.db
    .selectFrom('signals.alerts')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('state', '=', 'firing')
    .where('exercise', '=', false)
    .orderBy('firstAt')
    .orderBy('id')
    .limit(20_000)
    .execute();
  return rows.map((row) => {
    const silence = silencedBy(silences, row, ctx.now);
    const details = row.details as { annotations?: Record<string, string>; generatorURL?: unknown };
    return {
      groupId: row.groupId,
      body: {
        annotations: details.annotations ?? {},
        endsAt: (row.expiresAt ?? new Date(row.lastAt.getTime() + 300_000)).toISOString(),
        fingerprint: row.dedupKey,
        receivers: [{ name: RECEIVER }],
        startsAt: (row.startedAt ?? row.firstAt).toISOString(),
        status: {
          inhibitedBy: [],
          mutedBy: [],
          silencedBy: silence ? [silence.id] : [],
          state: silence ? 'suppressed' : 'active',
        },
        updatedAt: row.lastAt.toISOString(),
        ...(typeof details.generatorURL === 'string' && details.generatorURL !== ''
          ? { generatorURL: details.generatorURL }
          : {}),
        labels: row.labels,
      },
    };
  });
}

export type Filters = { matchers: Matcher[]; active: boolean; silenced: boolean; receiver: boolean };

const FLAGS = ['active', 'silenced', 'inhibited', 'unprocessed', 'muted'];

/**
 * `filter` and `receiver_matchers` (repeated), `active`, `silenced`, `receiver`; the text that is wrong when one cannot be read.
 * Nothing here is ever inhibited, unprocessed or muted by a time: those flags are read and leave nothing out.
 */
export function filtersOf(url: string): Filters | string {
  const query = new URL(url, 'http://x').searchParams;
  const matchers: Matcher[] = [];
  for (const text of query.getAll('filter').slice(0, 50)) {
    const matcher = parseMatcher(text);
    if (!matcher) return `bad matcher format: ${text.slice(0, 100)}`;
    matchers.push(matcher);
  }
  for (const name of FLAGS)
    if (!['true', 'false', null].includes(query.get(name))) return `${name} must be true or false`;
  const receiver = query.get('receiver') ?? '';
  const about = query.getAll('receiver_matchers').slice(0, 50).map(parseMatcher);
  if (about.includes(undefined)) return 'bad matcher format in receiver_matchers';
  return {
    matchers,
    active: query.get('active') !== 'false',
    silenced: query.get('silenced') !== 'false',
    receiver:
      matchesAll(about as Matcher[], { receiver: RECEIVER, name: RECEIVER }) &&
      (receiver === '' || matchesAll([{ name: 'r', value: receiver, isRegex: true, isEqual: true }], { r: RECEIVER })),
  };
}

export const passes = (filters: Filters, alert: { labels: Record<string, string>; status: { state: string } }) =>
  filters.receiver &&
  (alert.status.state === 'active' ? filters.active : filters.silenced) &&
  matchesAll(filters.matchers, alert.labels);

/** Names by which people group alerts; those that all alerts of a group share are shown as its labels. */
const GROUPED_BY = ['alertname', 'cluster', 'namespace', 'service', 'job'];

export function sharedLabels(alerts: { labels: Record<string, string> }[]): Record<string, string> {
  const first = alerts[0]?.labels ?? {};
  const shared = GROUPED_BY.filter(
    (name) => first[name] !== undefined && alerts.every(({ labels }) => labels[name] === first[name]),
  );
  return Object.fromEntries(shared.map((name) => [name, first[name] as string]));
}

export const silenceBody = (silence: Silence, now: Date) => ({
  id: silence.id,
  status: { state: stateOf(silence, now) },
  updatedAt: silence.updatedAt.toISOString(),
  comment: silence.comment,
  createdBy: silence.createdBy,
  endsAt: silence.endsAt.toISOString(),
  startsAt: silence.startsAt.toISOString(),
  matchers: silence.matchers,
});
