/** Each lint rule has a sentence it must mark and one it must let pass; whole sample messages pass in their context. */
import { describe, expect, it } from 'vitest';
import {
  applySuggestion,
  iban,
  type LintContext,
  lintMessage,
  lintText,
  luhn,
  missingFields,
  patternRules,
  updateFields,
} from './index.ts';

const lists = {
  thirdPartyNames: ['PayBridge'],
  directoryNames: ['Ines Varga'],
  customerNames: ['Nordkost'],
  publicHosts: ['status.orchardline.example', 'orchardline.example'],
  supportContacts: ['support@orchardline.example', '+44 20 7946 0000'],
};
const context: LintContext = {
  audience: 'public',
  phase: 'detection',
  dataImpact: 'under_investigation',
  componentStates: ['partial_outage'],
  lists,
};

/** rule: [must be marked, must pass] */
const fixtures: Record<string, [string, string]> = {
  J1: ['We see 503 errors on checkout.', 'About 500 customers are affected.'],
  J2: ['The p99 is high.', 'The page 99 is missing.'],
  J3: ['Latency in the Kubernetes cluster rose.', 'Pages answer slowly.'],
  J4: ['This is a SEV1 and we are mitigating.', 'We are limiting the harm.'],
  J5: ['orders-db-01 does not answer.', 'The order store does not answer.'],
  J6: ['Users are impacted.', 'People are affected.'],
  J7: ['Some issues with intermittent errors.', 'About 1 in 20 orders does not go through.'],
  J8: ['The ETL is late.', 'The API and your PDF files work, times in UTC.'],
  O1: ['It will be fixed by 3 pm.', 'We expect to finish the last step between 14:30 and 15:30 UTC.'],
  O2: ['This will never happen again.', 'We changed how payments are checked.'],
  O3: ['We will be back shortly.', 'We will write by 14:30 UTC.'],
  O4: ['No customer data was lost.', 'We are checking 214 payments.'],
  O5: ['All systems are operational.', 'Sign-in works as usual.'],
  O6: ['This is obviously the cause.', 'The tests point to the payment step.'],
  B1: ['The cause was human error.', 'The check did not catch the wrong value.'],
  B2: ['One of our engineers accidentally deleted a table.', 'A table was removed by a routine task.'],
  B3: ['We should have noticed earlier.', 'We noticed after 12 minutes.'],
  B4: ['The team failed to look.', 'The alarm was quiet.'],
  B5: ['This was caused by our vendor.', 'The slow part is a service we rely on for card payments.'],
  P1: ['Write to ines@orchardline.example.', 'Write to support@orchardline.example.'],
  P2: ['Call +44 20 7946 0958.', 'Since 2026-11-23 09:12 UTC.'],
  P3: ['The host 10.20.30.40 is down.', 'Version 10.2 of the app works.'],
  P4: ['Use token: abcdef123456 for now.', 'The token page works.'],
  P5: ['Card 4111 1111 1111 1111 was charged.', 'Order list 4111 1111 1111 1112 shown twice.'],
  P6: ['Refund to GB82 WEST 1234 5698 7654 32.', 'Form GB82 WEST 1234 5698 7654 33 is fine.'],
  P7: ['Ask Ines Varga about Nordkost.', 'Ask our support team.'],
  P8: ['See ticket INC-4242.', 'See the list of orders.'],
  P9: ['See https://wiki.corp.example/x.', 'See https://status.orchardline.example/i/42.'],
  T1: ['Sorry for any inconvenience.', 'We are sorry that your deliveries were late.'],
  T2: ['We take security very seriously.', 'We changed the sign-in check.'],
  T3: ['There is an outage.', 'Orders cannot be sent.'],
  T4: ['It works again!', 'It works again.'],
  T5: ['It has been determined that it was slow.', 'We found that it was slow.'],
};

