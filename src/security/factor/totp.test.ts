/** Codes by time against the vectors of the RFCs. */
import { expect, test } from 'vitest';
import {
  base32,
  fromBase32,
  grouped,
  hotp,
  newRecoveryCodes,
  otpauthLink,
  readCode,
  stepOf,
  stepOfCode,
} from './totp.ts';

const secret = Buffer.from('12345678901234567890');

test.each(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'])(
  'RFC 4226, appendix D: the code %s',
  (code) => {
    const all = Array.from({ length: 10 }, (_, counter) => hotp(secret, counter));
    expect(all).toContain(code);
    expect(all.indexOf(code)).toBe(
      ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].indexOf(
        code,
      ),
    );
  },
);

test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('RFC 6238, appendix B: at %i seconds the code is %s', (seconds, code) => {
  expect(hotp(secret, stepOf(new Date(seconds * 1000)), 8)).toBe(code);
});

test('RFC 4648: base32 goes both ways, also in groups and small letters', () => {
  const words = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'];
  expect(words.map((word) => base32(Buffer.from(word)))).toEqual([
    '',
    'MY',
    'MZXQ',
    'MZXW6',
    'MZXW6YQ',
    'MZXW6YTB',
    'MZXW6YTBOI',
  ]);
  for (const word of words) expect(fromBase32(base32(Buffer.from(word))).toString()).toBe(word);
  expect(fromBase32(grouped(secret).toLowerCase())).toEqual(secret);
  expect(() => fromBase32('0189')).toThrow(RangeError);
});

test('a code is good in its step and the two beside it, and in no other', () => {
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
  const code = hotp(secret, stepOf(at(0)));
  expect([-31, -30, 0, 29, 59, 60].map((seconds) => stepOfCode(secret, code, at(seconds)) === stepOf(at(0)))).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('what a person types is read as they mean it', () => {
  expect(readCode(' 123 456')).toEqual({ kind: 'time', code: '123456' });
  const [code] = newRecoveryCodes();
  expect(readCode(code!.toUpperCase())).toEqual({ kind: 'recovery', code: code!.replace('-', '') });
  expect(['12345', 'hello', '0'.repeat(10), ''].map(readCode)).toEqual([undefined, undefined, undefined, undefined]);
  expect(otpauthLink(secret, 'ines@orchardline.example', 'Orchardline & Co')).toBe(
    'otpauth://totp/Orchardline%20%26%20Co:ines%40orchardline.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Orchardline%20%26%20Co&algorithm=SHA1&digits=6&period=30',
  );
});
