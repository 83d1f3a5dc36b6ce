/** HAProxy's runtime API: one command per connection, over TCP or a Unix socket (docs.haproxy.org, management guide 9.3). */
import { connect } from 'node:net';
import { type Ctx, mayReach, Problem } from '#kernel';

const MOST_BYTES = 1_000_000;

/** `tcp://127.0.0.1:9999` or `unix:/run/haproxy/admin.sock`. Throws for anything else. */
export function placeOf(address: string): { host: string; port: number } | { path: string } {
  const unix = /^unix:(\/.+)$/.exec(address)?.[1];
  if (unix) return { path: unix };
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'tcp:' || !url.port) throw new Error('the address is tcp://host:port or unix:/path/to/socket');
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
}

/** Asks one command and gives back the whole answer. Addresses go through the same allow-list as every call out. */
export function ask(_ctx: Ctx, address: string, line: string, timeoutMs = 5_000): Promise<string> {
  const place = placeOf(address);
  if ('host' in place && !mayReach(place.host, place.port))
    throw new Problem(422, `${place.host}:${place.port} may not be reached`, {
      rule: 'egress.address',
      detail: `An administrator may allow it with EVENKEEL_EGRESS_ALLOW=${place.host}:${place.port}`,
    });
  if (/[\n\r;]/.test(line)) throw new Problem(422, 'This is not one command', { rule: 'playbooks.haproxy.command' });
  return new Promise((resolve, reject) => {
    const socket = connect(place);
    let text = '';
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
    socket.on('connect', () => socket.write(`${line}\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      if (text.length > MOST_BYTES) socket.destroy(new Error('the answer is too long'));
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

export interface ServerLine {
  backend: string;
  name: string;
  /** `UP`, `DOWN`, `MAINT`, `DRAIN`, `NOLB`, `no check` … */
  status: string;
  weight: number;
  sessions: number;
  /** Most sessions at once; null when none is set. */
  limit: number | null;
}

/** The servers of `show stat`, by its own header line. Pure. */
export function serversOf(csv: string): ServerLine[] {
  const lines = csv.split('\n').filter((line) => line !== '');
  const header = (lines[0] ?? '').replace(/^# /, '').split(',');
  const column = (name: string) => header.indexOf(name);
  const [pxname, svname, status, weight, scur, slim, type] = [
    'pxname',
    'svname',
    'status',
    'weight',
    'scur',
    'slim',
    'type',
  ].map(column);
  return lines.slice(1).flatMap((line) => {
    const cells = line.split(',');
    // 2 is a server; the others are frontends, backends and sockets.
    if (cells[type!] !== '2') return [];
    return [
      {
        backend: cells[pxname!]!,
        name: cells[svname!]!,
        status: cells[status!]!,
        weight: Number(cells[weight!]) || 0,
        sessions: Number(cells[scur!]) || 0,
        limit: Number(cells[slim!]) || null,
      },
    ];
  });
}

/** Answers its health check: up, or drained while up. Without a check HAProxy counts a server as there. */
export const isHealthy = (status: string): boolean => /^(UP|no check|NOLB|DRAIN|MAINT)/.test(status);
/** Takes new sessions. */
export const isServing = (line: ServerLine): boolean => /^(UP|no check)/.test(line.status) && line.weight > 0;

/** What an operator set, from `show servers state`: the weight by hand and whether it is drained or in maintenance. Pure. */
export function administrated(
  text: string,
): { backend: string; name: string; admin: 'ready' | 'drain' | 'maint'; weight: number }[] {
  const lines = text.split('\n');
  const header = (lines.find((line) => line.startsWith('# ')) ?? '').slice(2).split(' ');
  const column = (name: string) => header.indexOf(name);
  const [be, srv, state, weight] = ['be_name', 'srv_name', 'srv_admin_state', 'srv_uweight'].map(column);
  return lines
    .filter((line) => line !== '' && !line.startsWith('#') && line.includes(' '))
    .map((line) => line.split(' '))
    .map((cells) => {
      const bits = Number(cells[state!]) || 0;
      // 0x01 forced maintenance, 0x02 inherited, 0x04 by configuration, 0x20 by name resolution; 0x08 forced drain, 0x10 inherited.
      const admin = bits & 0x27 ? 'maint' : bits & 0x18 ? 'drain' : 'ready';
      return { backend: cells[be!]!, name: cells[srv!]!, admin, weight: Number(cells[weight!]) || 0 } as const;
    });
}
