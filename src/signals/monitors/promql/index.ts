/** PromQL: one query of a Prometheus, compared with a threshold. Every series it returns must hold. */
import { z } from 'zod';
import { failed, fill, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { hostOfUrl, problemsOfCa, problemsOfUrl } from '../http/index.ts';
import { askPrometheus } from './ask.ts';

const RELATIONS = { above: 'above', below: 'below', is: 'equal to', is_not: 'other than' } as const;

const spec = z.strictObject({
  url: z.string().trim().min(1).max(2000),
  query: z.string().trim().min(1).max(10_000),
  is: z.enum(['above', 'below', 'is', 'is_not']).default('above'),
  value: z.coerce.number(),
  empty: z.enum(['unknown', 'ok', 'failed']).default('unknown'),
  authorization: z.string().max(500).default(''),
  ca: z.string().max(20_000).default(''),
});
type PromqlSpec = z.infer<typeof spec>;

const holds = (value: number, one: PromqlSpec): boolean =>
  ({ above: value > one.value, below: value < one.value, is: value === one.value, is_not: value !== one.value })[
    one.is
  ];

const nameOf = (labels: Record<string, string>) => {
  const text = Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ');
  return text ? `{${text}}` : '';
};

async function run(one: PromqlSpec, look: Look): Promise<Outcome> {
  const answer = await askPrometheus({
    url: one.url,
    query: one.query,
    authorization: fill(one.authorization, look.secrets),
    ca: one.ca,
    timeoutMs: look.timeoutMs,
  });
  if ('error' in answer) return failed(answer.ms, answer.error);
  const { ms, series } = answer;
  const sample = series.map(({ labels, value }) => `${nameOf(labels)} ${value}`.trim()).join('\n');
  const numbers = series.filter(({ value }) => !Number.isNaN(value));
  if (numbers.length === 0) {
    const why = series.length === 0 ? 'The query returned no series' : 'The query returned no number';
    if (one.empty === 'ok') return { ok: true, ms, reason: '', facts: { series: 0 }, sample };
    return { ...failed(ms, why, { series: 0 }), ok: one.empty === 'failed' ? false : null, sample };
  }
  const bad = numbers.filter(({ value }) => holds(value, one));
  const worst = (bad.length > 0 ? bad : numbers)[0]!;
  const facts = { value: worst.value, series: numbers.length };
  if (bad.length === 0) return { ok: true, ms, reason: '', facts, sample };
  const where = nameOf(worst.labels);
  const more = bad.length > 1 ? ` and ${bad.length - 1} more series` : '';
  return {
    ...failed(ms, `${where ? `${where} is ` : ''}${worst.value}, ${RELATIONS[one.is]} ${one.value}${more}`, facts),
    sample,
  };
}

export const promql: MonitorKind<PromqlSpec> = {
  kind: 'promql',
  title: 'Prometheus query',
  description: 'Asks a Prometheus, Thanos, Mimir or VictoriaMetrics, and compares what it says with a threshold.',
  fields: [
    {
      name: 'url',
      label: 'Address of Prometheus',
      type: 'url',
      required: true,
      placeholder: 'https://prometheus.example',
    },
    {
      name: 'query',
      label: 'Query',
      type: 'code',
      required: true,
      placeholder: 'sum(rate(http_requests_total{code=~"5.."}[5m]))',
    },
    {
      name: 'is',
      label: 'Fails when a series is',
      type: 'choice',
      choices: [
        { value: 'above', label: 'above' },
        { value: 'below', label: 'below' },
        { value: 'is', label: 'equal to' },
        { value: 'is_not', label: 'other than' },
      ],
    },
    { name: 'value', label: 'this', type: 'number', required: true },
    {
      name: 'empty',
      label: 'When there is no series',
      type: 'choice',
      advanced: true,
      choices: [
        { value: 'unknown', label: 'nobody knows' },
        { value: 'failed', label: 'it fails' },
        { value: 'ok', label: 'all is well' },
      ],
    },
    {
      name: 'authorization',
      label: 'Authorization header',
      type: 'text',
      advanced: true,
      placeholder: 'Bearer {{token}}',
    },
    {
      name: 'secrets',
      label: 'Secrets',
      type: 'secrets',
      advanced: true,
      help: 'Written as {{name}} in the header. Kept sealed.',
    },
    { name: 'ca', label: 'Authority of your own', type: 'code', advanced: true },
  ],
  start: { url: '', query: '', is: 'above', value: '', empty: 'unknown', authorization: '', ca: '' },
  spec,
  check: (one) => [...problemsOfUrl(one.url, 'url'), ...problemsOfCa(one.ca)],
  target: (one) => one.query.replaceAll(/\s+/g, ' ').slice(0, 120),
  goesTo: (one) => [hostOfUrl(one.url)],
  run,
};
