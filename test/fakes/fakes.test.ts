/** The fakes are real servers: a real mail client and a real HTTP client can use them. */
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { openSink } from './sink.ts';
import { openSmtp } from './smtp.ts';

test('the mail sink keeps what was sent and refuses on command', async () => {
  const sink = await openSmtp({ auth: { user: 'u', password: 'p' } });
  const transport = createTransport({ host: sink.host, port: sink.port, auth: { user: 'u', pass: 'p' } });
  const mail = { from: 'a@example.test', to: 'b@example.test', subject: 'Grüße', text: 'hello', html: '<p>hello</p>' };
  await transport.sendMail(mail);
  expect(sink.messages).toMatchObject([
    { from: 'a@example.test', to: ['b@example.test'], subject: 'Grüße', text: 'hello' },
  ]);
  sink.answer(() => ({ code: 550, message: 'no such user' }));
  await expect(transport.sendMail(mail)).rejects.toThrow('no such user');
  expect(sink.messages).toHaveLength(1);
  const stranger = createTransport({ host: sink.host, port: sink.port, auth: { user: 'u', pass: 'wrong' } });
  await expect(stranger.sendMail(mail)).rejects.toThrow('Invalid');
  await sink.close();
});

test('the HTTP sink keeps requests and answers as told', async () => {
  const sink = await openSink();
  sink.answer((request) => ({ status: request.path === '/no' ? 503 : 202, body: 'seen' }));
  const yes = await fetch(`${sink.url}/yes?a=1`, { method: 'POST', body: '{"x":1}' });
  expect([yes.status, await yes.text()]).toEqual([202, 'seen']);
  expect((await fetch(`${sink.url}/no`)).status).toBe(503);
  sink.answer(() => ({ hangUp: true }));
  await expect(fetch(sink.url)).rejects.toThrow();
  expect(sink.requests.map((request) => request.json)).toEqual([{ x: 1 }, undefined, undefined]);
  await sink.close();
});
