/** What a rule would have changed in the last week, before anybody keeps it: over the alerts that really came. */
import { setImmediate } from 'node:timers/promises';
import { topologyNow } from '#catalog';
import { addMs, type Ctx } from '#kernel';
import type { Severity } from '../model.ts';
import { type Outcome, triage, type TriageRule, visible } from './model.ts';
import { allRules } from './store.ts';

/** Alerts looked at: the newest. */
const MOST = 10_000;
const EXAMPLES = 10;

export interface Tried {
  /** Alerts of the last seven days, how many the rule matches, and for how many something would be different. */
  total: number;
  matched: number;
  changed: number;
  /** Of the changed: how many in which respect. */
  by: Record<'service' | 'severity' | 'urgency' | 'policy' | 'suppress' | 'group' | 'declare', number>;
  /** Alerts for which the rule could not be evaluated: they would be handled as without it. */
  failed: number;
  error: string | null;
  examples: { alertId: string; title: string; at: string; changes: { what: string; from: string; to: string }[] }[];
}

/** With the draft in its place (or at the end), against the rules as they are. Counts in slices, so that the house goes on answering. */
export async function tryRule(ctx: Ctx, draft: TriageRule): Promise<Tried> {
  const rules = (await allRules(ctx)).filter((rule) => rule.kind === 'triage') as unknown as TriageRule[];
  const place = rules.findIndex(({ id }) => id === draft.id);
  const after = place < 0 ? [...rules, draft] : rules.with(place, draft);
  const topology = await topologyNow(ctx);
  const nameOf = (id: string) => topology.nameOf(id);
  const tried: Tried = {
    total: 0,
    matched: 0,
    changed: 0,
    by: { service: 0, severity: 0, urgency: 0, policy: 0, suppress: 0, group: 0, declare: 0 },
    failed: 0,
    error: null,
    examples: [],
  };
  for (const [n, alert] of (await lastWeek(ctx)).entries()) {
    if (n % 200 === 199) await setImmediate();
    tried.total++;
    const sent = asSent(alert);
    const context = visible(
      { ...sent, key: alert.dedupKey },
      { integration: alert.integrationName, service: sent.service },
    );
    const then = triage(after, context);
    const own = then.failed.find(({ rule }) => rule.id === draft.id);
    if (own) {
      tried.failed++;
      tried.error ??= own.error;
    }
    if (then.applied.some(({ id }) => id === draft.id)) tried.matched++;
    const changes = differences(triage(rules, context), then, sent, nameOf);
    if (changes.length === 0) continue;
    tried.changed++;
    for (const { what } of changes) tried.by[what as keyof Tried['by']]++;
    if (tried.examples.length < EXAMPLES)
      tried.examples.push({ alertId: alert.id, title: alert.title, at: alert.lastAt.toISOString(), changes });
  }
  return tried;
}

const lastWeek = (ctx: Ctx) =>
  ctx.db
    .selectFrom('signals.alerts as a')
    .innerJoin('signals.integrations as i', 'i.id', 'a.integrationId')
    .leftJoin('catalog.services as s', 's.id', 'a.serviceId')
    .select([
      'a.id',
      'a.title',
      'a.description',
      'a.source',
      'a.severity',
      'a.labels',
      'a.marks',
      'a.dedupKey',
      'a.lastAt',
    ])
    .select(['i.name as integrationName', 's.slug as serviceSlug'])
    .where('a.lastAt', '>', addMs(ctx.now, -7 * 86_400_000))
    .where('a.exercise', '=', false)
    .where('a.test', '=', false)
    .orderBy('a.lastAt', 'desc')
    .limit(MOST)
    .execute();

type Row = Awaited<ReturnType<typeof lastWeek>>[number];
const marked = (marks: string[], name: string) =>
  marks.find((mark) => mark.startsWith(`${name}:`))?.slice(name.length + 1);

/** The alert as its source sent it, before the rules of that time changed it. */
function asSent({ title, description, source, severity, labels, marks, serviceSlug }: Row) {
  return {
    title,
    description,
    source,
    labels,
    severity: (marked(marks, 'sent_severity') ?? severity) as Severity,
    service: marked(marks, 'sent_service') ?? serviceSlug ?? '',
  };
}

type Done = ReturnType<typeof triage>;

function differences(
  before: Done,
  after: Done,
  sent: { severity: Severity; service: string },
  nameOf: (id: string) => string,
) {
  const was: Outcome = before.outcome;
  const is: Outcome = after.outcome;
  const service = (id: string | undefined) => (id ? nameOf(id) : sent.service || 'not known');
  const pairs: [string, string, string][] = [
    ['service', service(was.serviceId), service(is.serviceId)],
    ['severity', was.severity ?? sent.severity, is.severity ?? sent.severity],
    ['urgency', was.urgency ?? 'by severity', is.urgency ?? 'by severity'],
    ['policy', was.policyId ?? 'of the service', is.policyId ?? 'of the service'],
    [
      'suppress',
      was.suppress === undefined ? 'people are asked' : 'kept quiet',
      is.suppress === undefined ? 'people are asked' : 'kept quiet',
    ],
    ['group', before.group?.value ?? 'as usual', after.group?.value ?? 'as usual'],
    ['declare', was.declare ? `SEV${was.declare}` : 'by policy', is.declare ? `SEV${is.declare}` : 'by policy'],
  ];
  return pairs.filter(([, from, to]) => from !== to).map(([what, from, to]) => ({ what, from, to }));
}
