/** What a recovery by stages consists of: read from a playbook's blocks `recovery` and `rollback_plan`, or written by hand. Pure. */
import { parseDuration } from '#kernel';
import { z } from 'zod';

const id = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'an id is lower case letters, digits and _');
const duration = z.string().regex(/^\d{1,6}(ms|s|m|h|d)$/, 'write a duration such as 30s, 5m or 12h');
const expression = z.string().min(1).max(4_000);
const values = z.record(z.string().max(80), z.unknown());

/** Everything may be left out: a stage's own value wins over the plan's, the plan's over {@link USUAL}. */
const analysis = z.object({
  interval: duration.optional(),
  count: z.number().int().min(1).max(1_000).optional(),
  failure_limit: z.number().int().min(0).max(1_000).optional(),
  inconclusive_limit: z.number().int().min(0).max(1_000).optional(),
  error_limit: z.number().int().min(0).max(1_000).optional(),
  initial_delay: duration.optional(),
});
const USUAL = {
  interval: '30s',
  count: 5,
  failure_limit: 0,
  inconclusive_limit: 0,
  error_limit: 3,
  initial_delay: '0s',
};

/** How a stage moves load back: by an action of a connector, or in words for a person. */
const shift = z.object({
  kind: z.string().min(1).max(80),
  to: z.union([z.string().max(80), z.number()]).transform(String),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)
    .optional(),
  with: values.optional(),
  /** What a person does when no connector carries it out. */
  manual: z.string().max(1_000).optional(),
});

const stage = z.object({
  id,
  title: z.string().min(1).max(160).optional(),
  shift: shift.optional(),
  soak: duration.default('5m'),
  delay: duration.optional(),
  analysis: analysis.optional(),
  manual_gate: z.string().max(80).optional(),
  irreversible: z.boolean().default(false),
});

/** The same question put to many places: every region and endpoint by itself, and one bad one fails the stage. */
const sweep = z.object({
  /** Addresses; `{region}` and `{endpoint}` are filled in. */
  url: z.string().min(1).max(2_000),
  regions: z.array(z.string().min(1).max(120)).max(50).default([]),
  endpoints: z.array(z.string().min(1).max(400)).max(100).default([]),
});

const healthCheck = z.object({
  id,
  title: z.string().max(160).optional(),
  /** Over probes; for a sweep over `status`, `ms`, `body`, `region` and `endpoint`. */
  pass: expression.optional(),
  fail: expression.optional(),
  sweep: sweep.optional(),
});
const dataCheck = z.object({
  id,
  title: z.string().max(160).optional(),
  pass: expression,
  blocks: z.array(z.string()),
});

export const recoveryBlock = z.object({
  prerequisites: z.array(expression).default([]),
  analysis_defaults: analysis.default({}),
  stages: z.array(stage).max(40).default([]),
  health_checks: z.array(healthCheck).max(100).default([]),
  data_checks: z.array(dataCheck).max(100).default([]),
  /** `pause`: nothing is taken back by itself. */
  on_stage_failure: z.enum(['rollback_stage', 'pause']).default('rollback_stage'),
  signoffs: z
    .array(z.object({ lane: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), of: z.string().min(1).max(120) }))
    .max(20)
    .default([]),
});
const rollbackBlock = z.object({ point_of_no_return: z.string().optional() });

export interface AnalysisRule {
  intervalSeconds: number;
  count: number;
  failureLimit: number;
  inconclusiveLimit: number;
  errorLimit: number;
  delaySeconds: number;
}
export interface StagePlan {
  id: string;
  title: string;
  shift: {
    kind: string;
    to: string;
    action: string | null;
    with: Record<string, unknown>;
    manual: string | null;
  } | null;
  soakSeconds: number;
  analysis: AnalysisRule;
  gate: string | null;
  noReturn: boolean;
}
export interface CheckPlan {
  id: string;
  title: string;
  pass: string;
  fail: string | null;
  sweep: { url: string; regions: string[]; endpoints: string[] } | null;
}
export interface DataCheckPlan {
  id: string;
  title: string;
  pass: string;
  blocks: string[];
}
export interface CoursePlan {
  prerequisites: string[];
  stages: StagePlan[];
  checks: CheckPlan[];
  dataChecks: DataCheckPlan[];
  signoffs: { lane: string; of: string }[];
  /** Absent in plans made before this was asked: the first failure is taken back. */
  onFailure?: 'rollback_stage' | 'pause';
}

