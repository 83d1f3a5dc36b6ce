/** Alert mail: for senders that can do nothing but write one. Comes in by SMTP (smtp.ts) or as a post of the mail itself. */
import { type Ctx, sha256hex } from '#kernel';
import { reportGarbage } from '../../commands/reportGarbage.ts';
import { isDatabaseAway } from '../../intake/away.ts';
import type { Integration } from '../../integrations/store.ts';
import type { Answer, Family, Post, ReadContext, Reading, Translated } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { refusal } from '../refusal.ts';
import { plainEvent, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';
import { type Letter, messageHash, openLetter } from './letter.ts';
import { snippets } from './snippets.ts';
import { countAnswer, forgetMail, keepThread, threadOf } from './store.ts';
import { isProven, isWelcome, problemOfSenders, whyAutomatic } from './trust.ts';
import { readSubject } from './words.ts';

/** Answers of machines taken from one sender in an hour; more of them are a loop. */
const MOST_ANSWERS = 3;

/** Same sender and subject, whatever it says of the state; without a subject the text decides. Never the Message-ID: a resolve has another. */
const keyOf = (from: string, normal: string, text: string): string =>
  `mail-${sha256hex(`${from}\n${normal === '' ? text : normal}`).slice(0, 32)}`;

function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('A mail as JSON is an object with from, subject and text.');
  const [from, text, messageId] = [textOf(body.from), textOf(body.text), textOf(body.messageId)];
  const words = readSubject(textOf(body.subject));
  const key = context.wire.params.thread || keyOf(from, words.normal, text);
  const said = isObject(body.authentication) ? body.authentication : null;
  const proven = isProven({ from, authentication: said as Letter['authentication'] }, context.options.server ?? '');
  const event = plainEvent(
    {
      action: words.action,
      key,
      title: words.title || text.split('\n')[0]?.trim() || `Mail without a subject from ${from || 'nobody'}`,
      severity: words.severity,
      description: text,
      source: from,
      labels: { mail_from: from, ...(said ? { mail_said: verdictsOf(said) } : {}) },
      details: {
        messageId,
        date: body.date ?? null,
        authentication: said,
        authenticationBelieved: proven,
        attachments: body.attachments ?? [],
      },
    },
    context,
  );
  if (!proven) event.marks.push('sender_unproven');
  const act = messageId === '' ? undefined : { message: messageHash(messageId), key };
  return { ok: true, events: [event], changes: [], key, ...(act ? { act } : {}) };
}

/** `dkim=fail spf=pass by mx.example.com`. */
const verdictsOf = (said: { [name: string]: JsonValue }): string =>
  `${['dkim', 'spf', 'dmarc'].map((name) => `${name}=${textOf(said[name]) || 'none'}`).join(' ')} by ${textOf(said.by)}`;

/** Does it when the database is there; undefined while it is away. */
async function unlessAway<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return undefined;
  }
}

/** The mail as JSON, which is what is stored and read; or why it is not taken. */
async function translate(
  ctx: Ctx,
  integration: Integration,
  post: Post,
  options: Record<string, string>,
): Promise<Translated | Answer> {
  const refuse = async (status: number, title: string, rule: string, why: string): Promise<Answer> => {
    await unlessAway(() => reportGarbage(ctx, { integrationId: integration.id, reason: why }));
    return refusal(email, ctx, status, title, rule, [why]);
  };
  if (/^[^;]*json/i.test(String(post.headers['content-type'] ?? '')))
    return refuse(415, 'This is not a mail', 'signals.mail.type', 'Send the mail itself, as message/rfc822.');
  const opened = await openLetter(post.bytes);
  if ('problem' in opened)
    return refuse(422, 'This cannot be read as a mail', 'signals.mail.unreadable', opened.problem);
  const { letter } = opened;
  if (!isWelcome(letter.from, options.senders ?? '')) {
    const why = `${letter.from || 'A mail without From'} is not on the list of senders.`;
    return refuse(403, 'This sender is not welcome', 'signals.mail.sender', why);
  }
  if (options.server && !isProven(letter, options.server)) {
    const why = `${options.server} did not say that this mail is really from ${letter.from}.`;
    return refuse(403, 'The sender is not proven', 'signals.mail.unproven', why);
  }
  const automatic = whyAutomatic(letter);
  // Without a database nothing is counted: a loop is cut when it is back.
  const answers = automatic ? ((await unlessAway(() => countAnswer(ctx, integration.id, letter.from))) ?? 0) : 0;
  if (answers > MOST_ANSWERS) {
    const reason = `A mail loop was cut: ${letter.from} sent more than ${MOST_ANSWERS} automatic answers within an hour (${automatic}).`;
    await reportGarbage(ctx, { integrationId: integration.id, reason });
    // Taken, so that no machine answers to a refusal; and nothing becomes of it.
    return { status: 202, body: { status: 'ignored', reason } };
  }
  const bytes = Buffer.from(JSON.stringify(letter));
  return {
    bytes,
    params: letter.answers.length > 0 ? { answers: letter.answers.join(' ') } : {},
    // Delivered twice by a mail server. Without a Message-ID two mails may well mean two things: then the same alert counts on.
    ...(letter.messageId === '' ? {} : { messageId: `mail:${sha256hex(bytes)}` }),
  };
}

export const email: Family = {
  kind: 'email',
  title: 'E-mail',
  description: 'Anything that can send mail: appliances, cron, backup software, vendors without webhooks.',
  topic: 'Anything else',
  doors: ['', '/'].map((end) => ({
    path: `/integrations/v1/email/:key${end}`,
    purpose: 'alerts',
    name: '/integrations/v1/email',
  })),
  jobs: [forgetMail],
  options: [
    {
      name: 'senders',
      label: 'Senders',
      help: 'Addresses and @domains that may send, one in a line. Empty: everybody who knows the address. From is easily forged; the list alone proves nothing.',
      multiline: true,
      problem: problemOfSenders,
    },
    {
      name: 'server',
      label: 'Mail server to believe',
      help: 'The name your own mail server writes first in Authentication-Results. With it, only mails are taken of which that server says that DMARC, or DKIM of the same domain, passed. Empty: what the header says is shown and never believed. Set it only if that server removes such headers from what comes in.',
      problem: (value) =>
        /^[\w.-]{1,255}$/.test(value.trim()) ? undefined : 'The name of one server, such as mx.example.com.',
    },
  ],
  keyOf: (post) => post.params.key,
  translate,
  prepare: async (ctx, integration, wire) => {
    const thread = await threadOf(ctx, integration.id, (wire.params.answers ?? '').split(' ').filter(Boolean));
    return thread ? { ...wire, params: { ...wire.params, thread } } : wire;
  },
  read: (body, _purpose, context) => read(body, context),
  act: async (ctx, integration, what) => {
    if (isObject(what)) await keepThread(ctx, integration.id, textOf(what.message), textOf(what.key));
  },
  accepted: (_purpose, reading, signalId) => taken(reading, signalId),
  snippets,
  sample: (action, { name }) => ({
    from: 'test@evenkeel.invalid',
    subject: `${action === 'trigger' ? '[ERROR]' : 'RESOLVED:'} ${testText(name).title}`,
    text: testText(name).text,
  }),
};
