/** SMS through a carrier. A page can be taken by replying with its code. */
import { phoneChannel } from '../carriers/phone.ts';
import { plain } from '../model.ts';

/** Two parts of an SMS, so that a page costs at most two. */
const MOST = 300;

export const sms = phoneChannel({
  name: 'sms',
  label: 'SMS',
  help: 'With country code. A page is taken by replying with the code it ends with, such as 1a. At most 6 in a quarter of an hour.',
  mostPerQuarterHour: 6,
  receiptWithinMs: 2 * 60_000,
  wordsOf({ message }) {
    const how = message.answer?.code ? `\nReply ${message.answer.code} to take it.` : '';
    return `${plain(message, MOST - how.length)}${how}`;
  },
  hand: (ctx, carrier, { id, to }, text) => carrier.sms(ctx, { id, to, text }),
});
