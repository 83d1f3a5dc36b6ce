/**
 * Reads a vendor while the caller goes on. The key lives in this process only, for as long as that takes: it is in no row,
 * no job, no log. If the process ends meanwhile, the import says that it stopped, and is started again.
 */
import { type Ctx, egressFetch, Problem, systemActor } from '#kernel';
import { noteReading } from './commands/noteReading.ts';
import type { Snapshot, VendorName } from './model.ts';
import { prepare } from './prepare.ts';
import { openReader, type Progress } from './reader.ts';
import { scrub, snapshotOf } from './snapshot.ts';
import { filesOf, type ImportChange } from './store.ts';
import { vendorByName } from './vendors/index.ts';

/** One answer of a vendor: a page of a hundred schedules with their layers is far below. */
const MOST_BYTES = 32 * 1024 * 1024;
const TELL_EVERY_MS = 400;

/** Begins to read and returns. Never throws: what goes wrong is written to the import. */
export function readInBackground(ctx: Ctx, input: { id: string; vendor: VendorName; base: string; key: string }): void {
  void readNow(ctx, input).catch((error: Error) =>
    ctx.log.warn({ import: input.id, error: error.message }, 'an import could not write down how its reading ended'),
  );
}

async function readNow(
  ctx: Ctx,
  { id, vendor: name, base, key }: { id: string; vendor: VendorName; base: string; key: string },
): Promise<void> {
  const vendor = vendorByName(name);
  const acting: Ctx = {
    ...ctx,
    actor: { ...systemActor('programme.reading'), onBehalfOf: ctx.actor.onBehalfOf ?? ctx.actor.id },
    within: [],
    audit: {},
  };
  const note = (change: ImportChange) => noteReading(acting, { id, change });
  let told = 0;
  let waiting: Promise<unknown> = Promise.resolve();
  const tell = (progress: Progress) => {
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    // One after the other, and a failed note is no failed reading.
    waiting = waiting.then(() => note({ progress })).catch(() => undefined);
  };
  try {
    const reader = openReader({
      vendor: vendor.title,
      base,
      headers: vendor.headers(key),
      now: ctx.now,
      tell,
      call: (url, request) =>
        egressFetch(acting, url, { ...request, purpose: 'import', timeoutMs: 60_000, maxBytes: MOST_BYTES }),
    });
    const read = await vendor.read(reader);
    await waiting;
    await keep(note, { vendor: name, readAt: ctx.now.toISOString(), ...read }, ctx.now);
  } catch (error) {
    await waiting;
    await fail(ctx, note, error);
  }
}

/** Reads the files that came in. */
export async function readFiles(ctx: Ctx, input: { id: string; vendor: VendorName }): Promise<void> {
  const acting: Ctx = {
    ...ctx,
    actor: { ...systemActor('programme.reading'), onBehalfOf: ctx.actor.onBehalfOf ?? ctx.actor.id },
    within: [],
    audit: {},
  };
  const note = (change: ImportChange) => noteReading(acting, { id: input.id, change });
  try {
    const files = await filesOf(ctx, input.id);
    const snapshot = snapshotOf(input.vendor, files, ctx.now);
    const source = files.length === 1 ? (files[0]?.name ?? 'file') : `${files.length} files`;
    await keep((change) => note({ ...change, source: source.slice(0, 200) }), snapshot, ctx.now);
  } catch (error) {
    await fail(ctx, note, error);
  }
}

type Keep = (change: ImportChange) => Promise<unknown>;

async function keep(note: Keep, snapshot: Snapshot, now: Date): Promise<void> {
  const clean = scrub(snapshot) as Snapshot;
  // What cannot be understood fails here, before anybody is asked to decide about it.
  const { items } = prepare(clean);
  await note({
    state: 'ready',
    snapshot: clean,
    readAt: now,
    progress: { stage: 'Read', done: items.length, total: items.length },
  });
}

async function fail(ctx: Ctx, note: Keep, error: unknown): Promise<void> {
  const problem =
    error instanceof Problem
      ? [error.message, error.detail].filter(Boolean).join('. ')
      : 'The answers could not be understood. Please report this with the vendor and its version.';
  if (!(error instanceof Problem))
    ctx.log.error({ error: (error as Error).message, stack: (error as Error).stack }, 'an import could not be read');
  await note({ state: 'failed', problem: problem.slice(0, 1000) });
}
