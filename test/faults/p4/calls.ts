/** The calls a sink has received, by alert, read as its journal grows. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { Receipt } from '../rig/sink-process.ts';

export interface Call {
  /** 1 to 5, by the person; 0 for somebody who is in no step. */
  step: number;
  person: string;
  pageId: string;
  /** The id of the message: a copy of it carries the same. */
  delivery: string;
}
export interface Calls {
  /** In order, each message once. */
  of(alert: string): Call[];
  /** How many messages came again. */
  copies(alert: string): number;
}

/** `steps`: who may be called in each. Persons are told by the path of their webhook. */
export function openCalls(journal: string, steps: string[][]): Calls {
  const found = new Map<string, Call[]>();
  const copies = new Map<string, number>();
  let at = 0;
  let rest = '';
  const read = () => {
    if (!existsSync(journal)) return;
    const fd = openSync(journal, 'r');
    const part = Buffer.alloc(1 << 20);
    for (let size = 1; size > 0; at += size) {
      size = readSync(fd, part, 0, part.length, at);
      rest += part.toString('utf8', 0, size);
    }
    closeSync(fd);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as Receipt);
  };
  const take = (line: Receipt) => {
    if (line.kind !== 'receipt' || line.type !== 'page.sent') return;
    const alert = /alert-\S+-end/.exec(line.data.title ?? '')?.[0];
    if (!alert) return;
    const person = line.path.slice(1);
    const step = steps.findIndex((people) => people.includes(person)) + 1;
    const before = found.get(alert) ?? [];
    if (before.some(({ delivery }) => delivery === line.delivery)) copies.set(alert, (copies.get(alert) ?? 0) + 1);
    else found.set(alert, [...before, { step, person, pageId: line.data.pageId ?? '', delivery: line.delivery }]);
  };
  return {
    of: (alert) => {
      read();
      return found.get(alert) ?? [];
    },
    copies: (alert) => copies.get(alert) ?? 0,
  };
}
