/** Every audience's words come from one revision: short ones keep what matters, and none knows more than another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { updateFields, type UpdateFields } from '../lint/index.ts';
import { publicFields } from '../statuspage/read.ts';
import type { PublicUpdate } from '../statuspage/snapshot.ts';
import { factsHash } from './model.ts';
import { AUDIENCES, cut, MOST, variantOf } from './variants.ts';

const link = 'https://status.orchardline.example/status/incidents/abcdefghijkl';
const frame = { page: { name: 'Orchardline status', supportContact: 'support@orchardline.example' }, link };
const fields: UpdateFields = {
  ...updateFields.parse({}),
  headline: 'Card payments are slow or do not complete',
  impact: 'Since 09:12 UTC about 1 in 5 card payments takes over 30 seconds. Sign-in works as usual.',
  known: ['The delay is in the card payment step.'],
  unknown: ['How long it will last.'],
  doing: ['We limit repeat attempts.'],
  customerActions: ['You do not need to pay again.'],
  dataImpact: { state: 'under_investigation', sentence: 'We are checking each open payment.', evidence: 'inside only' },
  nextUpdateBy: '2026-11-24T09:45:00.000Z',
  variants: {
    workaround: 'Take payments by invoice.',
    criticalContact: 'Your named manager',
    money: 'about 3,000 an hour',
  },
};
const update = (more: Partial<UpdateFields> = {}): PublicUpdate => ({
  id: 'rev_1',
  kind: 'initial',
  status: 'investigating',
  fields: publicFields({ ...fields, ...more }, new Map()),
  publishedAt: new Date('2026-11-24T09:20:00Z'),
  editedAt: null,
  automatic: false,
  correctionReason: null,
  variants: { ...fields, ...more }.variants,
  earlier: [],
});

describe('variants', () => {
  it('short ones keep impact, action, next time and link, within their length', () => {
    const social = variantOf('social', update(), frame);
    for (const words of [
      'about 1 in 5 card payments',
      'You do not need to pay again.',
      'Next update by 09:45 UTC',
      link,
    ])
      expect(social).toContain(words);
    expect([...social].length).toBeLessThanOrEqual(280);
    const banner = variantOf('banner', update(), frame);
    expect([...banner].length).toBeLessThanOrEqual(140);
    expect(banner).toContain('Card payments are slow');
    expect(banner).toContain(link);
  });

  it('whatever is written, the link and the next time stay whole and nothing is too long (property)', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 700 });
    fc.assert(
      fc.property(text, text, text, (headline, impact, action) => {
        for (const audience of ['social', 'sms', 'banner'] as const) {
          const words = variantOf(audience, update({ headline, impact, customerActions: [action] }), frame);
          expect([...words].length).toBeLessThanOrEqual(MOST[audience] as number);
          expect(words.endsWith(link)).toBe(true);
          if (audience !== 'banner') expect(words).toContain('Next update by 09:45 UTC');
        }
      }),
      { numRuns: 200 },
    );
    expect(cut('a long line of words', 12)).toBe('a long line…');
  });

  it('what stays inside is in none of them; what is for one audience is in no other', () => {
    for (const audience of AUDIENCES) {
      const words = variantOf(audience, update(), frame);
      expect(words, audience).not.toContain('inside only');
      expect(words.includes('Take payments by invoice.'), audience).toBe(audience === 'critical');
      expect(words.includes('3,000 an hour'), audience).toBe(audience === 'executive');
    }
    const brief = variantOf('executive', update(), {
      ...frame,
      inside: {
        key: 'INC-7',
        severity: 1,
        customers: 38,
        pctRequests: 20,
        decision: null,
        nextBrief: '2026-11-24T10:15:00Z',
      },
    });
    expect(brief).toContain('38 customers, 20 % of requests');
    expect(brief).toContain('Next brief by 10:15 UTC.');
    expect(variantOf('support', update(), frame)).toContain('Do not say');
  });

  it('one revision has one facts hash, and any public change of words changes it (property)', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.constantFrom('headline', 'impact', 'protection', 'apology'),
        (words, key) => {
          const changed = { ...fields, [key]: `${fields[key as 'headline']}${words}` };
          expect(factsHash(changed)).not.toBe(factsHash(fields));
          expect(factsHash(structuredClone(fields))).toBe(factsHash(fields));
          // What only we see is not part of what was said.
          expect(factsHash({ ...fields, recurrenceReason: words, supplierPublished: words })).toBe(factsHash(fields));
        },
      ),
    );
  });
});
