/** Connector `postgres`: guarded commands. Only statements an administrator stored with the system run, with values, never with text. */
import { z } from 'zod';
import { askPostgres, type Ctx } from '#kernel';
import type { ReadBack, Sent } from '../contract.ts';
import { once } from '../../systems/once.ts';
import type { Reached } from '../../systems/stateful.ts';

const value = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()]);
const params = z.strictObject({
  system: z.string().min(1).max(63),
  command: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  args: z.array(value).max(20).default([]),
});

/** A stored command: what it does, what shows that it was done, what takes it back. `$1 …` are the args. */
export const storedCommand = z.strictObject({
  description: z.string().max(400).default(''),
  sql: z.string().min(1).max(10_000),
  /** Reads one row with one boolean: was it done? Without it a lost answer needs a human. */
  check: z.string().min(1).max(10_000).optional(),
  undo: z.string().min(1).max(10_000).optional(),
});
export const postgresOptions = z.strictObject({
  commands: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), storedCommand),
});
type Stored = z.infer<typeof storedCommand>;

const stored = ({ system, call }: Reached): Stored | undefined => {
  const { commands } = postgresOptions.parse(system.options);
  const name = String(call.params.command);
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
};

async function run(reached: Reached, statement: string | undefined): Promise<Sent> {
  const { system, secret, call } = reached;
  if (!statement) return { result: 'refused', message: `"${system.name}" has no stored statement for that` };
  try {
    const { rowCount } = await askPostgres(system.address, secret, statement, call.params.args as unknown[], {
      timeoutMs: call.timeoutMs,
      readOnly: false,
    });
    return { result: 'accepted', response: { rows: rowCount } };
  } catch (error) {
    const { message, code, unclear, sent } = error as Error & { code?: string; unclear?: boolean; sent?: boolean };
    // The server answered with an error before the commit: it was rolled back. A broken connection after sending is not known.
    const certain = !unclear && (!sent || (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)));
    return { result: certain ? 'refused' : 'unknown', message };
  }
}

async function find(reached: Reached, undo: boolean): Promise<ReadBack> {
  const { system, secret, call } = reached;
  const check = stored(reached)?.check;
  if (!check) return 'unreadable';
  const { rows } = await askPostgres(system.address, secret, check, call.params.args as unknown[], {
    timeoutMs: Math.min(10_000, call.timeoutMs),
    readOnly: true,
  });
  const [said] = Object.values(rows[0] ?? {});
  if (typeof said !== 'boolean') return 'unreadable';
  return said !== undo ? 'applied' : 'not_applied';
}

export const postgres = once({
  name: 'postgres',
  title: 'PostgreSQL commands',
  kind: 'postgres',
  actions: {
    'postgres.run': {
      title: 'Run a stored database command',
      risk: 'compensable',
      params,
      hint: '{system: orders-db, command: pause_subscription, args: [orders_copy]}',
      manual: (given) => `Run the stored command "${String(given.command)}" on ${String(given.system)} by hand.`,
      find: (_ctx: Ctx, reached, key) => find(reached, key.endsWith('/undo')),
      start: (_ctx: Ctx, reached, _key, undo) => run(reached, undo ? stored(reached)?.undo : stored(reached)?.sql),
      say: (given) => ({
        targets: [`${String(given.system)}: ${String(given.command)}`],
        effect: `Runs the stored command "${String(given.command)}" on ${String(given.system)} with ${JSON.stringify(given.args ?? [])}.`,
        undo: 'Runs its stored undo, if it has one.',
      }),
    },
  },
});
