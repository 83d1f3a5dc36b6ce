/** SQL: one number or one instant from a PostgreSQL of yours, read-only: is the copy fresh, has the nightly load come? */
import { checkConnection, monotonic, mayReach, Problem, readElsewhere } from '#kernel';
import { isIP } from 'node:net';
import { z } from 'zod';
import { failed, type FieldProblem, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { wordsOf } from '../http/call.ts';

const spec = z.strictObject({
  query: z.string().trim().min(1).max(10_000),
  is: z.enum(['older', 'above', 'below']).default('older'),
  /** Seconds for `older`. */
  value: z.coerce.number(),
});
type SqlSpec = z.infer<typeof spec>;

async function run(one: SqlSpec, look: Look): Promise<Outcome> {
  const from = monotonic();
  try {
    const rows = await readElsewhere(look.secrets.connection ?? '', one.query.replace(/;\s*$/, ''), {
      timeoutMs: look.timeoutMs,
    });
    const ms = monotonic() - from;
    const values = Object.values(rows[0] ?? {});
    if (rows.length > 1 || values.length > 1)
      return failed(ms, 'the query gives more than one value; one row with one column is read');
    return { ms, ...judge(one, values[0], look.now) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const words =
      code === '57014'
        ? `the query took longer than ${look.timeoutMs / 1000} s`
        : message.includes('Query read timeout')
          ? `no answer within ${look.timeoutMs / 1000} s`
          : wordsOf(error);
    return failed(monotonic() - from, words);
  }
}

function judge(one: SqlSpec, value: unknown, now: Date): Omit<Outcome, 'ms'> {
  if (value === undefined || value === null) return { ok: false, reason: 'the query gives no value', facts: {} };
  if (one.is === 'older') {
    const at = value instanceof Date ? value : new Date(String(value));
    if (Number.isNaN(at.getTime()))
      return { ok: false, reason: `“${String(value).slice(0, 60)}” is not an instant`, facts: {} };
    const age = Math.round((now.getTime() - at.getTime()) / 1000);
    const facts = { newest: at.toISOString(), age_s: age };
    return age > one.value
      ? { ok: false, reason: `the newest is ${age} s old, more than ${one.value} s`, facts }
      : { ok: true, reason: '', facts };
  }
  const number = Number(value);
  if (!Number.isFinite(number))
    return { ok: false, reason: `“${String(value).slice(0, 60)}” is not a number`, facts: {} };
  const bad = one.is === 'above' ? number > one.value : number < one.value;
  return { ok: !bad, reason: bad ? `it is ${number}, ${one.is} ${one.value}` : '', facts: { value: number } };
}

function checkSecret(connection: string | undefined): FieldProblem[] {
  if (!connection)
    return [{ path: 'secrets.connection', message: 'Where the database is: postgres://reader:password@host/database' }];
  try {
    const { host, port } = checkConnection(connection);
    if (isIP(host) === 0 || mayReach(host, port)) return [];
    return [
      {
        path: 'secrets.connection',
        message: `${host} is a private or reserved address; an administrator may allow it with EVENKEEL_EGRESS_ALLOW=${host}:${port}`,
      },
    ];
  } catch (error) {
    if (error instanceof Problem) return [{ path: 'secrets.connection', message: error.message }];
    throw error;
  }
}

const placeOf = (connection: string | undefined): string => {
  try {
    const { host, port } = checkConnection(connection ?? '');
    return `${host}:${port}`;
  } catch {
    return '';
  }
};

export const sql: MonitorKind<SqlSpec> = {
  kind: 'sql',
  title: 'SQL freshness',
  description:
    'One value from a PostgreSQL database: how old the newest row is, or how many wait. Read-only, limited in time.',
  fields: [
    {
      name: 'connection',
      label: 'Connection',
      type: 'secret',
      required: true,
      placeholder: 'postgres://reader:password@replica.example/shop',
      help: 'Kept sealed as a whole. Give it a user that may only read. sslmode=verify-full checks the certificate.',
    },
    {
      name: 'query',
      label: 'Query',
      type: 'code',
      required: true,
      placeholder: 'select max(created_at) from orders',
      help: 'One SELECT that gives one value.',
    },
    {
      name: 'is',
      label: 'Fails when the value is',
      type: 'choice',
      choices: [
        { value: 'older', label: 'older than, in seconds' },
        { value: 'above', label: 'above' },
        { value: 'below', label: 'below' },
      ],
    },
    { name: 'value', label: 'this', type: 'number', required: true },
  ],
  start: { query: '', is: 'older', value: 3600 },
  spec,
  check: (_one, secrets) => checkSecret(secrets.connection),
  target: (one) => one.query.replaceAll(/\s+/g, ' ').slice(0, 120),
  goesTo: (_one, secrets) => [placeOf(secrets.connection)],
  run,
};
