/** DNS: whether a name is known, and whether it leads where it should. */
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { mayReach, monotonic } from '#kernel';
import { z } from 'zod';
import { failed, type Look, type MonitorKind, type Outcome } from '../family.ts';

const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'NS', 'SOA', 'SRV', 'CAA'] as const;

const spec = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_*-]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.-])?$/, 'A domain name.'),
  type: z.enum(TYPES).default('A'),
  expect: z.string().max(2000).default(''),
  server: z.string().trim().max(100).default(''),
});
type DnsSpec = z.infer<typeof spec>;

const WORDS: Record<string, string> = {
  ENOTFOUND: 'the name does not exist',
  ENODATA: 'the name has no such record',
  ETIMEOUT: 'the name server did not answer in time',
  ECONNREFUSED: 'the name server refused the connection',
  ESERVFAIL: 'the name server failed (SERVFAIL)',
  EREFUSED: 'the name server refuses to answer',
  ECANCELLED: 'the name server did not answer in time',
};

/** `9.9.9.9` or `9.9.9.9:53` or `[2620:fe::fe]:53` as address and port. */
function serverOf(text: string): { address: string; port: number } | undefined {
  const found = /^\[?([0-9a-f.:]+?)\]?(?::(\d{1,5}))?$/i.exec(text.trim());
  if (isIP(text.trim())) return { address: text.trim(), port: 53 };
  const address = found?.[1] ?? '';
  return isIP(address) ? { address, port: Number(found?.[2] ?? 53) } : undefined;
}

/** Each record as one line of text, as `dig +short` prints it. */
const lineOf = (record: unknown): string => {
  if (Array.isArray(record)) return record.join('');
  if (record === null || typeof record !== 'object') return String(record);
  const one = record as Record<string, unknown>;
  if ('exchange' in one) return `${String(one.priority)} ${String(one.exchange)}`;
  if ('nsname' in one) return `${String(one.nsname)} ${String(one.hostmaster)} ${String(one.serial)}`;
  if ('port' in one) return `${String(one.priority)} ${String(one.weight)} ${String(one.port)} ${String(one.name)}`;
  return Object.values(one).join(' ');
};

/** Every expected line must be among the records; `*` at its end stands for any rest. */
const lacking = (expect: string, lines: string[]) =>
  expect
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .filter(
      (line) => !lines.some((found) => (line.endsWith('*') ? found.startsWith(line.slice(0, -1)) : found === line)),
    );

async function run(one: DnsSpec, look: Look): Promise<Outcome> {
  const from = monotonic();
  const resolver = new Resolver({ timeout: Math.max(500, Math.floor(look.timeoutMs / 2)), tries: 2 });
  const server = one.server ? serverOf(one.server) : undefined;
  if (one.server) {
    if (!server || !mayReach(server.address, server.port))
      return failed(0, `${one.server} is a private or reserved address, or none`);
    resolver.setServers([
      isIP(server.address) === 6 ? `[${server.address}]:${server.port}` : `${server.address}:${server.port}`,
    ]);
  }
  const timer = setTimeout(() => resolver.cancel(), look.timeoutMs);
  try {
    const found: unknown = await resolver.resolve(one.name, one.type);
    const ms = monotonic() - from;
    const lines = (Array.isArray(found) ? found : [found]).map(lineOf).sort();
    const missing = lacking(one.expect, lines);
    const facts = { records: lines.length, answer: lines.join(', ').slice(0, 200) };
    const sample = lines.join('\n');
    return missing.length === 0
      ? { ok: true, ms, reason: '', facts, sample }
      : {
          ...failed(ms, `${missing.join(', ')} is not among the records: ${lines.join(', ').slice(0, 200)}`, facts),
          sample,
        };
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    return failed(monotonic() - from, WORDS[code] ?? (error as Error).message);
  } finally {
    clearTimeout(timer);
  }
}

export const dns: MonitorKind<DnsSpec> = {
  kind: 'dns',
  title: 'DNS',
  description: 'Asks for a record, and whether it is what it should be.',
  fields: [
    { name: 'name', label: 'Name', type: 'text', required: true, placeholder: 'shop.example' },
    { name: 'type', label: 'Record', type: 'choice', choices: TYPES.map((value) => ({ value, label: value })) },
    {
      name: 'expect',
      label: 'These must be among the records',
      type: 'long',
      help: 'One a line, as dig +short prints them; * at the end stands for any rest. Empty: any record will do.',
    },
    {
      name: 'server',
      label: 'Name server',
      type: 'text',
      advanced: true,
      placeholder: '9.9.9.9',
      help: 'An address. Empty: that of the machine.',
    },
  ],
  start: { name: '', type: 'A', expect: '', server: '' },
  spec,
  check: (one) => {
    if (!one.server) return [];
    const server = serverOf(one.server);
    if (!server) return [{ path: 'server', message: 'An address, with :port if it is not 53.' }];
    return mayReach(server.address, server.port)
      ? []
      : [
          {
            path: 'server',
            message: `${server.address} is a private or reserved address; an administrator may allow it with EVENKEEL_EGRESS_ALLOW=${server.address}:${server.port}`,
          },
        ];
  },
  target: (one) => `${one.type} ${one.name}`,
  goesTo: () => [],
  run,
};
