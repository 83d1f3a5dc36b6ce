/** The assembled product: its modules, its database, and the way to get a context. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Endpoint } from '../../contract/core.ts';
import type { Actor, Ctx, Db } from './context.ts';
import { openHotDb, type Pool } from './db/pool.ts';
import { type EventDefinition, type Reaction, registerReactions } from './events.ts';
import type { AnyRoute } from './http/route.ts';
import type { JobDefinition } from './jobs.ts';
import { log } from './log.ts';
import type { SettingDefinition } from './settings.ts';
import { sweep } from './sweep.ts';
import { readClockFor, veiled } from './veil.ts';

export interface CommandFace {
  commandName: string;
  allow: string;
}

/** What a module brings into the house. */
export interface Module {
  name: string;
  commands: CommandFace[];
  events: EventDefinition[];
  reactions: Reaction[];
  jobs: JobDefinition[];
  settings: SettingDefinition[];
  routes: AnyRoute[];
  /** Run once at every start, after the migrations. */
  onStart?: (house: House) => Promise<void>;
  /** Told when the product starts and its database is not there: get ready without it. */
  withoutDatabase?: (house: House) => void;
  /**
   * The wall clock was put back by so much: what this module has waiting for a length of time is due that much earlier
   * by it. In the transaction of whoever noticed, once for all nodes.
   */
  clockWentBack?: (db: Db, ms: number) => Promise<void>;
  /** What every working node keeps doing beside its jobs. Begun after the worker, ended before the database is closed. */
  keepDoing?: (house: House) => Promise<{ stop(): Promise<void> }>;
}

/** Describes a module; what is left out is empty. */
export function defineModule(
  parts: { [K in keyof Module]?: Module[K] extends (infer T)[] ? (T | any)[] : Module[K] } & { name: string },
): Module {
  return { commands: [], events: [], reactions: [], jobs: [], settings: [], routes: [], ...parts } as Module;
}

export interface House {
  db: Db;
  pool: Pool;
  /** Connections of their own for what comes many times a second; see `openHotDb`. */
  hot: Db;
  modules: Module[];
  jobs: Map<string, JobDefinition>;
  /** A context outside any transaction. `now` is read from the database's clock. */
  ctx(actor: Actor, options?: { exercise?: boolean; requestId?: string; ip?: string; asked?: string }): Promise<Ctx>;
  /** The actor of work nobody asked for just now, named after the job or policy. */
  system(name: string): Actor;
  /** Resolve when work that goes on without a job is done: waited for before the house closes. */
  background: (() => Promise<void>)[];
  /** A host name of somebody's own page → where requests to it are answered; asked for every request, so it must be quick. */
  prefixOfHost?: (host: string) => string | undefined;
  /** Tests listen here. */
  onJobError?: (job: string, error: unknown) => void;
  /** Set in tests: every answer must fit the contract. */
  checkAnswers?: (endpoint: Endpoint, output: unknown) => void;
}

export const systemActor = (name: string): Actor => ({ kind: 'system', id: `system:${name}`, name, roles: [] });

/** Reads the present from the database's clock. */
export async function readClock(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select kernel.now() as now`.execute(db);
  return rows[0]?.now ?? new Date(Number.NaN);
}

/** Puts the modules together over one database. */
export function assemble(modules: Module[], db: Db, pool: Pool): House {
  const jobs = new Map<string, JobDefinition>();
  const reactions = modules.flatMap((module) => module.reactions);
  for (const job of [sweep, ...modules.flatMap((module) => module.jobs), ...reactions.map((item) => item.job)]) {
    if (jobs.has(job.name) && jobs.get(job.name) !== job) throw new Error(`Two jobs are called ${job.name}`);
    jobs.set(job.name, job);
  }
  registerReactions(reactions);
  let hot: Db | undefined;
  return {
    db,
    pool,
    get hot() {
      return (hot ??= openHotDb(pool));
    },
    modules,
    jobs,
    system: systemActor,
    background: [],
    ctx: async (actor, options = {}) => {
      const { now, hidden } =
        actor.kind === 'system' ? { now: await readClock(db), hidden: [] } : await readClockFor(db, actor);
      return {
        db: hidden.length > 0 ? await veiled(db, hidden) : db,
        actor,
        now,
        hidden,
        asked: options.asked,
        exercise: options.exercise ?? false,
        log: log.child({ requestId: options.requestId }),
        requestId: options.requestId ?? randomUUID(),
        ip: options.ip,
        audit: {},
        within: [],
      };
    },
  };
}