const seconds = (text: string): number => Math.round((parseDuration(text) ?? 0) / 1000);
const sentence = (word: string): string => {
  const words = word.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A step of containment that the shifts of recovery lead back: where its undo leads is where recovery goes. */
export interface Origin {
  action: string;
  with: Record<string, unknown>;
  undo: Record<string, unknown> | null;
}

/**
 * The plan of a playbook's blocks. A shift without an action of its own is carried out by the same kind of action that
 * contained (`weight` → `traffic.weight`), with the place its undo names. Throws a ZodError when the blocks cannot be read.
 */
export function planOfBlocks(recovery: unknown, rollback: unknown, origins: Origin[]): CoursePlan {
  const block = recoveryBlock.parse(recovery ?? {});
  const noReturn = rollbackBlock.parse(rollback ?? {}).point_of_no_return;
  return {
    prerequisites: block.prerequisites,
    stages: block.stages.map((one) => ({
      id: one.id,
      title:
        one.title ??
        (one.shift ? `${sentence(one.shift.kind)} ${one.shift.to.replaceAll('_', ' ')}` : sentence(one.id)),
      shift: one.shift ? shiftOf(one.shift, origins) : null,
      soakSeconds: seconds(one.soak),
      analysis: ruleOf({ ...block.analysis_defaults, ...one.analysis }, one.delay),
      gate: one.manual_gate ?? null,
      noReturn: one.irreversible || one.id === noReturn,
    })),
    checks: block.health_checks.map(({ id: checkId, title, pass, fail, sweep: places }) => ({
      id: checkId,
      title: title ?? sentence(checkId),
      pass: pass ?? 'status >= 200 && status < 300',
      fail: fail ?? (places && !pass ? 'status < 200 || status >= 300' : null),
      sweep: places ?? null,
    })),
    dataChecks: block.data_checks.map((one) => ({ ...one, title: one.title ?? sentence(one.id) })),
    signoffs: block.signoffs,
    onFailure: block.on_stage_failure,
  };
}

function shiftOf(given: z.infer<typeof shift>, origins: Origin[]): StagePlan['shift'] {
  const { kind, to, manual } = given;
  const base = { kind, to, manual: manual ?? null };
  if (given.action) return { ...base, action: given.action, with: given.with ?? {} };
  const origin = origins.find((one) => one.action === `traffic.${kind}`);
  if (!origin) return { ...base, action: null, with: given.with ?? {} };
  const target = origin.undo ?? origin.with;
  const wanted = kind === 'weight' ? { pct: percent(to) } : { state: to };
  return { ...base, action: origin.action, with: { ...target, ...wanted, ...given.with } };
}

/** `10%` → 10. */
const percent = (text: string): number | string => {
  const number = Number(text.replace(/\s*%$/, ''));
  return Number.isFinite(number) && text !== '' ? number : text;
};

function ruleOf(given: z.infer<typeof analysis>, delay: string | undefined): AnalysisRule {
  const rule = { ...USUAL, ...given };
  return {
    intervalSeconds: Math.max(1, seconds(rule.interval)),
    count: rule.count,
    failureLimit: rule.failure_limit,
    inconclusiveLimit: rule.inconclusive_limit,
    errorLimit: rule.error_limit,
    delaySeconds: seconds(delay ?? rule.initial_delay),
  };
}

/** The places a check is asked at: one nameless place for a condition over probes. */
export function targetsOf(
  check: Pick<CheckPlan, 'sweep'>,
): { target: string; region: string; endpoint: string; url: string | null }[] {
  const { sweep: places } = check;
  if (!places) return [{ target: '', region: '', endpoint: '', url: null }];
  const regions = places.regions.length > 0 ? places.regions : [''];
  const endpoints = places.endpoints.length > 0 ? places.endpoints : [''];
  return regions.flatMap((region) =>
    endpoints.map((endpoint) => ({
      target: [region, endpoint].filter(Boolean).join(' ') || places.url,
      region,
      endpoint,
      url: places.url.replaceAll('{region}', region).replaceAll('{endpoint}', endpoint),
    })),
  );
}

/** What is wrong with a plan that could be read: names that lead nowhere. Empty when it can be used. */
export function planProblems(plan: CoursePlan): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const ids = plan.stages.map((one) => one.id);
  if (ids.length === 0) problems.push({ path: 'stages', message: 'needs at least one stage' });
  for (const [index, one] of ids.entries())
    if (ids.indexOf(one) !== index) problems.push({ path: `stages.${index}.id`, message: `"${one}" is there twice` });
  for (const [index, check] of plan.dataChecks.entries())
    for (const name of check.blocks)
      if (name !== 'restored' && !ids.includes(name))
        problems.push({ path: `data_checks.${index}.blocks`, message: `there is no stage "${name}"` });
  const places = plan.checks.reduce((sum, check) => sum + targetsOf(check).length, 0);
  if (places > 500) problems.push({ path: 'health_checks', message: 'asks more than 500 places' });
  return problems;
}
