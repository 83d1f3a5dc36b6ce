/** What the panel of this browser says, and how a browser is called. */
import { expect, test } from 'vitest';
import { browserName, type Look, pushState } from './push.ts';

const fine: Look = {
  supported: true,
  secure: true,
  needsHomeScreen: false,
  permission: 'granted',
  subscribed: true,
  online: true,
};

test.each<[string, Look | undefined, string | null | undefined, { verified: boolean } | undefined]>([
  ['checking', undefined, null, undefined],
  ['checking', fine, undefined, undefined],
  ['off', fine, 'it is switched off', { verified: true }],
  ['insecure', { ...fine, secure: false, supported: false }, null, undefined],
  ['install', { ...fine, needsHomeScreen: true, supported: false }, null, undefined],
  ['unsupported', { ...fine, supported: false }, null, undefined],
  ['denied', { ...fine, permission: 'denied' }, null, { verified: true }],
  ['ready', { ...fine, permission: 'default', subscribed: false }, null, undefined],
  ['ready', fine, null, undefined],
  ['ready', { ...fine, subscribed: false }, null, { verified: true }],
  ['unproven', fine, null, { verified: false }],
  ['on', fine, null, { verified: true }],
])('%s', (state, look, reason, method) => {
  expect(pushState(look, reason, method)).toBe(state);
});

test.each([
  ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  [
    'Chrome on Android',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  ],
  [
    'Safari on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
  ],
  [
    'Edge on Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  ],
  ['A browser', 'curl/8'],
])('%s', (name, agent) => {
  expect(browserName(agent)).toBe(name);
});
