/** Looks at many things, each in its own rhythm, in one process: the heart of a node's eyes and of a probe alike. */
import { monotonic } from '#kernel';
import type { Outcome } from '../family.ts';
import { type Assignment, lookOnce } from '../look.ts';
import { confirmAfterMs, hashOf, nextDue, type Result } from '../model.ts';
import { openSchedule } from './schedule.ts';

export interface Watched extends Assignment {
  id: string;
  version: number;
  intervalSeconds: number;
  failAfter: number;
  recoverAfter: number;
  /** Nobody has looked at it from here yet: it does not wait for its turn. */
  fresh: boolean;
}

export interface RunnerOptions {
  /** The present by the product's clock, epoch milliseconds. */
  now: () => number;
  onResult: (result: Result) => void;
  /** Looks under way at once; what is beyond waits, and is late. */
  atOnce?: number;
  look?: (what: Assignment, now: Date) => Promise<Outcome>;
}

export interface Runner {
  /** Looks after exactly these from now on. */
  watch(list: Watched[]): void;
  /** Begins what is due, or everything; returns when all that was begun has ended. For tests and one-shot runs. */
  runDue(everything?: boolean): Promise<void>;
  /** Looks by itself from now on. */
  start(): void;
  /** Begins nothing more, and waits for what is under way, at most so long. */
  stop(patienceMs?: number): Promise<void>;
  watching(): number;
  /** How late the latest one in a hundred of the last 5,000 looks began, milliseconds. */
  lateMs(): number;
}

interface Item {
  what: Watched;
  good: number;
  bad: number;
  running: boolean;
  /** Its next regular look, when the one before it is only to make sure. */
  regularAt: number;
}

const LATENESSES = 5000;

export function openRunner(options: RunnerOptions): Runner {
  const { now, onResult, atOnce = 1000, look = lookOnce } = options;
  const schedule = openSchedule();
  const items = new Map<string, Item>();
  const running = new Set<Promise<void>>();
  const late: number[] = [];
  let lateAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let started = false;

  async function lookAt(item: Item): Promise<void> {
    item.running = true;
    const { what } = item;
    const extra = now() < item.regularAt;
    const outcome = await look(what, new Date(now()));
    item.running = false;
    // Taken away, or changed while we looked: what was seen is of yesterday.
    if (items.get(what.id) !== item) return;
    const { ok, ms, reason, facts } = outcome;
    onResult({ monitorId: what.id, at: new Date(now()), ok, ms, reason, facts, ...(extra ? { extra } : {}) });
    if (!unsure(item, ok)) return;
    item.regularAt = dueOf(what);
    schedule.put(what.id, Math.min(now() + confirmAfterMs(what.intervalSeconds), item.regularAt));
  }

  const dueOf = (what: Watched) => nextDue(what.id, what.intervalSeconds, now());

  const begin = () => {
    while (running.size < atOnce) {
      const due = schedule.take(now());
      if (!due) break;
      const item = items.get(due.id);
      if (!item) continue;
      schedule.put(due.id, dueOf(item.what));
      // Still at it since last time: this turn is left out.
      if (item.running) continue;
      late[lateAt++ % LATENESSES] = now() - due.at;
      const one: Promise<void> = lookAt(item).finally(() => {
        running.delete(one);
        if (started && running.size === atOnce - 1) begin();
      });
      running.add(one);
    }
    arm();
  };
  const arm = () => {
    clearTimeout(timer);
    if (!started) return;
    const next = schedule.next();
    // The product's clock may be moved under us; it is asked again every second.
    timer = setTimeout(begin, next === undefined ? 1000 : Math.min(1000, Math.max(0, next - now())));
  };

  return {
    watch(list) {
      const wanted = new Set(list.map((one) => one.id));
      for (const id of items.keys())
        if (!wanted.has(id)) {
          items.delete(id);
          schedule.remove(id);
        }
      for (const what of list) {
        const known = items.get(what.id);
        if (known && known.what.version === what.version) continue;
        items.set(what.id, { what, good: 0, bad: 0, running: false, regularAt: 0 });
        const soon = now() + (hashOf(what.id) % Math.min(5000, what.intervalSeconds * 1000));
        schedule.put(what.id, what.fresh || known ? Math.min(soon, dueOf(what)) : dueOf(what));
      }
      arm();
    },
    async runDue(everything = false) {
      if (everything) for (const id of items.keys()) schedule.put(id, now());
      begin();
      await Promise.all(running);
    },
    start() {
      started = true;
      arm();
    },
    async stop(patienceMs = 3000) {
      started = false;
      clearTimeout(timer);
      const from = monotonic();
      while (running.size > 0 && monotonic() - from < patienceMs)
        await new Promise((resolve) => setTimeout(resolve, 20));
      items.clear();
    },
    watching: () => items.size,
    lateMs: () => late.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(late.length * 0.99) - 1)] ?? 0,
  };
}

/** True while the row of equal results is not yet long enough to be believed. */
function unsure(item: Item, ok: boolean | null): boolean {
  if (ok === null) return false;
  const { failAfter, recoverAfter } = item.what;
  if (ok) {
    const wasDown = item.bad >= failAfter || (item.good > 0 && item.good < recoverAfter && item.bad > 0);
    item.good += 1;
    if (wasDown && item.good < recoverAfter) return true;
    if (item.good >= recoverAfter) item.bad = 0;
    return false;
  }
  item.good = 0;
  item.bad += 1;
  return item.bad < failAfter;
}
