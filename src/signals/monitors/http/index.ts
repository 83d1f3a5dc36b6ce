/** HTTP: one request, and what is asked of its answer. */
import { checkUrl, Problem } from '#kernel';
import { z } from 'zod';
import { assertions, checkAll, problemsOfAssertions, SUBJECTS } from '../assert.ts';
import { failed, type FieldProblem, fill, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { CallFailed, callHttp, type HttpAnswer, type HttpCall } from './call.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export const headers = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'not the name of a header'),
      value: z.string().max(4000),
    }),
  )
  .max(40)
  .default([]);

const spec = z.strictObject({
  url: z.string().trim().min(1).max(2000),
  method: z.enum(METHODS).default('GET'),
  headers,
  body: z.string().max(20_000).default(''),
  assertions,
  tls: z.enum(['verify', 'ignore']).default('verify'),
  ca: z.string().max(20_000).default(''),
});
export type HttpSpec = z.infer<typeof spec>;

/** What is wrong with an address to call. Its host must be written out: a value put in could lead anywhere. */
export function problemsOfUrl(url: string, path: string): FieldProblem[] {
  const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  if (host.includes('{{'))
    return [{ path, message: 'The host is written out; only what follows it may hold {{names}}.' }];
  try {
    checkUrl(url.replaceAll(/\{\{[^}]*\}\}/g, 'x'));
    return [];
  } catch (error) {
    if (error instanceof Problem) return [{ path, message: error.errors?.[0]?.message ?? error.message }];
    throw error;
  }
}

/** `host:port` that an address leads to; '' when it is none. */
export function hostOfUrl(url: string): string {
  const text = url.replace(/^([a-z]+:\/\/[^/?#]*).*$/is, '$1');
  return URL.canParse(text) ? new URL(text).origin : '';
}

/** Values of headers may not carry line breaks, wherever they come from. */
const headerText = (text: string) => text.replaceAll(/[\r\n\0]+/g, ' ');

export const callOf = (
  one: Omit<HttpSpec, 'assertions'>,
  values: Record<string, string>,
  timeoutMs: number,
): HttpCall => ({
  url: fill(
    one.url,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)])),
  ),
  method: one.method,
  headers: Object.fromEntries(
    one.headers.map(({ name, value }) => [name.toLowerCase(), headerText(fill(value, values))]),
  ),
  body: fill(one.body, values),
  timeoutMs,
  tls: one.tls,
  ca: one.ca,
});

export const factsOf = (answer: HttpAnswer): Outcome['facts'] => ({
  status: answer.status,
  dns_ms: answer.dnsMs,
  connect_ms: answer.connectMs,
  ...(answer.tlsDays === undefined ? {} : { tls_ms: answer.tlsMs, tls_days: answer.tlsDays }),
  first_byte_ms: answer.firstByteMs,
});

/** The first thing that does not hold, in words. */
export const reasonOfChecks = (checked: { text: string; ok: boolean; actual: string }[]): string => {
  const bad = checked.find((one) => !one.ok);
  return bad ? `${bad.text}: it was ${bad.actual}` : '';
};

async function run(one: HttpSpec, look: Look): Promise<Outcome> {
  try {
    const answer = await callHttp(callOf(one, look.secrets, look.timeoutMs));
    const checked = checkAll(one.assertions, answer);
    return {
      ok: checked.every((each) => each.ok),
      ms: answer.ms,
      reason: reasonOfChecks(checked),
      facts: factsOf(answer),
      checked,
      sample: answer.body,
    };
  } catch (error) {
    if (error instanceof CallFailed) return failed(error.ms, error.message, error.facts);
    throw error;
  }
}

export const http: MonitorKind<HttpSpec> = {
  kind: 'http',
  title: 'HTTP',
  description: 'Calls an address and looks at what comes back: status, body, JSON, headers, time, certificate.',
  fields: [
    { name: 'url', label: 'Address', type: 'url', required: true, placeholder: 'https://shop.example/health' },
    {
      name: 'method',
      label: 'Method',
      type: 'choice',
      choices: METHODS.map((value) => ({ value, label: value })),
    },
    {
      name: 'assertions',
      label: 'What must hold',
      type: 'assertions',
      subjects: [...SUBJECTS],
      help: 'Without one about the status, 200 to 299 is expected. A redirect is an answer and is not followed.',
    },
    { name: 'headers', label: 'Headers', type: 'pairs', advanced: true },
    { name: 'body', label: 'Body', type: 'long', advanced: true },
    {
      name: 'secrets',
      label: 'Secrets',
      type: 'secrets',
      advanced: true,
      help: 'Written as {{name}} in address, headers and body. Kept sealed.',
    },
    {
      name: 'ca',
      label: 'Authority of your own',
      type: 'code',
      advanced: true,
      help: 'PEM of the certificate that signed the server’s.',
    },
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
  start: { url: '', method: 'GET', headers: [], body: '', assertions: [], tls: 'verify', ca: '' },
  spec,
  check: (one) => [
    ...problemsOfUrl(one.url, 'url'),
    ...problemsOfAssertions(one.assertions, 'assertions', SUBJECTS),
    ...problemsOfCa(one.ca),
  ],
  target: (one) => one.url.replace(/^https?:\/\//, ''),
  goesTo: (one) => [hostOfUrl(one.url), one.tls],
  adminOnly: (one) => (one.tls === 'ignore' ? 'Only an administrator may leave a certificate unchecked' : undefined),
  run,
};

/** What is wrong with a PEM. */
export const problemsOfCa = (ca: string): FieldProblem[] =>
  ca.trim() === '' || /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(ca)
    ? []
    : [{ path: 'ca', message: 'A certificate in PEM: -----BEGIN CERTIFICATE----- …' }];
