/** What is due next: a binary heap of times with one live entry for each id. No timers, no clock. */

interface Entry {
  id: string;
  at: number;
  /** Entries are never taken out of the middle; an outdated one is skipped when it comes up. */
  turn: number;
}

export interface Schedule {
  /** Sets or moves the time of an id. */
  put(id: string, at: number): void;
  remove(id: string): void;
  /** The earliest time there is. */
  next(): number | undefined;
  /** Takes out and returns one that is due, earliest first. */
  take(now: number): { id: string; at: number } | undefined;
  size(): number;
}

export function openSchedule(): Schedule {
  const heap: Entry[] = [];
  const turns = new Map<string, number>();
  let counter = 0;

  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  const up = (index: number) => {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.at <= heap[at]!.at) return;
      swap(at, parent);
      at = parent;
    }
  };
  const down = () => {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const least = left + 1 < heap.length && heap[left + 1]!.at < heap[left]!.at ? left + 1 : left;
      if (heap[at]!.at <= heap[least]!.at) return;
      swap(at, least);
      at = least;
    }
  };
  const pop = () => {
    const last = heap.pop();
    if (last && heap.length > 0) {
      heap[0] = last;
      down();
    }
  };
  const head = (): Entry | undefined => {
    while (heap[0] && turns.get(heap[0].id) !== heap[0].turn) pop();
    return heap[0];
  };

  return {
    put(id, at) {
      const turn = ++counter;
      turns.set(id, turn);
      heap.push({ id, at, turn });
      up(heap.length - 1);
    },
    remove: (id) => void turns.delete(id),
    next: () => head()?.at,
    take(now) {
      const first = head();
      if (!first || first.at > now) return undefined;
      pop();
      turns.delete(first.id);
      return { id: first.id, at: first.at };
    },
    size: () => turns.size,
  };
}
