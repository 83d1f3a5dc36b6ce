/** The rules that look at a message as a whole: one that each must mark and one it must let pass; and the sentence everybody knows. */
import { describe, expect, it } from 'vitest';
import {
  activeShare,
  applySuggestion,
  gradeOf,
  lintMessage,
  lintText,
  syllables,
  type UpdateFields,
  updateFields,
} from './index.ts';

const whole: UpdateFields = {
  ...updateFields.parse({}),
  headline: 'Card payments are slow',
  impact: 'Since 09:12 UTC about 1 in 5 card payments takes over 30 seconds. Sign-in works as usual.',
  known: ['The delay is in the card payment step.'],
  unknown: ['How long it will last.'],
  doing: ['We limit repeat attempts to protect you from double charges.'],
  customerActions: ['You do not need to pay again.'],
  dataImpact: { state: 'under_investigation', sentence: 'We are checking each open payment.', evidence: '' },
  nextUpdateBy: '2026-11-23T09:45:00Z',
  componentStates: { cmp_a: 'partial_outage' },
};
const context = {
  audience: 'public' as const,
  kind: 'update' as const,
  phase: 'containment',
  severity: 2,
  declaredAt: new Date('2026-11-23T08:00:00Z'),
  now: new Date('2026-11-23T09:25:00Z'),
  longestSeconds: 1800,
};
type Context = Partial<Parameters<typeof lintMessage>[1]>;
const rules = (change: Partial<UpdateFields> = {}, more: Context = {}) => [
  ...new Set(lintMessage({ ...whole, ...change }, { ...context, ...more }).findings.map(({ rule }) => rule)),
];

const HARD =
  'Notwithstanding comprehensive investigations of interdependent infrastructural components, the authoritative determination of responsibility remains unsatisfactorily inconclusive. Additional organisational communications regarding compensation eligibility necessitate individual verification procedures.';
const PASSIVE = [
  'It was found at noon. It is being checked now. The step was paused. Orders are held back. A list is kept.',
];
const over = { kind: 'resolution' as const, phase: 'restored' };
const sorry = 'We are sorry that your deliveries were late.';
const earlier = (...publicIds: (string | null)[]) => ({
  recurrence: { earlier: publicIds.map((publicId, n) => ({ id: `inc_${n}`, publicId })), done: 0 },
});

/** rule: [what must be marked, in which context], [what must pass, in which context] */
const fixtures: [string, [Partial<UpdateFields>, Context?], [Partial<UpdateFields>, Context?]][] = [
  [
    'S5',
    [{ impact: '3 payments failed. We are looking into it.', apology: sorry }, over],
    [{ impact: '3 payments failed from 09:12 to 09:30 UTC.', apology: sorry }, over],
  ],
  [
    'S7',
    [{}, { previous: { ...whole, unknown: ['Whether orders are lost.'] } }],
    [
      { settled: [{ unknown: 'Whether orders are lost.', how: 'answered', answer: 'No order is missing.' }] },
      { previous: { ...whole, unknown: ['Whether orders are lost.'] } },
    ],
  ],
  ['S8', [{ doing: [HARD] }], [{ doing: ['We check each order by hand and write to you if one is missing.'] }]],
  [
    'S9',
    [{ doing: PASSIVE, impact: '1 in 5.', known: [], unknown: ['x.'] }],
    [{ doing: ['We check it. We wait for the test. We count the orders. We write to you.'] }],
  ],
  ['S10', [{ apology: 'We are very sorry for this.' }], [{ apology: sorry }]],
  [
    'S11',
    [{ customerActions: ['Patience.'] }],
    [{ customerActions: ['Wait until 10:00 UTC before you send it again.'] }],
  ],
  [
    'S12',
    [{ impact: 'About 1 in 50 card payments fails.' }, { record: { pctRequests: 20, customers: null, stage: null } }],
    [{}, { record: { pctRequests: 21, customers: null, stage: null } }],
  ],
  [
    'S12',
    [{ doing: ['Step 3 of 5 is running.'] }, { record: { pctRequests: null, customers: null, stage: { k: 2, n: 5 } } }],
    [{ doing: ['Step 2 of 5 is running.'] }, { record: { pctRequests: null, customers: null, stage: { k: 2, n: 5 } } }],
  ],
  [
    'S13',
    [{ variants: { workaround: 'Use the fax for up to 400 orders.' } }],
    [{ variants: { workaround: 'Wait 30 seconds for an answer.' } }],
  ],
  [
    'S14',
    [
      { doing: ['We close the admin console.'] },
      { incidentKind: 'security', lists: { securityTerms: ['admin console'] } },
    ],
    [
      { doing: ['We close the admin console.'] },
      { incidentKind: 'security', phase: 'recovery', lists: { securityTerms: ['admin console'] } },
    ],
  ],
  [
    'R1',
    [{}, earlier('abc')],
    [{ recurrence: { text: 'A similar event happened on 4 March.', refs: ['abc'] } }, earlier('abc')],
  ],
  ['R2', [{}, earlier('abc', 'def')], [{ recurrenceReason: 'another effect altogether' }, earlier('abc', 'def')]],
  [
    'R3',
    [{ recurrence: { text: 'This has happened before.', refs: ['abc'] } }, earlier('abc')],
    [{ recurrence: { text: 'It happened on 4 March.', refs: ['abc'] } }, earlier('abc')],
  ],
  [
    'R4',
    [{ recurrence: { text: 'It happened on 4 March.', refs: ['xyz'] } }, earlier('abc', null)],
    [{ recurrence: { text: 'It happened on 4 March.', refs: ['abc'] } }, earlier('abc', null)],
  ],
  [
    'R4',
    [{ recurrence: { text: 'It happened on 4 March. Since then we added a route.', refs: ['abc'] } }, earlier('abc')],
    [
      { recurrence: { text: 'It happened on 4 March. Since then we added a route.', refs: ['abc'] } },
      { recurrence: { ...earlier('abc').recurrence, done: 1 } },
    ],
  ],
  [
    'EXP',
    [{ expectation: { text: 'About 1 in 5 requests does not go through.', asOf: '2026-11-23T09:10:00Z' } }],
    [{ expectation: { text: 'About 1 in 5 requests does not go through.', asOf: '2026-11-23T09:20:00Z' } }],
  ],
  ['CAD', [{}, { unchanged: 2 }], [{ changedSince: 'We tried the second route; it did not help.' }, { unchanged: 2 }]],
  [
    'J5',
    [{ doing: ['We restart Falcon.'] }, { lists: { internalNames: ['Falcon'] } }],
    [{ doing: ['We restart Falcon.'] }, {}],
  ],
];

