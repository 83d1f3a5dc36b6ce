/** The example of RFC 8291 (appendix A), byte for byte, and what can be no key. */
import { createECDH, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { areKeys, encrypt, MOST_BYTES } from './encrypt.ts';

const browser = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};

test('RFC 8291 appendix A: the message of the standard comes out byte for byte', () => {
  const sender = createECDH('prime256v1');
  sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'));
  const salt = Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url');
  const body = encrypt('When I grow up, I want to be a watermelon', browser, { salt, sender });
  expect(body.toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
});

test('a message has its own key and salt each time, and at most 4,096 bytes', () => {
  expect(encrypt('x', browser).equals(encrypt('x', browser))).toBe(false);
  expect(encrypt('x'.repeat(MOST_BYTES), browser)).toHaveLength(4096);
  expect(() => encrypt('x'.repeat(MOST_BYTES + 1), browser)).toThrow('at most');
});

test('what is no point of the curve, or has no sixteen bytes of secret, is no key', () => {
  expect(areKeys(browser)).toBe(true);
  expect(areKeys({ ...browser, auth: 'AAAA' })).toBe(false);
  expect(
    areKeys({ ...browser, p256dh: Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString('base64url') }),
  ).toBe(false);
  expect(areKeys({ ...browser, p256dh: '' })).toBe(false);
});
