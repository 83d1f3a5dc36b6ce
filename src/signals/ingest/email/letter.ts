/** A mail as we keep it: who, what about, its text, and of its attachments only names and sizes. */
import { sha256hex } from '#kernel';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { MAIL_LIMITS, problemOfMail } from './scan.ts';
import { type Authentication, readAuthentication } from './trust.ts';

export interface Letter {
  /** The address in From, in small letters; '' when there is none. Whoever writes a mail writes this too. */
  from: string;
  subject: string;
  text: string;
  date: string | null;
  messageId: string;
  /** Hashes of the Message-IDs it answers, nearest first. */
  answers: string[];
  authentication: Authentication | null;
  headers: Record<string, string>;
  attachments: { name: string; type: string; bytes: number }[];
}

/** Headers worth keeping; none says anything about the way the mail went. */
const KEPT = ['auto-submitted', 'precedence', 'x-autoreply', 'x-autorespond', 'list-id', 'reply-to', 'x-priority'];
const MOST_ANSWERS = 10;
const MOST_ATTACHMENTS = 20;

/** What a Message-ID is found by. */
export const messageHash = (id: string): string => sha256hex(id.trim()).slice(0, 32);

/** Parses a mail, or says what is wrong with it. */
export async function openLetter(bytes: Buffer): Promise<{ letter: Letter } | { problem: string }> {
  const problem = problemOfMail(bytes);
  if (problem !== undefined) return { problem };
  try {
    const mail = await simpleParser(bytes, {
      skipImageLinks: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      maxHtmlLengthToParse: 256 * 1024,
      maxHeadSize: MAIL_LIMITS.headerBytes,
      maxChildNodes: 500,
    } as Parameters<typeof simpleParser>[1]);
    return { letter: letterOf(mail) };
  } catch (error) {
    return { problem: `The mail cannot be read: ${(error as Error).message.slice(0, 200)}` };
  }
}

function letterOf(mail: ParsedMail): Letter {
  const line = (name: string): string | undefined => {
    const found = mail.headerLines.find(({ key }) => key === name)?.line;
    return found
      ?.slice(found.indexOf(':') + 1)
      .replace(/\r?\n/g, '')
      .trim()
      .slice(0, 4000);
  };
  const headers: Record<string, string> = {};
  for (const name of KEPT) {
    const value = line(name);
    if (value !== undefined) headers[name] = value.slice(0, 500);
  }
  const references = [mail.references ?? []].flat().reverse();
  const answered = [...new Set([mail.inReplyTo ?? '', ...references].filter((id) => id !== ''))];
  return {
    from: addressOf(mail.from),
    subject: (mail.subject ?? '').slice(0, 4000),
    text: (mail.text ?? '').trim().slice(0, 100_000),
    date: mail.date && !Number.isNaN(mail.date.getTime()) ? mail.date.toISOString() : null,
    messageId: (mail.messageId ?? '').slice(0, 1000),
    answers: answered.slice(0, MOST_ANSWERS).map(messageHash),
    authentication: readAuthentication(line('authentication-results')),
    headers,
    attachments: mail.attachments.slice(0, MOST_ATTACHMENTS).map(({ filename, contentType, size }) => ({
      name: (filename ?? '').slice(0, 200),
      type: contentType.slice(0, 100),
      bytes: size,
    })),
  };
}

const addressOf = (from: AddressObject | undefined): string =>
  (from?.value[0]?.address ?? '').trim().toLowerCase().slice(0, 320);