describe('the rules of structure, consistency and recurrence', () => {
  it.each(fixtures)('%s has a message it marks and one it lets pass', (rule, [hit, hitIn], [pass, passIn]) => {
    expect(rules(hit, hitIn)).toContain(rule);
    expect(rules(pass, passIn)).not.toContain(rule);
  });

  it('readability is the grade of Kincaid et al. 1975, and texts too short to tell have none', () => {
    expect(['fix', 'orders', 'payment', 'investigation', 'table', 'limited'].map(syllables)).toEqual([
      1, 2, 2, 5, 2, 3,
    ]);
    expect(gradeOf(['Short.'])).toBeNull();
    const plain = Array.from({ length: 6 }, () => 'We check each card and write to you soon.').join(' ');
    expect(gradeOf([plain])).toBeLessThan(4);
    expect(gradeOf([HARD])).toBeGreaterThan(15);
    expect(activeShare(PASSIVE)).toBeLessThan(0.3);
  });
});

describe('profiles', () => {
  const marks = (text: string, audience: 'public' | 'developer' | 'executive' | 'partner' | 'internal') =>
    lintText(text, { audience }).map(({ rule }) => rule);
  it('developers may read of latency, the public may not; nobody reads a promise; inside only secrets and promises stop it', () => {
    expect(marks('Latency is high; retry on 503.', 'developer')).toEqual([]);
    expect(marks('Latency is high; retry on 503.', 'public')).toEqual(['J3', 'J1']);
    expect(marks('Ticket INC-42 of Tuesday.', 'executive')).not.toContain('P8');
    for (const audience of ['public', 'developer', 'executive', 'partner', 'internal'] as const)
      expect(marks('It will be fixed by 3 pm.', audience)).toEqual(['O1']);
  });
});

describe('the sentence everybody writes once', () => {
  it('gets four findings, each with its reason, and is mended by their replacements alone', () => {
    const lint = (text: string) =>
      lintText(text, {
        audience: 'public',
        phase: 'detection',
        componentStates: ['partial_outage'],
        dataImpact: 'under_investigation',
        lists: { thirdPartyNames: ['PayBridge'] },
        next: '14:30 UTC',
        what: 'Card payments',
      });
    let text = 'PayBridge outage. It will be fixed by noon. Sorry for the inconvenience.';
    const found = lint(text);
    expect(found.map(({ rule }) => rule)).toEqual(['B5', 'T3', 'O1', 'T1']);
    expect(found.every(({ reason, suggestion }) => reason.length > 5 && suggestion?.replaces)).toBe(true);
    for (let next = lint(text)[0]; next; next = lint(text)[0]) text = applySuggestion(text, next);
    expect(text).toBe(
      'Our service does not work as usual. It is being worked on, and we will say more by 14:30 UTC. Sorry for the trouble this gives you: Card payments do not work as usual.',
    );
  });
});
