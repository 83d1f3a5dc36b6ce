/** The pages behind links in messages: a few words and, at most, one button. Without a script, and kept by nobody. */
import type { FastifyReply } from 'fastify';
import { absolute, escapeHtml } from './messages.ts';

export interface LinkPage {
  status: number;
  title: string;
  lines: string[];
  /** The words of the one button, which posts to the page itself; absent, there is none. */
  button?: string | undefined;
  /** Where “Open in Evenkeel” leads, a path or an address; absent, nothing leads on. */
  link?: string | undefined;
}

function html({ title, lines, button, link }: LinkPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title></head>
<body style="font: 18px/1.5 system-ui, sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em; color-scheme: light dark">
<main><h1 style="font-size: 1.4em">${escapeHtml(title)}</h1>
${lines.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${button ? `<form method="post"><button style="font: inherit; font-weight: 600; padding: .7em 1.4em">${escapeHtml(button)}</button></form>` : ''}
${link ? `<p><a href="${escapeHtml(absolute(link))}">Open in Evenkeel</a></p>` : ''}
</main></body></html>`;
}

/** Sends one; what a link leads to is never stored on the way. */
export const sendLinkPage = (reply: FastifyReply, page: LinkPage) =>
  reply.code(page.status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html(page));
