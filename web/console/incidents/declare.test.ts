import { describe, expect, it } from 'vitest';
import { mentioned } from './mentioned.ts';

const services = [{ name: 'Checkout' }, { name: 'Checkout API' }, { name: 'Search' }, { name: 'Orders (EU)' }];

describe('the service in what was typed', () => {
  it.each([
    ['Checkout is down', 'Checkout'],
    ['the checkout-api answers 500', 'Checkout API'],
    ['Researchers complain', undefined],
    ['orders EU: nothing goes through', 'Orders (EU)'],
    ['', undefined],
  ])('%s', (title, expected) => expect(mentioned(title, services)?.name).toBe(expected));
});
