/** How long the message check takes for an update of 1,200 characters, as one types. Promised: 30 ms, so that it runs at every key. */
import { lintMessage, updateFields } from '../contract/comms-lint/index.ts';
import { report, spread } from './lib.ts';

const LIMIT_MS = 30;
const ROUNDS = 400;

const sentence =
  'Since 09:12 UTC about 1 in 5 card payments on the checkout page takes over 30 seconds or does not complete. ';
const hostile = 'We will be a-b-c-d-e-f-1 fixed 12 34 56 78 90 12 3 or so, the the the latency of our vendor x@y ';
const fieldsOf = (text: string) => ({
  ...updateFields.parse({}),
  headline: 'Card payments are slow or do not complete',
  impact: text.slice(0, 500),
  known: [text.slice(0, 150)],
  unknown: ['How long it will last.'],
  doing: [text.slice(0, 250), text.slice(0, 150)],
  customerActions: ['You do not need to pay again.'],
  dataImpact: { state: 'under_investigation' as const, sentence: 'We are checking each open payment.', evidence: '' },
  nextUpdateBy: '2026-11-23T09:45:00Z',
});
const words = (n: number, stem: string) => Array.from({ length: n }, (_, i) => `${stem}${i}`);
const context = {
  audience: 'public' as const,
  kind: 'update' as const,
  phase: 'containment',
  severity: 1,
  declaredAt: new Date('2026-11-23T08:00:00Z'),
  now: new Date('2026-11-23T09:25:00Z'),
  longestSeconds: 1800,
  lists: {
    thirdPartyNames: words(100, 'Supplier '),
    directoryNames: words(300, 'Person Number '),
    customerNames: words(500, 'Customer Name '),
    publicHosts: ['status.example.com'],
    supportContacts: ['support@example.com'],
    internalNames: words(200, 'host'),
    securityTerms: words(50, 'term '),
  },
};

function measure(text: string): { ms: ReturnType<typeof spread>; characters: number; findings: number } {
  const fields = fieldsOf(text);
  const characters = JSON.stringify([
    fields.impact,
    fields.known,
    fields.doing,
    fields.unknown,
    fields.customerActions,
    fields.headline,
  ]).length;
  for (let n = 0; n < 50; n++) lintMessage(fields, context);
  const times: number[] = [];
  let findings = 0;
  for (let n = 0; n < ROUNDS; n++) {
    const from = performance.now();
    findings = lintMessage(fields, context).findings.length;
    times.push(performance.now() - from);
  }
  return { ms: spread(times), characters, findings };
}

const plain = measure(sentence.repeat(20));
const bad = measure(hostile.repeat(20));
report({
  bench: 'lint',
  ours: { plain, hostile: bad, words: 1150 },
  peer: { limitMs: LIMIT_MS, at: 'p99' },
  ratio: Math.max(plain.ms.p99, bad.ms.p99) / LIMIT_MS,
  pass: plain.ms.p99 < LIMIT_MS && bad.ms.p99 < LIMIT_MS,
});
