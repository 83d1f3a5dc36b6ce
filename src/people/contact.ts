/** How a person can be reached, and the signed link that lets them answer from a mail. */
import {
  addMs,
  ahead,
  type Ctx,
  config,
  type Db,
  derivedKey,
  hmacSha256,
  isId,
  sameText,
  sent,
  sql,
  standing,
} from '#kernel';
import type { Person } from '#security';
import type { ContactMethodRow } from './contact-store.ts';

/** One way to send a page. `proven` false: nobody has confirmed that it reaches them. */
export interface Way {
  methodId: string;
  /** The name of a channel. */
  channel: string;
  to: string;
  shown: string;
  proven: boolean;
  /** Minutes after the call at which it is used, by urgency; null never. */
  after: { high: number | null; low: number | null };
}

/** Every contact method of these people, by person. */
export async function methodsOf(db: Db, userIds: string[]): Promise<Map<string, ContactMethodRow[]>> {
  const found = new Map<string, ContactMethodRow[]>(userIds.map((id) => [id, []]));
  if (userIds.length === 0) return found;
  const ask = () =>
    sent(
      db
        .selectFrom('people.contactMethods')
        .selectAll()
        .where(sql<boolean>`user_id = any(${userIds}::text[])`)
        .orderBy('createdAt')
        .modifyEnd(ahead),
    );
  const rows = await standing(db, `ways of:${userIds.join()}`, ask);
  for (const row of rows) found.get(row.userId)?.push(row);
  return found;
}

/**
 * The ways to page a person: all proven ones; with none, everything we have, the sign-in address first. Better a mail
 * to an address nobody confirmed than nobody called.
 */
export function waysToReach(person: Pick<Person, 'id' | 'email'>, all: ContactMethodRow[]): Way[] {
  // One that its owner has switched off by STOP is not used, whatever else is missing.
  const methods = all.filter((method) => method.disabledAt === null);
  const way = (method: ContactMethodRow): Way => ({
    methodId: method.id,
    channel: method.kind,
    to: method.endpointId ?? method.value,
    shown: method.value,
    proven: method.verifiedAt !== null,
    after: { high: method.highAfter, low: method.lowAfter },
  });
  const proven = methods.filter((method) => method.verifiedAt !== null);
  if (proven.length > 0) return proven.map(way);
  const hasAccount = methods.some((method) => isAccount(person, method));
  const account: Way = {
    methodId: 'account',
    channel: 'email',
    to: person.email,
    shown: person.email,
    proven: false,
    after: { high: 0, low: 0 },
  };
  return [...(hasAccount ? [] : [account]), ...methods.map(way)];
}

/** Whether this method is the address the person signs in with. */
export const isAccount = (person: Pick<Person, 'email'>, method: Pick<ContactMethodRow, 'kind' | 'value'>) =>
  method.kind === 'email' && method.value.toLowerCase() === person.email.toLowerCase();

/** A way as its owner may see it at a glance in a log others read too: a number or an address is not everybody's. */
export const inLog = (way: Pick<Way, 'channel' | 'shown'>) =>
  way.channel === 'sms' || way.channel === 'voice' ? `•••${way.shown.slice(-3)}` : way.shown;

const LINK_LIFE_MS = 24 * 3600 * 1000;
const sign = (text: string) => hmacSha256(derivedKey('people.ack'), text).toString('base64url');

/** The address in a mail under which this person, and nobody else, can take this page for a day. */
export const ackUrl = (ctx: Pick<Ctx, 'now'>, pageId: string, userId: string): string =>
  `${config.publicUrl}/ack/${ackToken(ctx, pageId, userId)}`;

/** The signed part of that address. */
export function ackToken(ctx: Pick<Ctx, 'now'>, pageId: string, userId: string): string {
  const text = `${pageId}.${userId}.${addMs(ctx.now, LINK_LIFE_MS).getTime().toString(36)}`;
  return `${text}.${sign(text)}`;
}

/** Whose link it is and for which page; undefined when it is forged, cut or too old. */
export function readAckToken(token: string, now: Date): { pageId: string; userId: string } | undefined {
  const [pageId = '', userId = '', expires = '', mac = ''] = token.split('.');
  if (!sameText(mac, sign(`${pageId}.${userId}.${expires}`))) return undefined;
  if (!isId('pag', pageId) || Number.parseInt(expires, 36) < now.getTime()) return undefined;
  return { pageId, userId };
}
