/** Journey: several HTTP requests in a row, as one person's way through; later steps use what earlier ones answered. */
import { z } from 'zod';
import { assertions, checkAll, problemsOfAssertions, SUBJECTS } from '../assert.ts';
import { type Checked, failed, type FieldProblem, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { CallFailed, callHttp, type HttpAnswer } from '../http/call.ts';
import { callOf, headers, hostOfUrl, METHODS, problemsOfUrl, reasonOfChecks } from '../http/index.ts';
import { parsePath, valuesAt } from '../json-path.ts';

const take = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w{0,59}$/, 'Letters, digits and _.'),
  from: z.enum(['json', 'header', 'text']),
  /** JSON path, name of the header, or `before…after`: what stands between. */
  at: z.string().min(1).max(500),
});
const step = z.strictObject({
  name: z.string().trim().max(100).default(''),
  url: z.string().trim().min(1).max(2000),
  method: z.enum(METHODS).default('GET'),
  headers,
  body: z.string().max(20_000).default(''),
  assertions,
  take: z.array(take).max(10).default([]),
});
const spec = z.strictObject({
  steps: z.array(step).min(1).max(20),
  tls: z.enum(['verify', 'ignore']).default('verify'),
});
export type JourneySpec = z.infer<typeof spec>;
type Step = z.infer<typeof step>;

const nameOf = (one: Step, n: number) => one.name || `Step ${n + 1}`;

/** A value out of an answer; undefined when it is not there. */
function taken(one: z.infer<typeof take>, answer: HttpAnswer): string | undefined {
  if (one.from === 'header') return [answer.headers[one.at.toLowerCase()]].flat()[0];
  if (one.from === 'text') return between(answer.body, one.at);
  try {
    const steps = parsePath(one.at);
    const value = typeof steps === 'string' ? undefined : valuesAt(JSON.parse(answer.body), steps)[0];
    return value === undefined || value === null
      ? undefined
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** What stands between two texts, written `before…after`; no patterns run over what a server sent. */
function between(body: string, at: string): string | undefined {
  const [before = '', after = ''] = at.split('…');
  const from = body.indexOf(before);
  if (from < 0) return undefined;
  const start = from + before.length;
  const end = after === '' ? body.length : body.indexOf(after, start);
  return end < 0 ? undefined : body.slice(start, end).slice(0, 4000);
}

/** Cookies by origin, name and value only: enough for a sign-in and what follows. */
class Jar {
  cookies = new Map<string, Map<string, string>>();
  keep(url: string, answer: HttpAnswer): void {
    const own = this.cookies.get(hostOfUrl(url)) ?? new Map<string, string>();
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [name = '', ...value] = (line.split(';')[0] ?? '').split('=');
      if (name.trim() && own.size < 50) own.set(name.trim(), value.join('=').trim());
    }
    this.cookies.set(hostOfUrl(url), own);
  }
  header(url: string): string {
    return [...(this.cookies.get(hostOfUrl(url)) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

async function run(one: JourneySpec, look: Look): Promise<Outcome> {
  const values = { ...look.secrets };
  const jar = new Jar();
  const checked: Checked[] = [];
  const facts: Outcome['facts'] = {};
  let [ms, sample] = [0, ''];
  for (const [n, each] of one.steps.entries()) {
    const left = look.timeoutMs - ms;
    const where = nameOf(each, n);
    if (left <= 0) return { ...failed(ms, `${where}: no time was left for it`, facts), checked, sample };
    const call = callOf({ ...each, tls: one.tls, ca: '' }, values, left);
    const cookies = jar.header(each.url);
    if (cookies && !call.headers.cookie) call.headers.cookie = cookies;
    let answer: HttpAnswer;
    try {
      answer = await callHttp(call);
    } catch (error) {
      if (error instanceof CallFailed)
        return { ...failed(ms + error.ms, `${where}: ${error.message}`, facts), checked, sample };
      throw error;
    }
    ms += answer.ms;
    sample = answer.body;
    facts[`step_${n + 1}_ms`] = Math.round(answer.ms);
    const found = checkAll(each.assertions, answer).map((check) => ({ ...check, text: `${where}: ${check.text}` }));
    checked.push(...found);
    const reason = reasonOfChecks(found);
    if (reason) return { ...failed(ms, reason, facts), checked, sample };
    jar.keep(each.url, answer);
    for (const wanted of each.take) {
      const value = taken(wanted, answer);
      if (value === undefined)
        return {
          ...failed(
            ms,
            `${where}: “${wanted.name}” could not be taken, ${wanted.from} ${wanted.at} is not there`,
            facts,
          ),
          checked,
          sample,
        };
      values[wanted.name] = value;
    }
  }
  return { ok: true, ms, reason: '', facts, checked, sample };
}

function problemsOfStep(one: Step, n: number): FieldProblem[] {
  const path = `steps.${n}`;
  return [
    ...problemsOfUrl(one.url, `${path}.url`),
    ...problemsOfAssertions(one.assertions, `${path}.assertions`, SUBJECTS),
    ...one.take.flatMap((wanted, k) => {
      const steps = wanted.from === 'json' ? parsePath(wanted.at) : [];
      return typeof steps === 'string' ? [{ path: `${path}.take.${k}.at`, message: `Not a JSON path: ${steps}` }] : [];
    }),
  ];
}

export const journey: MonitorKind<JourneySpec> = {
  kind: 'journey',
  title: 'Journey (HTTP)',
  description:
    'Several requests in a row: sign in, search, put into the basket. Later steps use what earlier ones answered.',
  fields: [
    {
      name: 'steps',
      label: 'Steps',
      type: 'steps',
      subjects: [...SUBJECTS],
      help: 'A value taken from an answer is written {{name}} in later steps. Cookies are kept.',
    },
    { name: 'secrets', label: 'Secrets', type: 'secrets', advanced: true, help: 'Written as {{name}}. Kept sealed.' },
    {
      name: 'tls',
      label: 'Certificate',
      type: 'choice',
      advanced: true,
      choices: [
        { value: 'verify', label: 'Must be valid' },
        { value: 'ignore', label: 'Not checked (administrators only)' },
      ],
    },
  ],
  start: {
    steps: [{ name: '', url: '', method: 'GET', headers: [], body: '', assertions: [], take: [] }],
    tls: 'verify',
  },
  spec,
  check: (one) => one.steps.flatMap(problemsOfStep),
  target: (one) =>
    `${one.steps.length} ${one.steps.length === 1 ? 'step' : 'steps'} from ${(one.steps[0]?.url ?? '').replace(/^https?:\/\//, '')}`,
  goesTo: (one) => [...new Set(one.steps.map((each) => hostOfUrl(each.url))), one.tls],
  adminOnly: (one) => (one.tls === 'ignore' ? 'Only an administrator may leave a certificate unchecked' : undefined),
  run,
};