/** Sample messages of the specification (domain 5.8): good ones, so nothing may be marked. */
const samples: [string, Partial<LintContext>, string][] = [
  [
    'initial',
    {},
    'Card payments are slow or do not complete. Since 09:12 UTC about 1 in 5 card payments on the checkout page takes over 30 seconds or does not complete. Sign-in, catalogue and order history work as usual. We know: the delay is in the card payment step. We do not know yet: how long it will last, and whether some payments need to be checked. We are doing: we have limited repeat attempts to protect you from double charges. We are testing a second payment route. What you can do: you do not need to pay again; orders you see as “confirmed” are safe. We are sorry: we know your kitchens plan the day around these orders. Next update by 09:45 UTC, or earlier if something changes. Contact: support@orchardline.example.',
  ],
  [
    'contain',
    {
      phase: 'containment',
      componentStates: ['degraded_performance'],
      dataImpact: 'delayed',
    },
    'Orders go through again; cards are charged later. Since 09:31 UTC orders are confirmed at once and each card is charged once, later today. About 1 in 50 orders still needs a second try. We know: the slow part is a service we rely on for card payments. Keeping orders moving when that happens is our job. We do not know yet: when the normal payment step can come back. We are doing: sending part of the payments over a second route. Your data: 214 payments have an open result and we are checking each one. What you can do: nothing, unless we write to you. Next update by 10:15 UTC.',
  ],
  [
    'recover',
    {
      phase: 'recovery',
      componentStates: ['degraded_performance'],
      dataImpact: 'delayed',
    },
    'Half of card payments are back on the normal route. We bring payments back in five steps and check each step for at least 10 minutes. Step 3 of 5 is running and its checks pass. Remaining risk: if the checks do not pass we go one step back; your orders are kept either way. We expect to finish the last step between 11:30 and 12:30 UTC. This range is based on the first two steps; we will confirm it in the next update. Next update by 11:00 UTC.',
  ],
  [
    'resolve',
    {
      phase: 'restored',
      componentStates: ['operational'],
      dataImpact: 'none_verified',
    },
    'Card payments work normally. From 09:12 to 09:31 UTC about 1 in 5 card payments was slow or did not complete. From then until 12:05 UTC orders were confirmed and cards were charged later. All 214 open payments are checked. 209 were charged once; for 5 the buyer has a new payment link. No order was lost and no card was charged twice. A similar event happened on 4 March. Since then we added the second payment route. This time orders were affected for 19 minutes, compared with 94. We will publish a full report within 5 working days. We are sorry for the disturbed morning. Questions: support@orchardline.example.',
  ],
  [
    'social',
    {},
    'Since 09:12 UTC about 1 in 5 card payments is slow or does not complete. You do not need to pay again. Next update by 09:45 UTC: https://status.orchardline.example/i/42',
  ],
  [
    'exec',
    { audience: 'executive', phase: 'containment' },
    'Card payments degraded since 09:12 UTC. 38 of 310 customers affected at peak, about 1,900 orders delayed, none lost so far. Orders are accepted again since 09:31; charging happens later today. Decision needed from you: none. Next risk: settlement check at 11:00 UTC. Regulatory clock: not started. Next brief 10:15 UTC.',
  ],
];

const rulesOf = (text: string, more: Partial<LintContext> = {}) =>
  lintText(text, { ...context, ...more }).map(({ rule }) => rule);

