/** Countries, parts of an SMS and prices, as tables. */
import { expect, test } from 'vitest';
import { byCountry, countryFault, partsOf, type Phone, priceOf } from './numbers.ts';

const phone: Phone = {
  countries: [],
  dailyLimit: 25,
  smsPrice: 0.08,
  callPrice: 0.1,
  prices: [
    { country: '+49', sms: 0.07, call: 0.05 },
    { country: '+4915', sms: 0.11, call: 0.2 },
  ],
};

test.each([
  ['+4915112345678', [], null],
  ['+4915112345678', ['+49', '+1'], null],
  ['+33612345678', ['+49', '+1'], '+49, +1 only'],
  ['+19005550006', [], '+1900'],
  ['+19005550006', ['+1'], '+1900'],
  ['+19005550006', ['+1900'], null],
  ['+881612345678', [], '+881'],
])('%s with the countries %j: %s', (to, countries, fault) => {
  if (fault === null) expect(countryFault(to, countries)).toBeNull();
  else expect(countryFault(to, countries)).toContain(fault);
});

test('the longest country code decides about carrier and price', () => {
  expect(byCountry('+4915112345678', phone.prices)?.country).toBe('+4915');
  expect(byCountry('+4930123456', phone.prices)?.country).toBe('+49');
  expect(byCountry('+15005550006', phone.prices)).toBeUndefined();
  expect(priceOf(phone, { channel: 'sms', to: '+4915112345678', text: 'x' })).toBe(110);
  expect(priceOf(phone, { channel: 'voice', to: '+15005550006', text: 'x' })).toBe(100);
});

test.each([
  ['x'.repeat(160), 1],
  ['x'.repeat(161), 2],
  ['x'.repeat(306), 2],
  ['x'.repeat(307), 3],
  ['ł'.repeat(70), 1],
  ['ł'.repeat(71), 2],
])('an SMS like %s… has %i parts', (text, parts) => {
  expect(partsOf(text)).toBe(parts);
});
