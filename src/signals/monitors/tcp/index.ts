/** TCP: whether a port answers, and what it says. */
import { connect } from 'node:net';
import { monotonic } from '#kernel';
import { z } from 'zod';
import { failed, fill, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { plainHost, problemsOfHost, reach } from '../host.ts';
import { wordsOf } from '../http/call.ts';

const spec = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.coerce.number().int().min(1).max(65_535),
  send: z.string().max(2000).default(''),
  expect: z.string().max(500).default(''),
});
type TcpSpec = z.infer<typeof spec>;

/** Line ends as protocols want them: a typed line break, or `\r\n` written out. */
const onWire = (text: string) =>
  text
    .replaceAll('\\r', '\r')
    .replaceAll('\\n', '\n')
    .replaceAll(/(?<!\r)\n/g, '\r\n');

async function run(one: TcpSpec, look: Look): Promise<Outcome> {
  const from = monotonic();
  try {
    const address = await reach(one.host, one.port);
    const { connectMs, said } = await talk(address, one, look, from);
    const ms = monotonic() - from;
    const facts = { connect_ms: Math.round(connectMs * 10) / 10 };
    if (!one.expect || said.includes(one.expect)) return { ok: true, ms, reason: '', facts, sample: said };
    return { ...failed(ms, `it did not say “${one.expect}” but “${said.slice(0, 100)}”`, facts), sample: said };
  } catch (error) {
    return failed(monotonic() - from, wordsOf(error));
  }
}

/** Connects, sends, and listens until what is expected was said, 64 KB came, or the time is over. */
function talk(address: string, one: TcpSpec, look: Look, from: number): Promise<{ connectMs: number; said: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: one.port });
    let connectMs = -1;
    let said = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
    };
    const timer = setTimeout(() => {
      end();
      if (connectMs < 0) reject(new Error(`no connection within ${look.timeoutMs / 1000} s`));
      else resolve({ connectMs, said });
    }, look.timeoutMs);
    const done = () => {
      end();
      resolve({ connectMs, said });
    };
    socket.on('connect', () => {
      connectMs = monotonic() - from;
      if (one.send) socket.write(onWire(fill(one.send, look.secrets)));
      if (!one.expect) done();
    });
    socket.on('data', (part) => {
      said += part.toString('utf8');
      if (said.includes(one.expect) || said.length > 65_536) done();
    });
    socket.on('end', done);
    socket.on('error', (error) => {
      end();
      reject(error);
    });
  });
}

export const tcp: MonitorKind<TcpSpec> = {
  kind: 'tcp',
  title: 'TCP',
  description: 'Connects to a port; may send a line and wait for an answer.',
  fields: [
    { name: 'host', label: 'Host', type: 'text', required: true, placeholder: 'mail.example' },
    { name: 'port', label: 'Port', type: 'number', required: true, placeholder: '25' },
    { name: 'send', label: 'Send', type: 'long', advanced: true, help: 'Line breaks go out as \\r\\n.' },
    { name: 'expect', label: 'The answer contains', type: 'text', advanced: true },
    {
      name: 'secrets',
      label: 'Secrets',
      type: 'secrets',
      advanced: true,
      help: 'Written as {{name}} in what is sent.',
    },
  ],
  start: { host: '', port: '', send: '', expect: '' },
  spec,
  check: (one) => problemsOfHost(one.host, one.port, 'host'),
  target: (one) => `${one.host}:${one.port}`,
  goesTo: (one) => [`${plainHost(one.host)}:${one.port}`],
  run,
};
