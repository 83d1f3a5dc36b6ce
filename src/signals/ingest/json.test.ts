/** The JSON reader against cases in the manner of JSONTestSuite: must accept, must refuse, may do either, never crash. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './bytes.ts';
import { JsonError, readJson } from './json.ts';

const accept: [string, unknown][] = [
  ['[]', []],
  ['{}', {}],
  [' [ ] ', []],
  ['null', null],
  ['"x"', 'x'],
  ['""', ''],
  ['0', 0],
  ['-1', -1],
  ['1.50', 1.5],
  ['[1e3,1E+3,1e-3]', [1000, 1000, 0.001]],
  ['[true,false,null]', [true, false, null]],
  ['{"a":{"b":[1,{"c":"d"}]}}', { a: { b: [1, { c: 'd' }] } }],
  ['["\\u0061\\n\\"\\\\\\/\\b\\f\\r\\t"]', ['a\n"\\/\b\f\r\t']],
  ['["\\uD83D\\uDE39\\u8D77"]', ['😹起']],
  ['["\\\\"]', ['\\']],
  ['["\\\\\\""]', ['\\"']],
  ['{"":0}', { '': 0 }],
  ['{"a":"b","a":"b"}', { a: 'b' }],
  ['["\u007f\u2028\u2029"]', ['\u007f\u2028\u2029']],
  ['\n\t\r [1]\n', [1]],
];

const refuse = [
  '',
  ' ',
  '[',
  '{',
  ']',
  '[1,',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1,,2]',
  '["a"',
  '["a',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,}',
  '{,"a":1}',
  '{a:1}',
  "{'a':1}",
  '{"a" 1}',
  '{"a"::1}',
  '{1:1}',
  '[1]]',
  '[1]x',
  '{}{}',
  '[] []',
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1e',
  '1e+',
  '0x1',
  '1_000',
  '-01',
  '[-]',
  'NaN',
  'Infinity',
  '[-Infinity]',
  'nul',
  'True',
  'tru',
  '[nulll]',
  '["\\x00"]',
  '["\\u12"]',
  '["\\u00zz"]',
  '["\\"]',
  '["\t"]',
  '["\n"]',
  '["\u0000"]',
  '[\u000b1]',
  '[\u00a01]',
  '\u2060[]',
  '// c\n[]',
  '[1/* c */]',
  '{"a":"b"}#',
  '<xml/>',
  '*',
  '[1\u0000]',
  '\ufeff\ufeff[]',
  '["a",\n4\n,1,',
  '{"a":true} "x"',
];

describe('the JSON reader', () => {
  it.each(accept)('accepts %s', (text, expected) => {
    expect(JSON.stringify(readJson(text).value)).toBe(JSON.stringify(expected));
  });

  it.each(refuse)('refuses %j', (text) => {
    expect(() => readJson(text)).toThrow(JsonError);
  });

  it('agrees with JSON.parse on whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const read = readJson(text);
        // Numbers with more than 15 digits stay text and -0 loses its sign in stringify: compare through JSON.parse on those only.
        expect(JSON.stringify(read.value).replaceAll('"', '')).toBe(
          JSON.stringify(JSON.parse(text)).replaceAll('"', '').replaceAll('\0', '\ufffd'),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never throws anything but JsonError, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom(...'[]{}",:\\u0019eE+-. tfn\ud800') }),
        ),
        (text) => {
          try {
            readJson(text);
          } catch (error) {
            expect(error).toBeInstanceOf(JsonError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('says "too deep" for 200,000 nested arrays in under 50 ms', () => {
    for (const text of ['['.repeat(200_000), '['.repeat(200_000) + ']'.repeat(200_000), '{"a":'.repeat(200_000)]) {
      const started = performance.now();
      expect(() => readJson(text)).toThrow('deeper than 64');
      expect(performance.now() - started).toBeLessThan(50);
    }
    expect(readJson('['.repeat(64) + ']'.repeat(64)).value).toBeTruthy();
  });

  it('keeps numbers that JavaScript would change as their text', () => {
    const digits = '9'.repeat(400);
    const text = `[1e999,-0,${digits},9007199254740993,9007199254740992,0.1,1e-999,1.0,-0.0,123456789012345]`;
    expect(readJson(text).value).toEqual([
      '1e999',
      '-0',
      digits,
      '9007199254740993',
      '9007199254740992',
      0.1,
      '1e-999',
      1,
      '-0.0',
      123456789012345,
    ]);
  });

  it('calls one member with two values ambiguous, and names it', () => {
    expect(() => readJson('{"dedup_key":"a","x":1,"dedup_key":"b"}')).toThrow(/"dedup_key" is there twice/);
    expect(() => readJson('{"a":{"b":1},"a":{"b":2}}')).toThrow(/twice/);
    expect(() => readJson('{"__proto__":1,"__proto__":2}')).toThrow(/twice/);
    expect(() => readJson('{"a":1,"\\u0061":2}')).toThrow(/twice/);
  });

  it('keeps __proto__, constructor and hasOwnProperty as plain data', () => {
    const { value } = readJson(
      '{"__proto__":{"x":1},"constructor":{"prototype":{"x":2}},"hasOwnProperty":3,"n":{"__proto__":4}}',
    );
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'n']);
    expect(JSON.stringify(value)).toBe(
      '{"__proto__":{"x":1},"constructor":{"prototype":{"x":2}},"hasOwnProperty":3,"n":{"__proto__":4}}',
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('replaces NUL and half surrogate pairs by U+FFFD and says so', () => {
    expect(readJson('{"a\\u0000":"b\\u0000"}')).toMatchObject({ value: { 'a\ufffd': 'b\ufffd' }, sanitized: true });
    expect(readJson('["\\ud800","\\udc00x","\\ud800\\ud800","\\ud83d\\ude39"]')).toMatchObject({
      value: ['\ufffd', '\ufffdx', '\ufffd\ufffd', '😹'],
      sanitized: true,
    });
    expect(readJson('["fine"]').sanitized).toBe(false);
  });

  it('reads 2 MB of many small members in one go', () => {
    const text = `[${Array.from({ length: 20_000 }, (_, n) => `{"labels":{"alertname":"A${n}","instance":"10.0.0.${n % 255}:9100"},"value":${n}.5}`).join(',')}]`;
    const started = performance.now();
    expect((readJson(text).value as unknown[]).length).toBe(20_000);
    console.info(`read ${text.length} characters in ${(performance.now() - started).toFixed(0)} ms`);
  });

  it('does not slow down on a string of a million backslashes or a thousand repeated members', () => {
    const started = performance.now();
    readJson(`["${'\\\\'.repeat(500_000)}"]`);
    expect(() => readJson(`["${'\\"'.repeat(300_000)}`)).toThrow(JsonError);
    readJson(`{${Array.from({ length: 5_000 }, () => '"a":"b"').join(',')}}`);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('the bytes before the reader', () => {
  it('drops a byte order mark, refuses UTF-16 and replaces invalid UTF-8', () => {
    expect(decodeText(Buffer.from('\ufeff{}'))).toEqual({ text: '{}', sanitized: false });
    expect(() => decodeText(Buffer.from('{"a":1}', 'utf16le'))).toThrow(/UTF-8/);
    expect(() => decodeText(Buffer.from('\ufeff{"a":1}', 'utf16le'))).toThrow(/UTF-8/);
    expect(decodeText(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ text: '"\ufffd"', sanitized: true });
  });
});
