/** The book of a walk in memory: who was begun, who has an outcome, and how far the durable mark may stand. Pure. */

/** `handed`: given to an ordinary delivery. `skipped`: does not want it. */
export type Settled = 'sent' | 'failed' | 'handed' | 'skipped';

/** What is written down: everybody up to `after` has an outcome, and so have those in `ahead`. */
export interface Mark {
  after: string;
  ahead: string[];
  sent: number;
  failed: number;
  handed: number;
}

export interface Ledger {
  /** True when another may be begun: what would be repeated after a crash stays within the window. */
  hasRoom(): boolean;
  /** In the order of the ids. False when this one has an outcome already. */
  begin(id: string): boolean;
  settle(id: string, outcome: Settled): void;
  /** Not begun after all: the mark stays before it. */
  unbegin(id: string): void;
  /** The mark now, when it differs from what was recorded. */
  pending(): Mark | undefined;
  recorded(mark: Mark): void;
  /** Begun and without an outcome. */
  open(): number;
}

interface Entry {
  id: string;
  state: 'open' | 'done';
}

/**
 * `from` is the mark of an earlier walk. At most `window` are begun whose outcome is not written down: as many as a crash may
 * repeat.
 */
export function openLedger(from: Mark, window: number): Ledger {
  const line: Entry[] = [];
  const entries = new Map<string, Entry>();
  const known = new Set(from.ahead);
  const counts = { sent: from.sent, failed: from.failed, handed: from.handed };
  let { after } = from;
  let open = 0;
  let written = counts.sent + counts.failed + counts.handed;
  let dirty = false;
  const settledCount = () => counts.sent + counts.failed + counts.handed;
  const advance = () => {
    while (line[0]?.state === 'done') {
      const { id } = line.shift() as Entry;
      entries.delete(id);
      after = id;
      dirty = true;
    }
  };
  return {
    hasRoom: () => open + (settledCount() - written) < window,
    begin(id) {
      const done = known.has(id);
      const entry: Entry = { id, state: done ? 'done' : 'open' };
      line.push(entry);
      entries.set(id, entry);
      if (done) advance();
      else open += 1;
      return !done;
    },
    settle(id, outcome) {
      const entry = entries.get(id);
      if (!entry || entry.state === 'done') return;
      entry.state = 'done';
      open -= 1;
      if (outcome !== 'skipped') counts[outcome] += 1;
      dirty = true;
      advance();
    },
    unbegin(id) {
      if (entries.get(id)?.state === 'open') open -= 1;
    },
    pending() {
      if (!dirty) return undefined;
      const ahead = line.filter(({ state }) => state === 'done').map(({ id }) => id);
      return { after, ahead, ...counts };
    },
    recorded(mark) {
      written = mark.sent + mark.failed + mark.handed;
      dirty = written !== settledCount() || mark.after !== after;
    },
    open: () => open,
  };
}
