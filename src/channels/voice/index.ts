/** Voice calls through a carrier. A page can be taken by pressing a key. */
import { phoneChannel } from '../carriers/phone.ts';
import { type Message, plain } from '../model.ts';

/** About half a minute of speech. */
const MOST = 400;

/** The words of a call: lines become sentences, long numbers are read digit by digit. */
export const spokenText = (message: Message) =>
  plain(message, MOST)
    .replace(/\n+/g, '. ')
    .replace(/\.{2,}/g, '.')
    .replace(/\d{4,}/g, (digits) => [...digits].join(', '));

export const voice = phoneChannel({
  name: 'voice',
  label: 'Voice call',
  help: 'With country code. A page is read out, and taken by pressing 1. At most 3 calls in a quarter of an hour.',
  mostPerQuarterHour: 3,
  // It rings for half a minute; what comes after is the carrier's own delay.
  receiptWithinMs: 2 * 60_000,
  wordsOf: ({ message }) => spokenText(message),
  hand: (ctx, carrier, { id, to, message }, text) => carrier.call(ctx, { id, to, text, token: message.answer?.token }),
});
