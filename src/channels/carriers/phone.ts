/** What SMS and voice share: numbers, and a channel that hands its message to whichever carrier is configured. */
import { type Ctx, Problem } from '#kernel';
import { type Channel, type Envelope, LEASE_LOST, refuseExercise } from '../channel.ts';
import type { Outcome } from '../model.ts';
import type { Carrier } from './carrier.ts';
import { giveBack, reserve, whyNotTo } from './cost.ts';
import { configuredCarriers } from './index.ts';

/** A number as carriers want it: `0049 (151) 123-456` becomes `+49151123456`. */
export const cleanNumber = (typed: string) =>
  typed
    .normalize('NFKC')
    .replace(/[\s().\-/]/g, '')
    .replace(/^00/, '+');

const NUMBER = /^\+[1-9]\d{6,14}$/;

/** A channel over carriers. `wordsOf`: what is sent or spoken; `hand`: gives one message to one carrier. */
export function phoneChannel(parts: {
  name: 'sms' | 'voice';
  label: string;
  help: string;
  mostPerQuarterHour: number;
  receiptWithinMs: number;
  wordsOf: (envelope: Envelope) => string;
  hand: (ctx: Ctx, carrier: Carrier, envelope: Envelope, words: string) => Promise<Outcome>;
}): Channel {
  const { name, label, help, mostPerQuarterHour, receiptWithinMs } = parts;
  return {
    name,
    label,
    purposes: ['page', 'security', 'internal', ...(name === 'sms' ? (['subscriber'] as const) : [])],
    receiptWithinMs,
    contact: {
      label: 'Phone number',
      placeholder: '+49 151 12345678',
      help,
      type: 'tel',
      clean: cleanNumber,
      // Nobody is rung or billed for a warning unless they ask for it.
      after: { high: 0, low: null },
      mostPerQuarterHour,
    },
    whyNotReady: async (ctx) =>
      (await configuredCarriers(ctx)).length === 0 ? 'no carrier is configured (Twilio or Vonage)' : null,
    checkRecipient(to) {
      if (!NUMBER.test(to))
        throw new Problem(422, 'This is not a phone number', {
          rule: 'channels.number',
          errors: [{ path: 'to', message: 'with country code, such as +4915112345678' }],
        });
    },
    whyNotTo,
    async send(ctx, envelope) {
      refuseExercise(envelope);
      const { to, essential } = envelope;
      const text = parts.wordsOf(envelope);
      const carriers = await configuredCarriers(ctx, to);
      if (carriers.length === 0) return { state: 'failed', error: 'no carrier is configured', permanent: true };
      const fault = essential ? null : await whyNotTo(ctx, to);
      if (fault) return { state: 'failed', error: fault, permanent: true };
      const reserved = await reserve(ctx, { channel: name, to, text, essential });
      if (!reserved) return { state: 'failed', error: USED_UP, permanent: true };
      const outcome = await firstThatTakes(carriers, async (carrier) => {
        envelope.stillHeld?.();
        return parts.hand(ctx, carrier, envelope, text);
      });
      if (outcome.state === 'failed') await giveBack(ctx, reserved);
      return outcome;
    },
  };
}

const USED_UP = 'today’s limit for SMS and calls is used up; urgent pages to confirmed numbers still go out';

type Failed = Extract<Outcome, { state: 'failed' }>;

/** Asks one carrier after the other, at once. It is final only when all of them say so. */
async function firstThatTakes(
  carriers: { load: () => Promise<Carrier> }[],
  ask: (carrier: Carrier) => Promise<Outcome>,
): Promise<Outcome> {
  const failures: Failed[] = [];
  for (const { load } of carriers) {
    const outcome = await ask(await load()).catch(asFailure);
    if (outcome.state !== 'failed') return outcome;
    failures.push(outcome);
  }
  const waits = failures.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  return {
    state: 'failed',
    error: failures.map(({ error }) => error).join('; '),
    permanent: failures.every(({ permanent }) => permanent),
    ...(failures.some(({ busy }) => busy) ? { busy: true } : {}),
    ...(waits.length === failures.length ? { retryAfterSeconds: Math.min(...waits) } : {}),
  };
}

/** A key that is no key, say, is that carrier's fault; a lost lease ends the try for good. */
function asFailure(error: unknown): Failed {
  if (error instanceof Problem && error.rule === LEASE_LOST) throw error;
  return { state: 'failed', error: (error as Error).message, permanent: false };
}
