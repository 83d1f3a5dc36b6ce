/** Where a subscriber is reached: a mailbox, a phone, a webhook, a room of a chat. Read strictly, shown masked. */
import { channelByName } from '#channels';
import { Problem } from '#kernel';
import type { SubscriberChannel } from '../tables.ts';
import { type Address, readAddress } from './model.ts';

/** Hosts where incoming webhooks of the two chats live; anything else would be somebody's server in disguise. */
const CHAT_HOSTS = {
  slack: /^hooks\.slack(?:-gov)?\.com$/,
  teams: /(?:^|\.)(?:webhook\.office\.com|logic\.azure\.com|powerplatform\.com)$/,
};

const cleanNumber = (typed: string) =>
  typed
    .normalize('NFKC')
    .replace(/[\s().\-/]/g, '')
    .replace(/^00/, '+');

/** Reads what somebody typed for that channel; null when it cannot be one. `anyHost`: tests and proxies of one's own. */
export function readTarget(channel: SubscriberChannel, text: string, anyHost = false): Address | null {
  if (channel === 'email') return readAddress(text);
  const typed = text.trim();
  try {
    if (channel === 'sms') {
      const number = cleanNumber(typed);
      channelByName('sms').checkRecipient(number);
      return of(number, `${number.slice(0, 3)}…${number.slice(-2)}`, channel);
    }
    if (typed.length > 1000) return null;
    // Checks scheme, port and literal addresses; names are checked again at every connect (rows 60 to 63).
    channelByName('chat_hook').checkRecipient(`teams ${typed}`);
    const { host } = new URL(typed);
    if (channel !== 'webhook' && !anyHost && !CHAT_HOSTS[channel].test(host)) return null;
    return of(typed, host, channel);
  } catch (error) {
    if (error instanceof Problem || error instanceof TypeError) return null;
    throw error;
  }
}

const of = (address: string, hint: string, channel: string): Address => ({
  address,
  key: `${channel} ${address}`,
  mailbox: `${channel} ${address}`,
  hint,
});
