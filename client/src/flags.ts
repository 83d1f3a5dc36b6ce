/** The values Evenkeel serves, fetched by OFREP and kept on disk: when the server is gone, the last good ones go on holding. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface FlagValue {
  value: unknown;
  variant: string | undefined;
}
export interface FlagsOptions {
  url: string;
  token: string;
  /** Where the last good state is kept; without it nothing survives a restart. */
  stateFile?: string | undefined;
  /** Whose values: `{ targetingKey: 'checkout-7' }`. */
  context?: Record<string, unknown> | undefined;
  everyMs?: number | undefined;
  onChange?: (() => void) | undefined;
}

interface Kept {
  at: string;
  flags: Record<string, FlagValue>;
}

export class Flags {
  #flags: Record<string, FlagValue> = {};
  #etag: string | undefined;
  #goodAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #options: FlagsOptions;

  constructor(options: FlagsOptions) {
    this.#options = options;
    this.#load();
  }

  /** Asks now, then every second. Never throws: a server that is gone leaves what was known. */
  async start(): Promise<void> {
    await this.refresh();
    const again = async (): Promise<void> => {
      await this.refresh();
      if (!this.#closed) this.#timer = setTimeout(() => void again(), this.#options.everyMs ?? 1_000).unref();
    };
    if (!this.#closed) this.#timer = setTimeout(() => void again(), this.#options.everyMs ?? 1_000).unref();
  }

  /** One question. True when the server answered. */
  async refresh(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#options.url}/ofrep/v1/evaluate/flags`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${this.#options.token}`,
          ...(this.#etag && { 'if-none-match': this.#etag }),
        },
        body: JSON.stringify({ context: this.#options.context ?? {} }),
        signal: AbortSignal.timeout(5_000),
      });
      if (answer.status === 304) {
        this.#goodAt = performance.now();
        return true;
      }
      if (!answer.ok) return false;
      const { flags } = (await answer.json()) as { flags: { key: string; value?: unknown; variant?: string }[] };
      this.#flags = Object.fromEntries(flags.map(({ key, value, variant }) => [key, { value, variant }]));
      this.#etag = answer.headers.get('etag') ?? undefined;
      this.#goodAt = performance.now();
      this.#keep();
      this.#options.onChange?.();
      return true;
    } catch {
      return false;
    }
  }

  get(key: string): FlagValue | undefined {
    return Object.hasOwn(this.#flags, key) ? this.#flags[key] : undefined;
  }
  /** Seconds since the server last answered; null when it has not yet, in this process. */
  ageSeconds(): number | null {
    return this.#goodAt === null ? null : (performance.now() - this.#goodAt) / 1000;
  }
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #load(): void {
    if (!this.#options.stateFile) return;
    try {
      const kept = JSON.parse(readFileSync(this.#options.stateFile, 'utf8')) as Kept;
      if (kept !== null && typeof kept.flags === 'object') this.#flags = kept.flags;
    } catch {
      // Nothing was kept, or it cannot be read: as at the very first start.
    }
  }
  /** Written beside and renamed, so that a crash never leaves half a file. */
  #keep(): void {
    const file = this.#options.stateFile;
    if (!file) return;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        `${file}.new`,
        JSON.stringify({ at: new Date().toISOString(), flags: this.#flags } satisfies Kept),
        { mode: 0o600 },
      );
      renameSync(`${file}.new`, file);
    } catch {
      // A full disk must not stop the service that asks.
    }
  }
}
