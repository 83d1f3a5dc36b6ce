/** The quick tier of three promises with small numbers, so that every change is tried against kills and storms; `npm run faults` does more. */
import { expect, test } from 'vitest';
import { p2 } from './p2.ts';
import { p5 } from './p5.ts';
import { p11 } from './p11.ts';

const tier = { tier: 'quick', seed: Math.floor(Math.random() * 1e6) } as const;

test.runIf(process.platform === 'linux')(
  'P2: a node killed at two points of sending loses no page and repeats none for nothing',
  { timeout: 120_000 },
  async () => {
    const verdict = await p2(tier, 2);
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ pass: true });
  },
);

test.runIf(process.platform === 'linux')(
  'P5: an acknowledgement around the next step stops the paging, on two nodes, one of them killed',
  { timeout: 120_000 },
  async () => {
    const verdict = await p5(tier, 16);
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ pass: true });
  },
);

test.runIf(process.platform === 'linux')(
  'P11: a storm against a phone company of one message a second buries neither the first page nor the neighbours',
  { timeout: 120_000 },
  async () => {
    const verdict = await p11(tier, 300);
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ pass: true });
  },
);
