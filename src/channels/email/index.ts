/** E-mail over SMTP. The mail library is loaded with the first mail, not at start. */
import { type Ctx, Problem, readSetting } from '#kernel';
import { type Channel, type Envelope, refuseExercise } from '../channel.ts';
import { addressFault, headerText, type Outcome, PURPOSES } from '../model.ts';
import { bareAddress, smtp } from '../settings.ts';

const NOT_CONFIGURED = 'e-mail is not configured';
/** Headers that say who sends to whom are ours alone. */
const OWN_HEADERS = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'sender',
  'reply-to',
  'subject',
  'message-id',
  'date',
  'content-type',
]);

interface SmtpError {
  message: string;
  code?: string;
  responseCode?: number;
}

export const email: Channel = {
  name: 'email',
  label: 'E-mail',
  purposes: PURPOSES,
  contact: {
    label: 'Address',
    placeholder: 'me@example.com',
    help: 'Any mailbox you read, such as one that rings your phone.',
    type: 'email',
    after: { high: 0, low: 0 },
  },

  whyNotReady: async (ctx) => ((await readSetting(ctx, smtp)) === null ? NOT_CONFIGURED : null),

  checkRecipient(to) {
    const fault = addressFault(to);
    if (fault)
      throw new Problem(422, 'This mail cannot be addressed', {
        rule: 'channels.address',
        errors: [{ path: 'to', message: fault }],
      });
  },

  async send(ctx: Ctx, envelope: Envelope): Promise<Outcome> {
    refuseExercise(envelope);
    const server = await readSetting(ctx, smtp);
    if (server === null) return { state: 'failed', error: NOT_CONFIGURED, permanent: true };
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host: server.host,
      port: server.port,
      secure: server.secure,
      ...(server.user ? { auth: { user: server.user, pass: server.password } } : {}),
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    envelope.stillHeld?.();
    try {
      const sent = await transport.sendMail(mailOf(envelope, server.from));
      return { state: 'delivered', remoteId: sent.messageId };
    } catch (error) {
      return failure(error as SmtpError);
    } finally {
      transport.close();
    }
  },
};

function mailOf({ id, to, message }: Envelope, from: string) {
  const extra = Object.entries(message.headers ?? {})
    .filter(([name]) => /^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name) && !OWN_HEADERS.has(name.toLowerCase()))
    .map(([name, value]) => [name, value.replace(/[\p{Cc}]+/gu, ' ').slice(0, 900)]);
  return {
    from: headerText(from),
    // An object, so that nothing in it is ever parsed into a second recipient.
    to: { name: '', address: to },
    subject: headerText(message.subject),
    text: message.text,
    ...(message.html === undefined ? {} : { html: message.html }),
    // The same id in every try: a repeat after a lost answer is recognised as one by mail programs.
    messageId: `<${id}@${bareAddress(from).split('@')[1]}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...Object.fromEntries(extra) },
  };
}

/** A refused recipient or message stays refused; a server that is away or a wrong password may be mended within the hour. */
function failure(error: SmtpError): Outcome {
  const refused = (error.responseCode ?? 0) >= 550 && (error.code === 'EENVELOPE' || error.code === 'EMESSAGE');
  return { state: 'failed', error: headerText(error.message), permanent: refused };
}
