/** What the options of an open decision are judged by: the facts of the incident at this moment, as conditions read them. */
import { celPaths, checkCel, type Ctx, evaluateCel, sql } from '#kernel';
import { lanesOf } from '../lanes/store.ts';
import { affectedOf } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import type { Option } from '../tables-command.ts';

/** A plain value, or a group of them: what CEL can read and what is frozen with a decision. */
export type Facts = { [name: string]: string | number | boolean | null | string[] | Facts };

/** The facts a condition may name. What is not known is left out: a condition that reads it is unknown, never false. */
export async function factsOf(ctx: Pick<Ctx, 'db' | 'now'>, incident: IncidentRow): Promise<Facts> {
  const [affected, lanes, sample, groups, hypotheses, questions] = await Promise.all([
    affectedOf(ctx, incident.id),
    lanesOf(ctx, incident.id),
    ctx.db
      .selectFrom('incidents.impactSamples')
      .selectAll()
      .where('incidentId', '=', incident.id)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst(),
    ctx.db.selectFrom('incidents.groupLinks').select('state').where('incidentId', '=', incident.id).execute(),
    ctx.db.selectFrom('incidents.hypotheses').select('state').where('incidentId', '=', incident.id).execute(),
    ctx.db.selectFrom('incidents.questions').select('state').where('incidentId', '=', incident.id).execute(),
  ]);
  const since = incident.impactStartedAt ?? incident.declaredAt;
  const count = <T extends { state: string }>(rows: readonly T[], state: string) =>
    rows.filter((row) => row.state === state).length;
  return {
    incident: { severity: incident.severity, kind: incident.kind, contained: incident.containedAt !== null },
    phase: incident.phase,
    elapsed_m: Math.max(0, Math.floor((ctx.now.getTime() - since.getTime()) / 60_000)),
    services: {
      down: affected.filter(({ effect }) => effect === 'down').map(({ name }) => name),
      count: affected.length,
    },
    impact: {
      ...(sample?.customers != null && { customers: sample.customers }),
      ...(sample?.pctRequests != null && { pct_requests: sample.pctRequests }),
    },
    alerts: { firing: count(groups, 'firing'), linked: groups.length },
    hypotheses: { supported: count(hypotheses, 'supported'), confirmed: count(hypotheses, 'confirmed') },
    questions: { open: count(questions, 'open') },
    lane: Object.fromEntries(lanes.map(({ lane, state }) => [lane, { state }])),
  };
}

export interface Judged extends Option {
  /** Null: the option has no condition. Unknown is not a no: something it reads is not known. */
  applies: boolean | 'unknown' | null;
  why: string | null;
}

/** Every option by the facts of now. What reads something unknown is unknown as a whole, also where CEL would absorb it (invariant 21). */
export const judge = (options: readonly Option[], facts: Facts): Judged[] =>
  options.map((option) => {
    if (option.when === null) return { ...option, applies: null, why: null };
    const missing = celPaths(option.when).find((path) => at(facts, path) === undefined);
    if (missing) return { ...option, applies: 'unknown', why: `${missing.join('.')} is not known` };
    const { value, error } = evaluateCel(option.when, facts);
    return { ...option, applies: value, why: error ?? null };
  });

const at = (facts: Facts, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], facts);

/** One thing a condition reads: its value now, and since when that is known; null where it is not. */
export interface Input {
  name: string;
  value: string | number | boolean | string[] | null;
  asOf: Date | null;
}

/** What the conditions of these options read, each once, with its value and its age (M13a). */
export async function inputsOf(
  ctx: Pick<Ctx, 'db' | 'now'>,
  incident: IncidentRow,
  options: readonly Option[],
  facts: Facts,
): Promise<Input[]> {
  const paths = options.flatMap(({ when }) => (when === null ? [] : celPaths(when)));
  const named = new Map(paths.map((path) => [path.join('.'), path]));
  if (named.size === 0) return [];
  const since = await knownSince(ctx, incident);
  return [...named].map(([name, path]) => {
    const value = at(facts, path);
    if (value === undefined) return { name, value: null, asOf: null };
    const plain =
      typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : (value as Input['value']);
    return { name, value: plain, asOf: since(path) };
  });
}

/** When each group of facts last changed or was measured; what is counted this moment is known since now. */
async function knownSince(ctx: Pick<Ctx, 'db' | 'now'>, incident: IncidentRow) {
  const newest = sql<Record<string, Date | null>>`select
    (select max(at) from incidents.impact_samples where incident_id = ${incident.id}) as impact,
    (select max(entered_at) from incidents.phase_log where incident_id = ${incident.id}) as phase,
    (select max(coalesce(effect_stated_at, added_at)) from incidents.affected_services where incident_id = ${incident.id}) as services,
    (select max(linked_at) from incidents.group_links where incident_id = ${incident.id}) as alerts,
    (select max(changed_at) from incidents.hypotheses where incident_id = ${incident.id}) as hypotheses,
    (select max(coalesce(settled_at, asked_at)) from incidents.questions where incident_id = ${incident.id}) as questions`;
  const [{ rows }, lanes] = await Promise.all([newest.execute(ctx.db), lanesOf(ctx, incident.id)]);
  const lane = new Map(lanes.map((one) => [one.lane, one.reportedAt ?? one.openedAt]));
  return ([root = '', second = '']: readonly string[]): Date => {
    if (root === 'elapsed_m') return ctx.now;
    const known = root === 'lane' ? lane.get(second) : rows[0]?.[root];
    return known ?? incident.declaredAt;
  };
}

const ROOTS = ['incident', 'phase', 'elapsed_m', 'services', 'impact', 'alerts', 'hypotheses', 'questions', 'lane'];

/** What is wrong with a condition, in words; null when it can be evaluated over the facts there are. */
export function wrongWith(condition: string): string | null {
  const problem = checkCel(condition);
  if (problem) return problem.message;
  const foreign = celPaths(condition).find(([root]) => !ROOTS.includes(root ?? ''));
  return foreign ? `there is no fact “${foreign.join('.')}”; known are ${ROOTS.join(', ')}` : null;
}