describe('pattern rules', () => {
  it('every rule has a sentence it marks and one it lets pass', () => {
    expect(Object.keys(fixtures).sort()).toEqual(patternRules.map(({ id }) => id).sort());
    for (const [rule, [hit, pass]] of Object.entries(fixtures)) {
      expect(rulesOf(hit), `${rule} must mark “${hit}”`).toContain(rule);
      expect(rulesOf(pass), `${rule} must let “${pass}” pass`).not.toContain(rule);
    }
  });

  it('“will be fixed by 3 pm” is blocked as a promise; a range with its basis passes', () => {
    const found = lintText('Orders will be fixed by 3 pm.', context).filter(({ level }) => level === 'error');
    expect(found.map(({ rule, from, to }) => ({ rule, from, to }))).toEqual([{ rule: 'O1', from: 7, to: 25 }]);
    expect(found[0]?.suggestion?.text).toContain('range');
    expect(
      rulesOf('We expect to finish between 14:30 and 15:30 UTC. This range is based on the first two steps.'),
    ).toEqual([]);
  });

  it('the sample messages pass in their context', () => {
    for (const [name, more, text] of samples) expect(rulesOf(text, more), name).toEqual([]);
  });

  it('what a message may say depends on what it has shown', () => {
    expect(rulesOf('No order was lost.', { dataImpact: 'none_verified' })).toEqual([]);
    expect(rulesOf('Payments are back to normal.', { phase: 'restored' })).toEqual([]);
    expect(rulesOf('There is an outage.', { componentStates: ['major_outage'] })).not.toContain('T3');
    expect(rulesOf('Latency is high.', { audience: 'developer' })).not.toContain('J3');
  });

  it('a secret is marked without being repeated, also by other rules on the same place', () => {
    const found = lintText('Card 4111 1111 1111 1111 was charged.', context);
    expect(found.map(({ rule }) => rule)).toContain('P5');
    expect(found.map(({ words }) => words)).not.toContain('4111 1111 1111 1111');
    expect(JSON.stringify(found)).not.toContain('4111');
  });

  it('a suggestion takes the place of the marked words, with the time of the next update', () => {
    const text = 'Latency is high. Back shortly.';
    const [latency, shortly] = lintText(text, {
      ...context,
      next: '14:30 UTC',
    }).filter(({ suggestion }) => suggestion?.replaces);
    expect(applySuggestion(text, shortly!)).toBe('Latency is high. Back by 14:30 UTC.');
    expect(applySuggestion(text, latency!)).toBe('Slow responses is high. Back shortly.');
  });

  it('check digits tell a card or an account from a row of figures', () => {
    expect([luhn('4111 1111 1111 1111'), luhn('4111 1111 1111 1112')]).toEqual([true, false]);
    expect([iban('GB82 WEST 1234 5698 7654 32'), iban('GB82 WEST 1234 5698 7654 33')]).toEqual([true, false]);
  });

  it('5,000 hostile characters are read within a second, and what lies beyond is marked', () => {
    const units = [
      'a',
      '1 ',
      'a-',
      '1-',
      'no ',
      'will be ',
      'GB82WEST',
      'A1',
      'aaaa.',
      'had a ',
      'due to the ',
      '0:',
      'password: ',
      '!',
      '👩‍👩‍👧',
      '\u0301',
      'order #',
    ];
    for (const unit of units) {
      const started = performance.now();
      lintText(unit.repeat(Math.ceil(5000 / unit.length)), context);
      expect(performance.now() - started, unit).toBeLessThan(1000);
    }
    expect(rulesOf(`${'word '.repeat(1001)}`)).toEqual(['LEN']);
  });

  it('words of the installation are words, never patterns', () => {
    expect(rulesOf('aaaa', { lists: { directoryNames: ['a+', '.*', '('] } })).toEqual([]);
    expect(
      rulesOf('We asked C++ (Berlin).', {
        lists: { directoryNames: ['C++ (Berlin)'] },
      }),
    ).toContain('P7');
  });
});

const now = new Date('2026-11-23T09:20:00Z');
const structure = {
  kind: 'update' as const,
  audience: 'public' as const,
  now,
  phase: 'containment',
  severity: 2,
  declaredAt: new Date('2026-11-23T08:00:00Z'),
  longestSeconds: 1800,
  lists,
};
const whole = updateFields.parse({
  headline: 'Card payments are slow or do not complete',
  impact: 'Since 09:12 UTC about 1 in 5 card payments takes over 30 seconds. Sign-in works as usual.',
  known: ['The delay is in the card payment step.'],
  unknown: ['How long it will last.'],
  doing: ['We limit repeat attempts to protect you from double charges.'],
  protection: 'A payment that takes too long is not tried again.',
  customerActions: ['You do not need to pay again.'],
  dataImpact: {
    state: 'under_investigation',
    sentence: 'We are checking each open payment.',
  },
  nextUpdateBy: '2026-11-23T09:45:00Z',
  componentStates: { cmp_a: 'partial_outage' },
});
const found = (change: Partial<typeof whole>, more: object = {}) =>
  lintMessage({ ...whole, ...change }, { ...structure, ...more }).findings.map(({ rule }) => rule);

