/** The words of what people sends: a page, a code, a notice. Plain text first; HTML says the same. */

import type { Message } from '#channels';
import { config, sayDuration } from '#kernel';

export interface PageMail {
  pageId: string;
  title: string;
  body: string;
  serviceName: string | null;
  link: string;
  because: string;
  /** Under which this person takes it. */
  ackUrl: string;
  userId: string;
  /** What to reply by SMS. */
  code?: string | undefined;
  /** Seconds until the next people are called; null when nobody comes after. */
  waitSeconds: number | null;
}

/** Text safe inside HTML. */
export const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c);

/** A path of ours as a full address; a full http(s) address stays. */
export const absolute = (link: string) =>
  /^https?:\/\//.test(link) ? link : `${config.publicUrl}${link.startsWith('/') ? '' : '/'}${link}`;

const pageHtml = (mail: PageMail, facts: string[], open: string, next: string) =>
  [
    `<h2>${escapeHtml(mail.title)}</h2>`,
    ...facts.map((fact) => `<p>${escapeHtml(fact).replaceAll('\n', '<br>')}</p>`),
    `<p>You are called because you are: ${escapeHtml(mail.because)}.</p>`,
    `<p><a href="${escapeHtml(mail.ackUrl)}"><strong>Take it</strong></a> (opens a page with one button; stops the calling)</p>`,
    `<p><a href="${escapeHtml(open)}">See what is happening</a></p>`,
    `<p>${escapeHtml(next)}</p><p><small>Page ${escapeHtml(mail.pageId)}</small></p>`,
  ].join('\n');

/** The mail that calls somebody. */
export function pageMessage(mail: PageMail): Message {
  const next =
    mail.waitSeconds === null
      ? ''
      : `If nobody answers within ${sayDuration(mail.waitSeconds * 1000)}, the next are called.`;
  const open = absolute(mail.link);
  const facts = [mail.serviceName ? `Service: ${mail.serviceName}` : '', mail.body].filter(Boolean);
  const text = [
    mail.title,
    ...facts,
    `You are called because you are: ${mail.because}.`,
    `Take it (opens a page with one button; stops the calling):\n${mail.ackUrl}`,
    `See what is happening:\n${open}`,
    next,
    `Page ${mail.pageId}`,
  ]
    .filter(Boolean)
    .join('\n\n');
  return {
    // The service is named once.
    subject: `Page: ${mail.title}${mail.serviceName && !mail.title.includes(mail.serviceName) ? ` (${mail.serviceName})` : ''}`,
    text,
    // Written when somebody asks: most channels never do.
    get html() {
      return pageHtml(mail, facts, open, next);
    },
    facts: [...facts, `You are called because you are: ${mail.because}.`, next].filter(Boolean).join('\n\n'),
    answer: {
      pageId: mail.pageId,
      userId: mail.userId,
      url: mail.ackUrl,
      token: mail.ackUrl.slice(mail.ackUrl.lastIndexOf('/') + 1),
      link: open,
      code: mail.code,
    },
    headers: { 'X-Evenkeel-Page': mail.pageId, 'X-Priority': '1' },
    body: {
      type: 'page.sent',
      data: {
        pageId: mail.pageId,
        title: mail.title,
        body: mail.body,
        service: mail.serviceName,
        because: mail.because,
        acknowledgeUrl: mail.ackUrl,
        link: open,
      },
    },
  };
}

/** The code that proves a contact method, and for a mail the link that does so too. */
export const codeMessage = (code: string, link: string | null = null): Message => ({
  subject: 'Your Evenkeel code',
  // One part of an SMS: what is billed by the part says no more than it must.
  facts: `${code}\n\nIt works for 15 minutes.`,
  text: `${code}\n\nType this code in Evenkeel under “My contact methods”${link ? `, or open this link and press its button:\n${absolute(link)}\n\nEither` : '. It'} works for 15 minutes. If you did not ask for it, ignore this message.`,
  body: { type: 'contact.code', data: { code } },
});

/** Tells a person, on the ways they already had, that their ways to be reached changed. */
export const contactChanged = (name: string, what: string): Message => ({
  subject: 'Your contact methods changed',
  text: `${name}, ${what}.\n\nIf this was not you, tell an administrator at once: somebody may be trying to keep pages from reaching you.`,
  body: { type: 'contact.changed', data: { what } },
});

/** Several pages that a limit has held back, as one message. Each is taken by its own code, or in the console. */
export function bundleMessage(pages: { title: string; code?: string | undefined }[], link: string): Message {
  const lines = pages.map(({ title, code }) => (code ? `${code}: ${title.slice(0, 60)}` : title));
  const facts = lines.slice(0, 12).join('\n');
  const more = pages.length > 12 ? `\nand ${pages.length - 12} more` : '';
  return {
    subject: `${pages.length} more pages wait for you`,
    text: `${lines.join('\n')}\n\nSee them:\n${absolute(link)}`,
    facts: `${facts}${more}`,
    body: { type: 'page.bundle', data: { pages: pages.map(({ title }) => title) } },
  };
}

/** Tells a person that they have switched a channel off. */
export const channelOff = (name: string, what: string, value: string): Message => ({
  subject: `You cannot be reached by ${what}`,
  text: `${name}, you answered STOP from ${value}. You cannot be reached by ${what} there any more.\n\nIf you want pages there again, send START from your phone and confirm the number anew under “My contact methods”.`,
  body: { type: 'contact.off', data: { channel: what } },
});

/** Tells a person that one of their ways is no more. */
export const webhookGone = (name: string, what: string, url: string, reason: string): Message => ({
  subject: `The webhook “${what}” is no longer called`,
  text: `${name}, escalation policies no longer call the webhook “${what}” at ${url}: ${reason}.\n\nRegister it anew under “Webhooks for pages” once it answers again; until then policies skip it.`,
  body: { type: 'webhook.off', data: { webhook: what } },
});
export const wayGone = (name: string, what: string, value: string, reason: string): Message => ({
  subject: `Pages no longer reach you by ${what} on ${value}`,
  text: `${name}, pages no longer reach you by ${what} on ${value}: ${reason}.\n\nIf you want them there again, switch it on anew under “My contact methods”.`,
  body: { type: 'contact.off', data: { channel: what } },
});
