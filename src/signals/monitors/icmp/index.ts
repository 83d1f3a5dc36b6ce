/** ICMP echo, by the machine's own `ping`: this process has no right to raw sockets and asks for none. */
import { execFile } from 'node:child_process';
import { isIP } from 'node:net';
import { monotonic } from '#kernel';
import { z } from 'zod';
import { failed, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { problemsOfHost, reach } from '../host.ts';
import { wordsOf } from '../http/call.ts';

const spec = z.strictObject({
  host: z.string().trim().min(1).max(253),
  packets: z.coerce.number().int().min(1).max(10).default(3),
  lossPercent: z.coerce.number().min(0).max(99).default(0),
});
type IcmpSpec = z.infer<typeof spec>;

interface Ran {
  code: number | string;
  out: string;
}

const ping = (args: string[], timeoutMs: number) =>
  new Promise<Ran>((resolve) => {
    execFile('ping', args, { timeout: timeoutMs, env: { PATH: pathOf(), LC_ALL: 'C' } }, (error, stdout, stderr) =>
      resolve({ code: (error as { code?: number | string } | null)?.code ?? 0, out: stdout + stderr }),
    );
  });

/** Where systems keep `ping`; nothing of the caller's environment decides which one is run. */
let path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const pathOf = () => path;
/** For tests: another place to look for `ping`. */
export const pingFrom = (folder: string): void => {
  path = folder;
};

async function lacks(): Promise<string | undefined> {
  const { code, out } = await ping(['-n', '-c', '1', '127.0.0.1'], 3000);
  if (code === 0) return undefined;
  if (code === 'ENOENT') return 'There is no “ping” on this machine (Debian: apt install iputils-ping).';
  return /permitted|permission/i.test(out)
    ? '“ping” is not permitted here: allow it with the sysctl net.ipv4.ping_group_range, or cap_net_raw.'
    : `“ping” does not work here: ${out.trim().split('\n').at(-1)?.slice(0, 200) ?? code}`;
}

async function run(one: IcmpSpec, look: Look): Promise<Outcome> {
  const from = monotonic();
  let address: string;
  try {
    address = await reach(one.host, 0);
  } catch (error) {
    return failed(monotonic() - from, wordsOf(error));
  }
  const seconds = Math.max(1, Math.floor(look.timeoutMs / 1000));
  const args = [
    '-n',
    '-c',
    String(one.packets),
    '-i',
    '0.2',
    '-w',
    String(seconds),
    isIP(address) === 6 ? '-6' : '-4',
    address,
  ];
  const { out, code } = await ping(args, look.timeoutMs + 500);
  const loss = /([\d.]+)% packet loss/.exec(out)?.[1];
  const average = /= [\d.]+\/([\d.]+)\//.exec(out)?.[1];
  if (loss === undefined)
    return { ok: null, ms: 0, reason: (await lacks()) ?? `“ping” said nothing of use (${code})`, facts: {} };
  const facts = { loss_percent: Number(loss), ...(average ? { rtt_ms: Number(average) } : {}) };
  const ms = average ? Number(average) : monotonic() - from;
  return Number(loss) <= one.lossPercent
    ? { ok: true, ms, reason: '', facts, sample: out }
    : { ...failed(ms, `${loss} % of ${one.packets} packets did not come back`, facts), sample: out };
}

export const icmp: MonitorKind<IcmpSpec> = {
  kind: 'icmp',
  title: 'Ping (ICMP)',
  description: 'Whether a host answers echo requests, with loss and round trip.',
  fields: [
    { name: 'host', label: 'Host', type: 'text', required: true, placeholder: 'gateway.example' },
    { name: 'packets', label: 'Packets', type: 'number' },
    { name: 'lossPercent', label: 'So many percent may get lost', type: 'number', advanced: true },
  ],
  start: { host: '', packets: 3, lossPercent: 0 },
  spec,
  check: (one) => problemsOfHost(one.host, 0, 'host'),
  target: (one) => one.host,
  goesTo: () => [],
  lacks,
  run,
};
