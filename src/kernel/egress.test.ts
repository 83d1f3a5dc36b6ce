/** The egress guard: every spelling of an inner address is refused, when saved and when connecting. */
import { hostname } from 'node:os';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSink, type Sink } from '../../test/fakes/sink.ts';
import { config } from './config.ts';
import { checkUrl, egressFetch } from './egress.ts';
import { log } from './log.ts';

let sink: Sink;
beforeAll(async () => {
  sink = await openSink();
});
afterAll(() => sink.close());
beforeEach(() => {
  config.egressAllow = [];
});

test.each([
  'http://2130706433/',
  'http://0x7f.1',
  'http://127.1',
  'http://0177.0.0.1',
  'http://①②⑦.⓪.⓪.①',
  'http://0',
  'http://[::]',
  'http://[::ffff:7f00:1]',
  'http://[64:ff9b::7f00:1]',
  'http://localhost.',
  'http://a@169.254.169.254',
  'http://169.254.169.254\\@good',
  'http://ta\tb.example',
  'gopher://x.example',
  'file:///etc/passwd',
  'http://user:pw@x.example',
  'http://x.example:25',
  'http://x.example:5432',
  'http://x.example/#f',
  'http://[fe80::1%25eth0]/',
  'http://10.0.0.1',
  'nonsense',
])('rows 60 and 63: %s is refused when it is saved', (url) => {
  expect(() => checkUrl(url)).toThrow(/cannot be called/);
});

test('row 61: a name that leads inside is refused when connecting', async () => {
  // This machine's own name looks public when saved and leads to an inner address when looked up.
  const url = `http://${hostname()}.:${new URL(sink.url).port}/`;
  expect(() => checkUrl(url)).not.toThrow();
  await expect(egressFetch({ log }, url, { purpose: 'test' })).rejects.toThrow(/private or reserved|is not known/);
  expect(sink.requests).toHaveLength(0);
});

test('a public-looking address goes out, an allowed inner one too, and redirects are not followed', async () => {
  expect(checkUrl('https://status.orchardline.example/hook').host).toBe('status.orchardline.example');
  config.egressAllow = ['127.0.0.1:*'];
  sink.answer(() => ({ status: 302, headers: { location: 'http://169.254.169.254/' }, body: 'moved' }));
  const answer = await egressFetch({ log }, sink.url, { purpose: 'test' });
  expect(answer.status).toBe(302);
  expect(sink.requests).toHaveLength(1);
});

test('row 64: a long body is cut, a slow answer is given up', async () => {
  config.egressAllow = ['127.0.0.1:*'];
  sink.answer(() => ({ body: 'x'.repeat(300_000) }));
  expect((await egressFetch({ log }, sink.url, { purpose: 'test', maxBytes: 1000 })).text).toHaveLength(1000);
  sink.answer(() => ({ delayMs: 2000 }));
  await expect(egressFetch({ log }, sink.url, { purpose: 'test', timeoutMs: 200 })).rejects.toThrow(/no answer within/);
});
