/** A small real mail server: takes every message over SMTP, parses it, keeps it. Can be told to refuse. */
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  /** Envelope recipients: whom the mail really goes to, whatever its headers say. */
  to: string[];
  subject: string;
  text: string;
  html: string;
  /** All headers, lower-case names; a repeated header keeps all its lines in order. */
  headers: Record<string, string[]>;
  raw: string;
}

/** Returns null to accept, or a refusal such as `{ code: 550, message: 'no such user' }`. */
export type MailVerdict = (mail: ReceivedMail) => { code: number; message: string } | null;

export interface SmtpSink {
  host: string;
  port: number;
  url: string;
  messages: ReceivedMail[];
  /** Decides about every later mail; a refused one is not kept in `messages`. Without an argument: accept all. */
  answer(verdict?: MailVerdict): void;
  /** Forget what was received. */
  clear(): void;
  close(): Promise<void>;
}

/** Starts a mail sink on a free loopback port. With `auth`, only that user may send. */
export async function openSmtp(options: { auth?: { user: string; password: string } } = {}): Promise<SmtpSink> {
  let verdict: MailVerdict = () => null;
  const messages: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: !options.auth,
    disabledCommands: ['STARTTLS', ...(options.auth ? [] : ['AUTH'])],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth(given, _session, done) {
      const right = given.username === options.auth?.user && given.password === options.auth?.password;
      done(right ? null : new Error('Invalid username or password'), right ? { user: given.username } : undefined);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const mail = await readMail(Buffer.concat(chunks), session.envelope);
        const refusal = verdict(mail);
        if (refusal) {
          done(Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
          return;
        }
        messages.push(mail);
        done();
      });
    },
  });
  server.on('error', () => {}); // a client that hangs up is its own affair
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    url: `smtp://127.0.0.1:${port}`,
    messages,
    answer(next) {
      verdict = next ?? (() => null);
    },
    clear() {
      messages.length = 0;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

type Envelope = { mailFrom: false | { address: string }; rcptTo: Array<{ address: string }> };

async function readMail(raw: Buffer, envelope: Envelope): Promise<ReceivedMail> {
  const parsed = await simpleParser(raw);
  const headers: Record<string, string[]> = {};
  for (const { key, line } of parsed.headerLines) {
    headers[key] ??= [];
    headers[key].push(line.slice(line.indexOf(':') + 1).trim());
  }
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map((recipient) => recipient.address),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    headers,
    raw: raw.toString('utf8'),
  };
}
