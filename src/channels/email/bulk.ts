/** One mail to very many: composed once, filled in per recipient, over a few connections that stay open. */
import type { Ctx } from '#kernel';
import { readSetting } from '#kernel';
import { addressFault, headerText, type Message, type Outcome } from '../model.ts';
import { bareAddress, smtp } from '../settings.ts';

/** `away`: not this recipient's fault; nobody else would be reached either. */
export type BulkOutcome = Outcome | { state: 'away'; error: string };

export interface BulkMail {
  /** `id` becomes the Message-ID, the same in every try; `fill` stands where the message has its place-holder. */
  send(one: { id: string; to: string; fill: string }): Promise<BulkOutcome>;
  close(): void;
}

interface Wire {
  connect(done: (error?: Error) => void): void;
  login(auth: object, done: (error: Error | null) => void): void;
  send(
    envelope: { from: string; to: string[] },
    message: Buffer,
    done: (error: SmtpError | null, info?: { response: string }) => void,
  ): void;
  reset(done: (error?: Error) => void): void;
  quit(): void;
  close(): void;
  on(event: 'error' | 'end', listener: (error?: Error) => void): void;
}
interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
}

/** Quoted-printable, cut where the place-holder stood, so that what is filled in gets lines of its own. */
function pieces(text: string, place: string, encode: (text: string) => string): string[] {
  return text.split(place).map((part) => encode(part.replace(/\r?\n/g, '\r\n')));
}
const SOFT = '=\r\n';
const inLines = (safe: string) => (safe.match(/.{1,70}/g) ?? []).join(SOFT);

/** Headers a recipient's program reads, apart from those that differ by recipient. */
async function headOf(from: string, message: Message, boundary: string): Promise<string> {
  const { encodeWord, foldLines } = await import('nodemailer/lib/mime-funcs');
  const word = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : encodeWord(text, 'B', 52));
  const name = from.includes('<') ? headerText(from.slice(0, from.lastIndexOf('<')).trim().replace(/^"|"$/g, '')) : '';
  const sender = bareAddress(headerText(from));
  const quoted = /^[\w .-]*$/.test(name)
    ? name
    : /^[\x20-\x7e]*$/.test(name)
      ? `"${name.replace(/["\\]/g, '')}"`
      : word(name);
  return [
    `From: ${name ? `${quoted} <${sender}>` : sender}`,
    foldLines(`Subject: ${word(headerText(message.subject))}`, 76),
    'MIME-Version: 1.0',
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: All',
    ...Object.entries(message.headers ?? {})
      .filter(([key]) => /^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(key) && key !== 'Auto-Submitted')
      .map(([key, value]) => `${key}: ${value.replace(/[\p{Cc}]+/gu, ' ').slice(0, 900)}`),
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ].join('\r\n');
}

