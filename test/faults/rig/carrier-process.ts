/**
 * A phone company as a process of its own, speaking Twilio's HTTP: takes so many messages a second and answers 429 to the
 * rest, writes every message to its journal, synced, before it answers, and sends the receipt a moment later.
 * Environment: `JOURNAL`, `PER_SECOND`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCarrier } from '../../fakes/carrier.ts';
import { machineMs, openJournal } from './journal.ts';

export interface Handed {
  kind: 'sms' | 'call';
  at: number;
  to: string;
  text: string;
}
export interface Refused {
  kind: 'refused';
  at: number;
}

if (import.meta.main) {
  const journal = openJournal(process.env.JOURNAL ?? '');
  const gapMs = 1000 / Number(process.env.PER_SECOND ?? 1);
  const carrier = await openCarrier(async () => new Date(Date.now()));
  let freeAt = 0;
  carrier.refuse(() => {
    const now = machineMs();
    if (now < freeAt) {
      journal.write({ kind: 'refused', at: now } satisfies Refused);
      return { status: 429, body: { code: 20429, message: 'Too Many Requests', status: 429 } };
    }
    freeAt = now + gapMs;
    return undefined;
  });
  carrier.onTaken((one) => {
    journal.write({ kind: one.kind, at: machineMs(), to: one.to, text: one.text } satisfies Handed);
    void sleep(200)
      .then(() => carrier.receipt(one, one.kind === 'sms' ? 'delivered' : 'completed'))
      .catch(() => undefined);
  });
  console.log(`account ${JSON.stringify(carrier.twilio)}`);
}
