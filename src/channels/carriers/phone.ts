/** What SMS and voice share: numbers, and a channel that hands its message to whichever carrier is configured. */
import { type Ctx, Problem } from '#kernel';
import { type Channel, type Envelope, refuseExercise } from '../channel.ts';
import type { Outcome } from '../model.ts';
import type { Carrier } from './carrier.ts';
import { carrierForTry, configuredCarriers } from './index.ts';

/** A number as carriers want it: `0049 (151) 123-456` becomes `+49151123456`. */
export const cleanNumber = (typed: string) =>
  typed
    .normalize('NFKC')
    .replace(/[\s().\-/]/g, '')
    .replace(/^00/, '+');

const NUMBER = /^\+[1-9]\d{6,14}$/;

/** A channel over carriers. `hand`: gives one message to one carrier. */
export function phoneChannel(parts: {
  name: 'sms' | 'voice';
  label: string;
  help: string;
  mostPerQuarterHour: number;
  receiptWithinMs: number;
  hand: (ctx: Ctx, carrier: Carrier, envelope: Envelope) => Promise<Outcome>;
}): Channel {
  const { name, label, help, mostPerQuarterHour, receiptWithinMs, hand } = parts;
  return {
    name,
    label,
    purposes: ['page', 'security', 'internal'],
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
    async send(ctx, envelope) {
      refuseExercise(envelope);
      const carrier = await carrierForTry(ctx, envelope.attempts);
      if (!carrier) return { state: 'failed', error: 'no carrier is configured', permanent: true };
      envelope.stillHeld?.();
      return hand(ctx, carrier, envelope);
    },
  };
}
