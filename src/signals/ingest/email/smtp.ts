/** Listens for alert mail over SMTP: `<key>@anything`. Off unless EVENKEEL_MAIL_IN_PORT is set. Answers after the alert is stored, or spooled while the database is away. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { config, type House, log } from '#kernel';
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server';
import { MAX_BODY_BYTES } from '../bytes.ts';
import { senderNow, takePost } from '../door.ts';
import type { Answer } from '../family.ts';
import { email } from './index.ts';
import { keepFresh, type MailTls, readTls } from './tls.ts';

/** Integrations that one mail may go to. */
const MOST_RECIPIENTS = 5;

export interface MailDoor {
  port: number;
  stop(): Promise<void>;
}

/** An answer of SMTP that is not 250. */
const no = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });
const LATER = '4.3.0 It cannot be stored just now. Try again later.';

const keyIn = (address: string): string => address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();

export interface Where {
  host: string;
  port: number;
  /** With it STARTTLS is offered. */
  tls?: MailTls | undefined;
  /** Mail is taken only after STARTTLS. */
  tlsOnly?: boolean;
}

/** Starts listening. Rejects when the port cannot be had, or the certificate cannot be read. */
export async function openMailDoor(house: House, where: Where): Promise<MailDoor> {
  const secrets = where.tls && readTls(where.tls);
  const server = new SMTPServer({
    name: new URL(config.publicUrl).hostname,
    banner: 'Evenkeel takes alert mail',
    // Who may send is decided by the key in the address. Without a certificate TLS ends at the mail server in front.
    disabledCommands: ['AUTH', ...(secrets ? [] : ['STARTTLS'])],
    ...(secrets ? { ...secrets, minVersion: 'TLSv1.2' as const } : {}),
    authOptional: true,
    disableReverseLookup: true,
    size: MAX_BODY_BYTES,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    logger: false,
    onMailFrom: (_address, session, done) =>
      where.tlsOnly && !session.secure ? done(no(530, '5.7.0 Must issue STARTTLS first')) : done(),
    onRcptTo: (address, session, done) => void welcome(house, address, session).then(done, () => done(no(451, LATER))),
    onData: (stream, session, done) => {
      void take(house, stream, session).then(
        (refused) => (refused ? done(refused) : done()),
        (error: Error) => {
          log.error({ error: error.message }, 'an alert mail could not be taken');
          done(no(451, LATER));
        },
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => resolve());
  });
  // A client that hangs up is its own affair.
  server.removeAllListeners('error').on('error', (error: Error) => log.debug({ error: error.message }, 'alert mail'));
  const fresh = where.tls && keepFresh(where.tls, (renewed) => server.updateSecureContext(renewed));
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => {
      fresh?.stop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Listens when a port is configured. */
export async function keepMailDoor(house: House): Promise<MailDoor | undefined> {
  if (config.mailInPort === 0) return undefined;
  const { mailInCert: cert, mailInKey: key } = config;
  if ((cert === undefined) !== (key === undefined))
    throw new Error('EVENKEEL_MAIL_IN_CERT and EVENKEEL_MAIL_IN_KEY go together: set both, or neither');
  const tls = cert && key ? { cert, key } : undefined;
  if (config.mailInTlsOnly && !tls)
    throw new Error(
      'EVENKEEL_MAIL_IN_TLS_ONLY needs a certificate: set EVENKEEL_MAIL_IN_CERT and EVENKEEL_MAIL_IN_KEY',
    );
  const where = { host: config.mailInHost, port: config.mailInPort, tls, tlsOnly: config.mailInTlsOnly };
  const door = await openMailDoor(house, where);
  log.info({ host: config.mailInHost, port: door.port, starttls: tls !== undefined }, 'alert mail is taken by SMTP');
  return door;
}

/** At a start without a database: mail is taken onto the disk until it answers. */
export function keepMailWithoutDatabase(house: House): void {
  const opening = keepMailDoor(house).catch((error: Error) => {
    log.error({ error: error.message }, 'alert mail cannot be taken');
    return undefined;
  });
  house.background.push(async () => void (await (await opening)?.stop()));
}

async function welcome(house: House, address: SMTPServerAddress, session: SMTPServerSession): Promise<Error | null> {
  if (session.envelope.rcptTo.length >= MOST_RECIPIENTS) return no(452, '4.5.3 Too many recipients in one mail');
  const at = { requestId: session.id, ip: session.remoteAddress };
  const { holder, away } = await senderNow(house, email, keyIn(address.address), at);
  if (holder.state !== 'unknown') return null;
  return away ? no(451, LATER) : no(550, '5.1.1 No such address');
}

/** Reads the mail under its limit and takes it for each of its recipients. Returns the refusal, if there is one. */
async function take(house: House, stream: Readable, session: SMTPServerSession): Promise<Error | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    // The rest is read and let go: the answer is heard only after it.
    if (size <= MAX_BODY_BYTES) parts.push(part);
    else parts.length = 0;
  }
  if (size > MAX_BODY_BYTES) return no(552, `5.3.4 The mail is larger than ${MAX_BODY_BYTES} bytes`);
  const bytes = Buffer.concat(parts, size);
  for (const { address } of session.envelope.rcptTo) {
    const refused = refusalOf(await takeFor(house, bytes, keyIn(address), session));
    if (refused) return refused;
  }
  return undefined;
}

const takeFor = (house: House, bytes: Buffer, key: string, session: SMTPServerSession): Promise<Answer> =>
  takePost(house, email, email.doors[0]!, {
    post: {
      params: { key },
      query: {},
      headers: { 'content-type': 'message/rfc822' },
      bytes,
      body: undefined,
      text: '',
    },
    body: () => ({ ok: false, status: 415, error: 'A mail', text: '' }),
    requestId: randomUUID(),
    ip: session.remoteAddress,
  });

function refusalOf({ status, body }: Answer): Error | undefined {
  if (status < 300) return undefined;
  const problem = body as { title?: string; errors?: { message: string }[] } | null;
  const why = (problem?.errors?.[0]?.message ?? problem?.title ?? 'Not taken').replace(/[\r\n]+/g, ' ').slice(0, 300);
  if (status >= 500) return no(451, LATER);
  if (status === 401) return no(550, '5.1.1 No such address');
  if (status === 403) return no(550, `5.7.1 ${why}`);
  if (status === 413) return no(552, `5.3.4 ${why}`);
  return no(554, `5.6.0 ${why}`);
}
