/** OpenSLO v1, the part we can keep: read strictly, so that nothing in a file is silently left out; and written again. Pure. */
import { yaml } from '#kernel';
import { z } from 'zod';
import type { Slo, SloSource } from './model.ts';

export interface SloProblem {
  path: string;
  message: string;
}

export interface ReadObjective {
  slug: string;
  name: string;
  description: string;
  /** The service by name, as written. */
  service: string;
  target: number;
  windowDays: number;
  budgeting: Slo['budgeting'];
  sliceTarget: number | null;
  /** Monitors by name; ids are found when it is saved. */
  source: { kind: 'monitors'; monitors: string[] } | Extract<SloSource, { kind: 'prometheus' }>;
}

const metadata = z.object({
  name: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?$/, 'small letters, digits, . and -'),
  displayName: z.string().max(200).optional(),
  labels: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const metricSource = z.strictObject({
  metricSourceRef: z.string().optional(),
  type: z.string().optional(),
  spec: z.record(z.string(), z.unknown()).default({}),
});
const metric = z.strictObject({ metricSource });
const sliSpec = z.strictObject({
  description: z.string().optional(),
  ratioMetric: z.strictObject({
    counter: z.boolean().default(false),
    good: metric.optional(),
    bad: metric.optional(),
    total: metric.optional(),
  }),
});
const duration = z.string().regex(/^\d{1,3}[dwM]$/, 'days (30d), weeks (4w) or months (1M)');
const sloSpec = z.strictObject({
  description: z.string().max(2000).default(''),
  service: z.string().max(200).default(''),
  indicatorRef: z.string().optional(),
  indicator: z.strictObject({ metadata: metadata.optional(), spec: sliSpec }).optional(),
  timeWindow: z
    .array(z.strictObject({ duration, isRolling: z.literal(true, 'only rolling windows are kept here') }))
    .length(1),
  budgetingMethod: z.enum(['Occurrences', 'Timeslices']),
  objectives: z
    .array(
      z.strictObject({
        displayName: z.string().optional(),
        target: z.number().gt(0).lt(1).optional(),
        targetPercent: z.number().gt(0).lt(100).optional(),
        timeSliceTarget: z.number().gt(0).max(1).optional(),
        timeSliceWindow: z.literal(['1m', '60s'], 'slices of one minute are kept here').optional(),
      }),
    )
    .length(1, 'one objective for each SLO is kept here'),
  alertPolicies: z.array(z.unknown()).optional(),
});
const head = z.object({ apiVersion: z.literal('openslo/v1', 'only openslo/v1 is read'), kind: z.string(), metadata });

interface Documents {
  slos: { at: string; metadata: z.infer<typeof metadata>; spec: z.infer<typeof sloSpec> }[];
  slis: Map<string, z.infer<typeof sliSpec>>;
  sources: Map<string, string>;
}

const MAX_CHARACTERS = 262_144;

/** Reads one or more documents. Either every objective can be kept, or the problems say which cannot and why. */
export function readOpenSlo(text: string): { objectives: ReadObjective[]; problems: SloProblem[] } {
  const problems: SloProblem[] = [];
  const none = (message: string) => ({ objectives: [], problems: [{ path: '', message }] });
  if (text.length > MAX_CHARACTERS) return none(`at most ${MAX_CHARACTERS} characters`);
  let documents: yaml.Document.Parsed[];
  try {
    documents = [
      ...yaml.parseAllDocuments(text, { version: '1.2', uniqueKeys: true, logLevel: 'silent' }),
    ] as yaml.Document.Parsed[];
  } catch {
    return none('the file is nested too deeply to be read');
  }
  const found: Documents = { slos: [], slis: new Map(), sources: new Map() };
  for (const [n, document] of documents.entries()) {
    const at = documents.length > 1 ? `document ${n + 1}` : '';
    problems.push(
      ...document.errors.map((error) => ({ path: at, message: error.message.split('\n')[0] ?? 'not YAML' })),
    );
    if (document.errors.length === 0) problems.push(...sort(document.toJS({ maxAliasCount: 0 }), at, found));
  }
  const objectives = found.slos.flatMap((one) => {
    const read = objectiveOf(one, found);
    if ('problem' in read) problems.push({ path: one.at, message: read.problem });
    return 'problem' in read ? [] : [read];
  });
  if (found.slos.length === 0 && problems.length === 0) return none('there is no document of kind SLO in it');
  return { objectives, problems };
}

/** Puts one document where it belongs; what is wrong with it, by path. */
function sort(data: unknown, at: string, into: Documents): SloProblem[] {
  if (data === null) return [];
  const top = head.safeParse(data);
  if (!top.success) return issues(top.error, at);
  const { kind, metadata: meta } = top.data;
  const { spec } = data as { spec?: unknown };
  if (kind === 'SLO') {
    const read = sloSpec.safeParse(spec);
    if (!read.success) return issues(read.error, at, 'spec');
    into.slos.push({ at: at || meta.name, metadata: meta, spec: read.data });
  } else if (kind === 'SLI') {
    const read = sliSpec.safeParse(spec);
    if (!read.success) return issues(read.error, at, 'spec');
    into.slis.set(meta.name, read.data);
  } else if (kind === 'DataSource') {
    const { type, connectionDetails } = (spec ?? {}) as { type?: string; connectionDetails?: { url?: unknown } };
    if (String(type).toLowerCase() !== 'prometheus' || typeof connectionDetails?.url !== 'string')
      return [
        { path: at || meta.name, message: 'only data sources of type Prometheus with connectionDetails.url are read' },
      ];
    into.sources.set(meta.name, connectionDetails.url);
  }
  // Services, alert policies and their conditions say nothing about what is counted: ours are the workbook's.
  return [];
}

const issues = (error: z.ZodError, at: string, under = ''): SloProblem[] =>
  error.issues.slice(0, 20).map((issue) => ({
    path: [at, [under, ...issue.path].filter((part) => part !== '').join('.')].filter(Boolean).join(': '),
    message: issue.code === 'unrecognized_keys' ? `“${issue.keys.join(', ')}” is not kept here` : issue.message,
  }));

const days = (text: string) => Number.parseInt(text, 10) * ({ d: 1, w: 7, M: 30 }[text.at(-1) ?? 'd'] ?? 1);

function objectiveOf(
  { metadata: meta, spec }: Documents['slos'][number],
  all: Documents,
): ReadObjective | { problem: string } {
  const sli = spec.indicator?.spec ?? (spec.indicatorRef ? all.slis.get(spec.indicatorRef) : undefined);
  if (!sli)
    return {
      problem: spec.indicatorRef ? `the indicator “${spec.indicatorRef}” is not in the file` : 'it has no indicator',
    };
  const [objective] = spec.objectives;
  const target =
    objective?.target ?? (objective?.targetPercent === undefined ? undefined : objective.targetPercent / 100);
  if (target === undefined) return { problem: 'its objective has neither target nor targetPercent' };
  const windowDays = days(spec.timeWindow[0]!.duration);
  if (windowDays < 1 || windowDays > 90) return { problem: 'a window of 1 to 90 days is kept here' };
  const source = sourceOf(sli, all);
  if ('problem' in source) return source;
  return {
    slug: meta.name,
    name: meta.displayName ?? meta.name,
    description: spec.description,
    service: spec.service,
    target: Math.round(target * 1e9) / 1e9,
    windowDays,
    budgeting: spec.budgetingMethod === 'Timeslices' ? 'timeslices' : 'occurrences',
    sliceTarget: spec.budgetingMethod === 'Timeslices' ? (objective?.timeSliceTarget ?? target) : null,
    source,
  };
}

function sourceOf(
  { ratioMetric }: z.infer<typeof sliSpec>,
  all: Documents,
): ReadObjective['source'] | { problem: string } {
  const { good, bad, total, counter } = ratioMetric;
  const first = good ?? bad;
  const kind = first?.metricSource.type?.toLowerCase();
  if (good && kind === 'evenkeel') {
    const { monitors, monitor } = good.metricSource.spec;
    const names = [monitors ?? monitor].flat().filter((one): one is string => typeof one === 'string');
    return names.length > 0
      ? { kind: 'monitors', monitors: names }
      : { problem: 'the source of type Evenkeel names no monitors' };
  }
  if ((good === undefined) === (bad === undefined) || !total)
    return { problem: 'a ratio has good or bad events, and a total' };
  const query = (one: typeof good) => String(one?.metricSource.spec.query ?? '');
  const ref = first?.metricSource.metricSourceRef;
  const url = (ref ? all.sources.get(ref) : undefined) ?? first?.metricSource.spec.url;
  if (kind !== undefined && kind !== 'prometheus')
    return { problem: `a source of type “${first?.metricSource.type}” cannot be asked; Prometheus and Evenkeel can` };
  if (typeof url !== 'string')
    return { problem: 'its Prometheus has no address: refer to a DataSource, or give spec.url beside the query' };
  if (!query(first) || !query(total)) return { problem: 'its queries are empty' };
  return {
    kind: 'prometheus',
    url,
    good: query(good),
    bad: query(bad),
    total: query(total),
    counter,
    authorization: '',
  };
}

/** The objective as OpenSLO; what `readOpenSlo` reads back. Secrets are not in it. */
export function writeOpenSlo(slo: Slo, names: { service: string; monitors: string[] }): string {
  const { source } = slo;
  const prometheus = (query: string) => ({
    metricSource: { type: 'Prometheus', spec: { url: source.kind === 'prometheus' ? source.url : '', query } },
  });
  const ratioMetric =
    source.kind === 'monitors'
      ? { counter: false, good: { metricSource: { type: 'Evenkeel', spec: { monitors: names.monitors } } } }
      : {
          counter: source.counter,
          ...(source.good ? { good: prometheus(source.good) } : { bad: prometheus(source.bad) }),
          total: prometheus(source.total),
        };
  return yaml.stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: slo.slug, displayName: slo.name },
    spec: {
      description: slo.description,
      service: names.service,
      indicator: { metadata: { name: `${slo.slug}-indicator` }, spec: { ratioMetric } },
      timeWindow: [{ duration: `${slo.windowDays}d`, isRolling: true }],
      budgetingMethod: slo.budgeting === 'timeslices' ? 'Timeslices' : 'Occurrences',
      objectives: [
        slo.budgeting === 'timeslices'
          ? { target: slo.target, timeSliceTarget: slo.sliceTarget ?? slo.target, timeSliceWindow: '1m' }
          : { target: slo.target },
      ],
    },
  });
}
