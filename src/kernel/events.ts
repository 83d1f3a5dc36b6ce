/** Events go up: an event writes one durable job per reaction in the transaction that caused it, and one row for the live stream. */
import type { z } from 'zod';
import { type Book, gather } from './commit.ts';
import type { Ctx } from './context.ts';
import { json, type Json, type StampedAt } from './db/database.ts';
import { sql } from 'kysely';
import { later } from './db/later.ts';
import { newId } from './ids.ts';
import { defineJob, enqueue, type JobDefinition } from './jobs.ts';

interface EventsTable {
  seq: import('kysely').Generated<number>;
  id: string;
  type: string;
  subject: string;
  incident: string | null;
  payload: Json<unknown>;
  exercise: boolean;
  actor: string;
  at: StampedAt;
}
declare module './db/database.ts' {
  interface Database {
    'kernel.events': EventsTable;
  }
}

export interface EventDefinition<T = unknown> {
  /** `page.acknowledged`, as in the catalogue of events (domain 2.6). */
  type: string;
  payload: z.ZodType<T>;
  /** Why nobody reacts to it, when that is so. */
  unheard?: string;
}

export interface Reaction {
  /** `<module>.<name>`. */
  name: string;
  event: EventDefinition;
  job: JobDefinition;
  /** Whether this one concerns it, decided from the payload alone when it is announced; absent: all. */
  when?: (payload: any) => boolean;
}

const reactions = new Map<string, Reaction[]>();

/** Describes something that happened. `unheard` states why no module reacts to it (it still reaches the live stream). */
export function defineEvent<T>(
  type: string,
  payload: z.ZodType<T>,
  options: { unheard?: string } = {},
): EventDefinition<T> {
  return { type, payload, ...options };
}

/** What a module does when a module below announces something. Runs later, in its own job; must be safe to run twice. */
export function reaction<T>(
  name: string,
  event: EventDefinition<T>,
  run: (ctx: Ctx, payload: T) => Promise<unknown>,
  options: { when?: (payload: T) => boolean } = {},
): Reaction {
  const job = defineJob(name, event.payload, run) as JobDefinition;
  return { name, event: event as EventDefinition, job, ...options };
}

/** Makes the reactions known; called once when the house is assembled. Naming one twice is harmless. */
export function registerReactions(list: Reaction[]): void {
  for (const item of list) {
    const known = reactions.get(item.event.type) ?? [];
    if (!known.some((other) => other.name === item.name)) reactions.set(item.event.type, [...known, item]);
  }
}

interface About {
  subject: string;
  incident?: string | null;
}

/** Announces an event inside the caller's transaction. `subject` is the id it is about. */
export const emit = <T>(ctx: Ctx, event: EventDefinition<T>, payload: T, about: About): Promise<void> =>
  emitAll(ctx, event, [payload], about);

interface Told {
  id: string;
  type: string;
  subject: string;
  incident: string | null;
  payload: unknown;
  exercise: boolean;
  actor: string;
  at: Date;
}

/** Events of a transaction, written together at its end, in their order. */
const told: Book<Told> = {
  write: async (db, rows) =>
    void (await sql`select kernel.write_events(${json(rows as unknown)}) ${later}`.execute(db)),
};

/** Announces several events of one type about one thing, in order. */
export async function emitAll<T>(ctx: Ctx, event: EventDefinition<T>, payloads: T[], about: About): Promise<void> {
  if (ctx.synthetic) return;
  const { subject, incident = null } = about;
  const common = { type: event.type, subject, incident, exercise: ctx.exercise, actor: ctx.actor.id, at: ctx.now };
  for (const each of payloads) {
    const payload = event.payload.parse(each);
    const row = { id: newId('evt'), ...common, payload };
    if (!gather(ctx.db, told, row)) await told.write(ctx.db, [row]);
    for (const { job, when } of reactions.get(event.type) ?? [])
      if (!when || when(payload)) await enqueue(ctx, job, payload);
  }
}
