/** Append-only journals on disk: what a fault may not take away from the experiment. One JSON object per line. */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';

export interface Journal {
  path: string;
  /** Returns when the line is on the disk. */
  write(entry: object): void;
  close(): void;
}

/** Monotonic milliseconds that every process of this machine agrees on. */
export const machineMs = () => Number(process.hrtime.bigint()) / 1e6;

export function openJournal(path: string): Journal {
  const fd = openSync(path, 'a');
  return {
    path,
    write: (entry) => {
      writeSync(fd, `${JSON.stringify(entry)}\n`);
      fdatasyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

/** Every whole line of a journal. */
export function readJournal<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as T);
}
