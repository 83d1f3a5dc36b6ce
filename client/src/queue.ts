/**
 * Writes kept back while a degraded mode is on, applied later in their order: none lost, none applied twice. Every write is
 * on disk before it is accepted; every write that was applied is noted; what was sent but not noted is sent again with its key.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface QueuedWrite<T = unknown> {
  n: number;
  /** The other side applies a key once: whoever sends it a second time changes nothing. */
  key: string;
  body: T;
}
type Line =
  { t: 'w'; n: number; key: string; body: unknown } | { t: 'd'; n: number } | { t: 'f'; n: number; why: string };

export class WriteQueue<T = unknown> {
  #fd: number;
  #next = 0;
  #waiting: QueuedWrite<T>[] = [];
  #keys = new Set<string>();
  #drained = 0;
  #failed: (QueuedWrite<T> & { why: string })[] = [];
  readonly #file: string;

  /** Opens the queue, with everything an earlier process left in it. */
  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    const whole = this.#replay();
    this.#fd = openSync(file, 'a', 0o600);
    // A crash in the middle of a line leaves half of one: it was never accepted, and is cut off.
    if (whole !== null) ftruncateSync(this.#fd, whole);
  }

  /** Bytes of the file that are whole lines; null when there is no file. */
  #replay(): number | null {
    if (!existsSync(this.#file)) return null;
    const bytes = readFileSync(this.#file);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const open = new Map<number, QueuedWrite<T>>();
    for (const text of bytes.subarray(0, end).toString('utf8').split('\n')) {
      if (text === '') continue;
      const line = JSON.parse(text) as Line;
      this.#next = Math.max(this.#next, line.n + 1);
      if (line.t === 'w') {
        open.set(line.n, { n: line.n, key: line.key, body: line.body as T });
        this.#keys.add(line.key);
        continue;
      }
      const write = open.get(line.n);
      open.delete(line.n);
      if (line.t === 'd') this.#drained += 1;
      else if (write) this.#failed.push({ ...write, why: line.why });
    }
    this.#waiting = [...open.values()].sort((a, b) => a.n - b.n);
    return end;
  }

  #append(line: Line): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    let at = 0;
    while (at < bytes.length) at += writeSync(this.#fd, bytes, at);
    fsyncSync(this.#fd);
  }

  /** Accepts a write: when this returns it survives a crash. The same key again is the same write. */
  put(key: string, body: T): void {
    if (this.#keys.has(key)) return;
    const n = this.#next++;
    this.#append({ t: 'w', n, key, body });
    this.#keys.add(key);
    this.#waiting.push({ n, key, body });
  }

  /**
   * Applies what waits, oldest first. `apply` throws to stop (it is tried again by the next drain) and returns
   * `{ refused }` for a write that will never be taken: that one is set aside for a person.
   */
  async drain(apply: (write: QueuedWrite<T>) => Promise<void | { refused: string }>): Promise<number> {
    let done = 0;
    while (this.#waiting.length > 0) {
      const write = this.#waiting[0]!;
      const said = await apply(write);
      if (said && 'refused' in said) {
        this.#append({ t: 'f', n: write.n, why: said.refused });
        this.#failed.push({ ...write, why: said.refused });
      } else {
        this.#append({ t: 'd', n: write.n });
        this.#drained += 1;
      }
      this.#waiting.shift();
      done += 1;
    }
    if (this.#failed.length === 0) this.#compact();
    return done;
  }

  /** What the degraded mode's contract wants to know. */
  counts(): { queued: number; drained: number; failed: number } {
    return { queued: this.#waiting.length, drained: this.#drained, failed: this.#failed.length };
  }
  failed(): readonly (QueuedWrite<T> & { why: string })[] {
    return this.#failed;
  }
  close(): void {
    closeSync(this.#fd);
  }

  /** Everything is through: the file begins anew. Keys stay known as long as this process lives; after that the receiver's own keys hold. */
  #compact(): void {
    const fresh = `${this.#file}.new`;
    const fd = openSync(fresh, 'w', 0o600);
    // The numbering goes on, so that an old line can never be taken for a new one.
    writeSync(fd, `${JSON.stringify({ t: 'd', n: this.#next++ } satisfies Line)}\n`);
    fsyncSync(fd);
    renameSync(fresh, this.#file);
    closeSync(this.#fd);
    closeSync(fd);
    this.#fd = openSync(this.#file, 'a', 0o600);
  }
}