describe('structure rules', () => {
  it('a whole message passes without a mark', () => {
    expect(lintMessage(whole, structure)).toEqual({
      missing: [],
      findings: [],
      errors: [],
      secrets: [],
    });
  });

  it('S1 names each field that is missing; a resolution needs no next time', () => {
    const missing = missingFields(updateFields.parse({}), 'update').map(({ path }) => path);
    expect(missing).toEqual([
      'headline',
      'impact',
      'customerActions',
      'dataImpact',
      'nextUpdateBy',
      'known',
      'unknown',
      'doing',
    ]);
    expect(missingFields({ ...whole, nextUpdateBy: null, known: [], unknown: [], doing: [] }, 'resolution')).toEqual(
      [],
    );
    expect(
      missingFields(
        {
          ...whole,
          customerActions: 'none',
          unknown: [],
          nothingUnknown: true,
        },
        'update',
      ),
    ).toEqual([]);
    const none = {
      state: 'none_verified' as const,
      sentence: 'No order was lost.',
      evidence: '',
    };
    expect(missingFields({ ...whole, dataImpact: none }, 'update').map(({ path }) => path)).toEqual([
      'dataImpact.evidence',
    ]);
  });

  it('from containment on a SEV1 or SEV2 has to say how customers are protected', () => {
    const paths = (severity: number, phase: string, kind: 'update' | 'resolution' = 'update') =>
      missingFields({ ...whole, protection: '' }, kind, { severity, phase }).map(({ path }) => path);
    for (const phase of ['containment', 'eradication', 'recovery', 'verification'])
      for (const severity of [1, 2]) expect(paths(severity, phase)).toEqual(['protection']);
    expect(paths(1, 'detection')).toEqual([]);
    expect(paths(3, 'containment')).toEqual([]);
    expect(paths(1, 'restored', 'resolution')).toEqual([]);
    expect(missingFields({ ...whole, protection: 'Paused.' }, 'update', { severity: 1, phase: 'recovery' })).toEqual(
      [],
    );
  });
  it('a recovery or resolution text without a specific acknowledgement is flagged, and so are stock phrases', () => {
    const marks = (apology: string, phase: string, kind: 'update' | 'resolution' = 'update') =>
      lintMessage({ ...whole, apology }, { ...structure, phase, kind }).findings.filter(
        ({ field }) => field === 'apology',
      );
    expect(marks('', 'recovery')).toMatchObject([{ rule: 'S10' }]);
    expect(marks('', 'restored', 'resolution')).toMatchObject([{ rule: 'S10' }]);
    expect(marks('', 'containment')).toEqual([]);
    expect(marks('We are sorry: your deliveries were late this morning.', 'recovery')).toEqual([]);
    for (const phrase of [
      'Sorry for any inconvenience.',
      'Thank you for your patience.',
      'We take your trust very seriously.',
    ])
      expect(
        marks(phrase, 'recovery').map(({ rule }) => rule[0]),
        phrase,
      ).toContain('T');
  });
  it('S2 wants the next update in the future and within policy', () => {
    expect(found({ nextUpdateBy: '2026-11-23T09:20:00Z' })).toEqual(['S2']);
    expect(found({ nextUpdateBy: '2026-11-23T10:20:00Z' })).toEqual(['S2']);
    expect(found({ nextUpdateBy: '2026-11-23T09:50:00Z' })).toEqual([]);
  });

  it('S3 wants to know how many', () => {
    expect(found({ impact: 'Since 09:12 UTC payments take long.' })).toEqual(['S3']);
    expect(found({ impact: 'Payments take long. We do not know yet how many.' })).toEqual([]);
  });

  it('S4 wants a zone behind a time', () => {
    expect(found({ doing: ['We test since 09:30.'] })).toEqual(['S4']);
    expect(found({ doing: ['We test from 09:30 to 10:00 UTC.'] })).toEqual([]);
  });

  it('S5 refuses a resolution before the service is restored', () => {
    expect(found({}, { kind: 'resolution' })).toContain('S5');
    expect(
      found(
        { componentStates: { cmp_a: 'operational' }, apology: 'We are sorry for the disturbed morning.' },
        { kind: 'resolution', phase: 'restored' },
      ),
    ).toEqual([]);
  });

  it('S6 wants an estimate as a range with basis and time of confirmation, and none in the first hour', () => {
    const estimate = {
      from: '2026-11-23T10:00:00Z',
      to: '2026-11-23T11:00:00Z',
      basis: 'the first two steps',
      measured: false,
      confirmAt: '2026-11-23T09:45:00Z',
    };
    expect(found({ estimate })).toEqual([]);
    expect(found({ estimate: { ...estimate, to: estimate.from } })).toEqual(['S6']);
    expect(found({ estimate: { ...estimate, basis: '' } })).toEqual(['S6']);
    expect(found({ estimate }, { declaredAt: new Date('2026-11-23T09:00:00Z') })).toEqual(['S6']);
    expect(
      found({ estimate: { ...estimate, measured: true } }, { declaredAt: new Date('2026-11-23T09:00:00Z') }),
    ).toEqual([]);
  });

  it('S7, S8, S10 and C4 show what a reader would stumble over', () => {
    expect(
      found(
        {},
        {
          previous: { ...whole, unknown: ['Whether cards are charged twice.'] },
        },
      ),
    ).toEqual(['S7']);
    expect(found({ impact: `1 ${'word '.repeat(30)}` })).toEqual(['S8']);
    expect(found({ apology: 'We are sorry for the late orders, but it was rare.' })).toEqual(['S10']);
    expect(found({ componentStates: { cmp_a: 'operational' } })).toEqual(['C4']);
  });
});
