/** A running product with one long incident in it, for the parts of the war room's benchmark. */
import { config, sql } from '#kernel';
import { declare } from '#incidents';
import { insertUser, openSession, userActor } from '#security';
import { openGround } from '../../src/app/serve.ts';
import { createService } from '../../src/catalog/commands/createService.ts';
import { append } from '../../src/incidents/record/store.ts';
import type { EntryKind } from '../../src/incidents/record/model.ts';

export interface World {
  url: string;
  dataDir: string;
  /** The product's process. */
  pid: number;
  /** Of the long incident. */
  incidentId: string;
  key: string;
  entries: number;
  /** `evenkeel=…` of a responder. */
  cookie: string;
}

/** One figure against its limit; every part gives one or more of them. */
export interface Figure {
  name: string;
  ours: Record<string, unknown>;
  limit: Record<string, unknown>;
  /** Ours over the limit; below 1 passes. */
  ratio: number;
}
export type Part = (world: World) => Promise<Figure[]>;

const KINDS: EntryKind[] = [
  'note',
  'note',
  'note',
  'signal',
  'action',
  'hypothesis',
  'impact',
  'page',
  'decision',
  'lane',
];
const WORDS =
  'replica lag checkout falls rises deploy region queue writes errors customers failover retries is at now'.split(' ');

/** Fills the record by its own writer, in one transaction: the chain is what it always is. */
export async function openWorld(
  { url, pid }: { url: string; pid: number },
  dataDir: string,
  entries: number,
): Promise<World> {
  Object.assign(config, { dataDir, logLevel: 'warn' });
  const ground = await openGround({ attach: true, migrate: false });
  try {
    const ctx = await ground.house.ctx(ground.house.system('bench.warroom'));
    const userId = await insertUser(ctx, { email: 'room@bench.example', name: 'Rui Responder', roles: ['responder'] });
    const { id: serviceId } = await createService(ctx, { name: 'Checkout', tier: 1 });
    const { id, key } = await declare(ctx, {
      title: 'Checkout answers slowly in every region',
      severity: 3,
      serviceIds: [serviceId],
    });
    await ctx.db.transaction().execute(async (db) => {
      const person = userActor({ id: userId, name: 'Rui Responder', roles: ['responder'] });
      const { rows } = await sql<{ now: Date }>`select kernel.now() as now`.execute(db);
      for (let n = 1; n < entries; n++) {
        const text = Array.from({ length: 6 + (n % 20) }, (_, i) => WORDS[(n * 7 + i * 5) % WORDS.length]).join(' ');
        await append(
          { ...ctx, db, now: rows[0]!.now, actor: n % 3 ? person : ctx.actor },
          { id, exercise: false },
          {
            kind: KINDS[n % KINDS.length]!,
            text: `${n}: ${text}`,
          },
        );
      }
    });
    const { token } = await openSession(ctx, userId);
    return { url, pid, dataDir, incidentId: id, key, entries, cookie: `evenkeel=${token}` };
  } finally {
    await ground.close();
  }
}