/** The mail as alternating fixed parts: what is filled in stands between them. In headers it stands as it is. */
async function compose(from: string, message: Message, place: string) {
  const { encode, wrap } = await import('nodemailer/lib/qp');
  const qp = (text: string) => wrap(encode(text), 76);
  const boundary = `=_evenkeel_${Buffer.from(place).toString('hex').slice(0, 24)}`;
  const head = (await headOf(from, message, boundary)).split(place);
  const text = pieces(message.text, place, qp);
  const html = pieces(message.html ?? '', place, qp);
  const part = (type: string) =>
    `--${boundary}\r\nContent-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
  const domain = bareAddress(from).split('@')[1];
  return ({ id, to, fill }: { id: string; to: string; fill: string }, date: string): Buffer => {
    const between = `${SOFT}${inLines(fill)}${SOFT}`;
    const own = `To: <${to}>\r\nMessage-ID: <${id}@${domain}>\r\nDate: ${date}`;
    const body = `${part('plain')}${text.join(between)}\r\n${html.length > 0 && html[0] !== '' ? `${part('html')}${html.join(between)}\r\n` : ''}--${boundary}--\r\n`;
    return Buffer.from(`${head.join(fill)}\r\n${own}\r\n\r\n${body}`);
  };
}

function outcomeOf(error: SmtpError): BulkOutcome {
  const code = error.responseCode ?? 0;
  const about = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (about && code >= 550) return { state: 'failed', error: headerText(error.message), permanent: true };
  if (about && code >= 400 && code !== 421)
    return { state: 'failed', error: headerText(error.message), permanent: false };
  return { state: 'away', error: headerText(error.message) };
}

/**
 * Opens connections as they are needed, at most `most`. `place` is a word of letters and digits that stands in the message
 * where each recipient's own text belongs. Rejects nothing: what went wrong is in the outcome.
 */
export async function openBulkMail(ctx: Ctx, message: Message, place: string, most = 12): Promise<BulkMail> {
  const server = await readSetting(ctx, smtp);
  if (server === null)
    return { send: async () => ({ state: 'away', error: 'e-mail is not configured' }), close: () => undefined };
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const render = await compose(server.from, message, place);
  const sender = bareAddress(server.from);
  const date = ctx.now.toUTCString().replace('GMT', '+0000');
  const idle: Wire[] = [];
  const waiting: ((wire: Wire | Error) => void)[] = [];
  let open = 0;
  let closed = false;

  const dial = () =>
    new Promise<Wire>((resolve, reject) => {
      const wire = new SMTPConnection({
        host: server.host,
        port: server.port,
        secure: server.secure,
        connectionTimeout: 10_000,
        greetingTimeout: 10_000,
        socketTimeout: 20_000,
      } as never) as unknown as Wire;
      wire.on('error', reject);
      wire.connect((error) => {
        if (error) return reject(error);
        if (!server.user) return resolve(wire);
        wire.login(
          { user: server.user, pass: server.password, credentials: { user: server.user, pass: server.password } },
          (refused) => (refused ? reject(refused) : resolve(wire)),
        );
      });
    });
  const give = (wire: Wire) => {
    const next = waiting.shift();
    if (next) next(wire);
    else if (closed) wire.quit();
    else idle.push(wire);
  };
  const lose = (wire: Wire | undefined) => {
    wire?.close();
    open -= 1;
    // Whoever waits may dial anew.
    const next = waiting.shift();
    if (next) {
      open += 1;
      dial().then(next, (error: Error) => {
        open -= 1;
        next(error);
      });
    }
  };
  const take = async (): Promise<Wire> => {
    const free = idle.pop();
    if (free) return free;
    if (open < most) {
      open += 1;
      try {
        return await dial();
      } catch (error) {
        lose(undefined);
        throw error;
      }
    }
    return new Promise((resolve, reject) => {
      waiting.push((wire) => (wire instanceof Error ? reject(wire) : resolve(wire)));
    });
  };
  const submit = (wire: Wire, one: { id: string; to: string; fill: string }) =>
    new Promise<BulkOutcome>((resolve) => {
      wire.send({ from: sender, to: [one.to] }, render(one, date), (error, info) => {
        if (!error) {
          give(wire);
          return resolve({ state: 'delivered', remoteId: info?.response?.slice(0, 200) ?? '' });
        }
        const outcome = outcomeOf(error);
        if (outcome.state === 'away') lose(wire);
        else wire.reset((broken) => (broken ? lose(wire) : give(wire)));
        resolve(outcome);
      });
    });
  return {
    send: async (one) => {
      // Letters beyond ASCII need another protocol: the ordinary way knows it.
      if (addressFault(one.to) || !/^[\x21-\x7e]+$/.test(one.to))
        return { state: 'failed', error: 'this address is not sent to in bulk', permanent: false };
      try {
        return await submit(await take(), one);
      } catch (error) {
        return outcomeOf(error as SmtpError);
      }
    },
    close: () => {
      closed = true;
      for (const wire of idle.splice(0)) wire.quit();
    },
  };
}
