/**
 * The receiving end of the fan-out benchmark, as a process of its own: a real mail server and web servers that count.
 *
 * Ports: mail, healthy endpoints, endpoints that never answer; `/stats` on the healthy one tells what came since `/reset`.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcp } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** By recipient, how often; by endpoint, when first (milliseconds of the wall, all processes are on one machine). */
let mails = new Map<string, number>();
let firstMail = 0;
let lastMail = 0;
let hooks = new Map<string, { count: number; at: number }>();

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, session, done) {
    stream.on('data', () => undefined);
    stream.on('end', () => {
      const at = Date.now();
      const readers = session.envelope.rcptTo.filter(({ address }) => address.startsWith('reader'));
      if (readers.length > 0) {
        firstMail ||= at;
        lastMail = at;
      }
      for (const { address } of readers) mails.set(address, (mails.get(address) ?? 0) + 1);
      done();
    });
  },
});
smtp.on('error', () => undefined);

const web = createServer((request, response) => {
  const { url = '' } = request;
  if (url === '/reset') {
    mails = new Map();
    hooks = new Map();
    firstMail = 0;
    lastMail = 0;
    return void response.end('{}');
  }
  if (url === '/stats') {
    let repeated = 0;
    for (const times of mails.values()) repeated += times - 1;
    const body = { mails: mails.size, repeated, firstMail, lastMail, hooks: [...hooks.values()] };
    return void response.end(JSON.stringify(body));
  }
  request.resume();
  request.on('end', () => {
    const seen = hooks.get(url);
    if (seen) seen.count += 1;
    else hooks.set(url, { count: 1, at: Date.now() });
    response.end('{"ok":true}');
  });
});
/** Takes the call and never says a word. */
const silent = createTcp((socket) => void socket.on('error', () => undefined).resume());

const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
await Promise.all([
  new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve())),
  new Promise<void>((resolve) => web.listen(0, '0.0.0.0', () => resolve())),
  new Promise<void>((resolve) => silent.listen(0, '0.0.0.0', () => resolve())),
]);
console.log(`sink ${port(smtp.server)} ${port(web)} ${port(silent)}`);
