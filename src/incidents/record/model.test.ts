/** The chain of the record, the secrets it refuses, and the minutes it counts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainHash } from '#kernel';
import { customerImpactMinutes } from '../measures.ts';
import { type ChainedEntry, GENESIS, type HashedEntry, secretIn, storable, verifyChain } from './model.ts';

const hashOf = (previous: string, entry: HashedEntry) => chainHash(previous, entry);
const entry = (seq: number, text: string): HashedEntry => ({
  incidentId: 'inc_1',
  seq,
  occurredAt: '2026-03-01T12:00:00.000Z',
  recordedAt: '2026-03-01T12:00:00.000Z',
  actor: { kind: 'user', id: 'usr_1', name: 'Ada' },
  kind: 'note',
  text,
  refs: [],
  classification: 'internal',
  corrects: null,
  exercise: false,
});

function chain(texts: string[]): { entries: ChainedEntry[]; head: { seq: number; hash: string } } {
  let prevHash = GENESIS;
  const entries = texts.map((text, i) => {
    const one = entry(i + 1, text);
    const chained = { ...one, prevHash, hash: hashOf(prevHash, one) };
    prevHash = chained.hash;
    return chained;
  });
  return { entries, head: { seq: entries.length, hash: prevHash } };
}

describe('the chain', () => {
  it('holds as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const { entries, head } = chain(texts.map(storable));
        expect(verifyChain(entries, hashOf, head)).toMatchObject({ ok: true, entries: texts.length });
      }),
    );
  });

  it('any changed, missing or swapped entry shows, and where', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 2, maxLength: 12 }),
        fc.nat(),
        fc.constantFrom('change', 'remove', 'cut'),
        (texts, pick, how) => {
          const { entries, head } = chain(texts);
          const at = pick % texts.length;
          const broken =
            how === 'change'
              ? entries.map((one, i) => (i === at ? { ...one, text: `${one.text}!` } : one))
              : how === 'remove'
                ? entries.filter((_one, i) => i !== at)
                : entries.slice(0, -1);
          expect(verifyChain(broken, hashOf, head)).toMatchObject({ ok: false });
        },
      ),
    );
  });
});

describe('what enters the record', () => {
  it.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'a private key'],
    ['key is AKIAIOSFODNN7EXAMPLE', 'an AWS access key'],
    ['postgres://app:hunter2@db/orders', 'a password in a URL'],
    ['restarted orders-db at 03:12, lag fell', null],
    ['see https://grafana.example/d/abc?from=1@2', null],
  ])('%s', (text, expected) => expect(secretIn(text)).toBe(expected));

  it('a text of any characters is stored as it can be stored', () => {
    expect(storable('a\u0000b\ud800c')).toBe('a\ufffdb\ufffdc');
  });
});

describe('customer-impact minutes', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute));
  const impact = (effects: ('down' | 'partial')[], endedAt: Date | null = at(60)) => ({
    startedAt: at(0),
    endedAt,
    now: at(90),
    effects,
  });

  it('counted customers × minutes × weight, each sample holding until the next', () => {
    const samples = [
      { at: at(10), customers: 100, pctRequests: null },
      { at: at(30), customers: 40, pctRequests: null },
    ];
    expect(customerImpactMinutes(impact(['partial']), samples)).toEqual({
      value: (100 * 20 + 40 * 30) * 0.5,
      unit: 'customer minutes',
      basis: 'samples',
      running: false,
    });
  });

  it('without samples the impact counts with the worst effect', () => {
    expect(customerImpactMinutes(impact(['partial', 'down'], null), [])).toEqual({
      value: 90,
      unit: 'weighted minutes',
      basis: 'duration',
      running: true,
    });
  });

  it('without a start nothing is known, and unknown is not zero', () => {
    expect(customerImpactMinutes({ startedAt: null, endedAt: null, now: at(5), effects: [] }, [])).toMatchObject({
      value: null,
      basis: 'unknown',
    });
  });
});
