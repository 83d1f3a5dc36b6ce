/** The mails subscribers get: the same facts as the page, whole in plain text, with a way out in every one. */
import type { Message } from '#channels';
import { html, prose, type Safe, sayInstant, visible } from '../statuspage/render/html.ts';
import type { PublicFields, PublicUpdate, Snapshot } from '../statuspage/snapshot.ts';
import { STATE_WORDS, STATUS_WORDS } from '../statuspage/snapshot.ts';

export interface MailFrame {
  page: Snapshot['page'];
  /** The incident's own page. */
  link: string;
  unsubscribe: string;
  /** Which revision it is, and the hash of its facts: the same in every channel. Absent in a preview. */
  revisionId?: string;
  factsHash?: string;
}

type Block = [title: string, lines: string[]];

/** The parts in the order of the page; the page and the mail never differ in what they say. */
function blocks(fields: PublicFields, over: boolean): Block[] {
  const actions = fields.customerActions === 'none' ? ['You do not need to do anything.'] : fields.customerActions;
  const estimate = fields.estimate
    ? [
        `Between ${sayInstant(new Date(fields.estimate.from))} and ${sayInstant(new Date(fields.estimate.to))}, based on ${fields.estimate.basis}. We will confirm this by ${sayInstant(new Date(fields.estimate.confirmAt))}.`,
      ]
    : [];
  const list: Block[] = [
    [
      over ? 'What was affected' : 'What is affected',
      [
        fields.impact,
        ...(fields.expectation
          ? [`${fields.expectation.text} (as of ${sayInstant(new Date(fields.expectation.asOf))})`]
          : []),
      ],
    ],
    ['What you can do', actions],
    ['Your data', fields.dataImpact ? [fields.dataImpact.sentence] : []],
    ['How you are protected', fields.protection ? [fields.protection] : []],
    ['What we know', fields.known],
    ['What we do not know yet', fields.unknown],
    [over ? 'What we are changing' : 'What we are doing', fields.doing],
    ['What we are changing', (fields.changes ?? []).map(({ what, owner, due }) => `${what} (${owner}, ${due})`)],
    ['Earlier incidents like this one', fields.recurrence ? [fields.recurrence.text] : []],
    ['What we expect', estimate],
  ];
  return list.filter(([, lines]) => lines.length > 0);
}

const AUTOMATIC = 'This was sent automatically, in words prepared beforehand, because our own update is not ready.';

const nextLine = (update: PublicUpdate): string | null =>
  update.fields.nextUpdateBy && update.status !== 'resolved'
    ? `Next update by ${sayInstant(new Date(update.fields.nextUpdateBy))}.`
    : null;

function asText(update: PublicUpdate, frame: MailFrame): string {
  const { fields } = update;
  const parts = blocks(fields, update.status === 'resolved').map(
    ([title, lines]) => `${title}\n${lines.length === 1 ? lines[0] : lines.map((line) => `- ${line}`).join('\n')}`,
  );
  const states = fields.components.map(({ name, state }) => `${name}: ${STATE_WORDS[state]}`).join('\n');
  return visible(
    [
      `${STATUS_WORDS[update.status]}: ${fields.headline}`,
      ...(update.correctionReason
        ? [`This corrects our message of ${sayInstant(update.publishedAt)}: ${update.correctionReason}`]
        : []),
      ...(states ? [states] : []),
      ...parts,
      ...(fields.apology ? [fields.apology] : []),
      ...(nextLine(update) ? [nextLine(update) as string] : []),
      ...(update.automatic ? [AUTOMATIC] : []),
      `On the web: ${frame.link}`,
      ...(frame.page.supportContact ? [`Questions? ${frame.page.supportContact}`] : []),
      `You get this because you subscribed to ${frame.page.name}. Unsubscribe: ${frame.unsubscribe}`,
    ].join('\n\n'),
  );
}

const P = 'margin:0 0 14px;line-height:1.5';
const SOFT = 'margin:0 0 2px;font-size:13px;opacity:.72;font-weight:600';

function asHtml(update: PublicUpdate, frame: MailFrame): string {
  const { fields } = update;
  const body = (lines: string[]): Safe =>
    lines.length === 1
      ? html`<p style="${P}">${prose(lines[0] ?? '')}</p>`
      : html`<ul style="${P};padding-left:18px">
          ${lines.map((line) => html`<li>${prose(line)}</li>`)}
        </ul>`;
  return html`<!doctype html>
    <html lang="${frame.page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <title>${fields.headline}</title>
      </head>
      <body
        style="margin:0;padding:24px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px"
      >
        <div style="max-width:600px;margin:0 auto">
          <p style="${SOFT}">${frame.page.name} · ${STATUS_WORDS[update.status]}</p>
          <h1 style="font-size:22px;line-height:1.3;margin:0 0 14px">${prose(fields.headline)}</h1>
          ${update.correctionReason && html`<p style="${P}"><strong>This corrects our message of ${sayInstant(update.publishedAt)}:</strong> ${prose(update.correctionReason)}</p>`}
          ${fields.components.length > 0 && html`<p style="${P}">${fields.components.map(({ name, state }) => html`${prose(name)}: ${STATE_WORDS[state]}<br />`)}</p>`}
          ${blocks(fields, update.status === 'resolved').map(
            ([title, lines]) =>
              html`<p style="${SOFT}">${title}</p>
                ${body(lines)}`,
          )}
          ${fields.apology !== '' && html`<p style="${P}">${prose(fields.apology)}</p>`}
          ${nextLine(update) && html`<p style="${P}"><strong>${nextLine(update)}</strong></p>`}
          ${update.automatic && html`<p style="${P}">${AUTOMATIC}</p>`}
          <p style="${P}"><a href="${frame.link}">Read this on the web</a></p>
          <p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #c9d0d6;font-size:13px;opacity:.72">
            ${frame.page.supportContact !== '' && html`Questions? ${prose(frame.page.supportContact)}<br />`} You get
            this because you subscribed to ${frame.page.name}.
            <a href="${frame.unsubscribe}" style="color:inherit">Unsubscribe</a>
          </p>
        </div>
      </body>
    </html>`.safe;
}

/** A message as mail, with one-click unsubscribe (RFC 8058). */
export function updateMail(update: PublicUpdate, frame: MailFrame): Message {
  const mark = update.correctionReason ? 'Correction' : STATUS_WORDS[update.status];
  return {
    subject: `[${frame.page.name}] ${mark}: ${update.fields.headline}`,
    text: asText(update, frame),
    html: asHtml(update, frame),
    headers: {
      'List-Unsubscribe': `<${frame.unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
      Precedence: 'bulk',
      ...(frame.revisionId && { 'X-Evenkeel-Revision': frame.revisionId }),
      ...(frame.factsHash && { 'X-Evenkeel-Facts': frame.factsHash }),
    },
  };
}

/** A message as a webhook carries it: every field for programs, and the whole text for those that show it. */
export function updateHook(update: PublicUpdate, frame: Omit<MailFrame, 'unsubscribe'>): Message {
  const { fields } = update;
  const text = asText(update, { ...frame, unsubscribe: '' }).replace(/\n\nYou get this because[^]*$/, '');
  return {
    subject: `${STATUS_WORDS[update.status]}: ${fields.headline}`,
    text,
    body: {
      type: 'status.update',
      data: {
        revision_id: frame.revisionId ?? null,
        facts_hash: frame.factsHash ?? null,
        kind: update.kind,
        status: update.status,
        automatic: update.automatic,
        published_at: update.publishedAt.toISOString(),
        corrected: update.editedAt !== null,
        url: frame.link,
        headline: visible(fields.headline),
        impact: visible(fields.impact),
        known: fields.known,
        unknown: fields.unknown,
        doing: fields.doing,
        customer_actions: fields.customerActions,
        data_impact: fields.dataImpact,
        next_update_by: fields.nextUpdateBy,
        components: fields.components,
        text,
      },
    },
  };
}

/** The mail that asks whether somebody really wants this. Nothing typed by the asker is in it. */
export function confirmMail(page: Snapshot['page'], link: string): Message {
  const text = `Somebody, probably you, asked for mails about incidents from ${page.name}.\n\nTo get them, open this page within two days and press the button:\n${link}\n\nIf it was not you, do nothing: you will not hear from us again.`;
  return {
    subject: `Confirm: mails about incidents from ${page.name}`,
    text: visible(text),
    html: html`<!doctype html>
      <html lang="${page.language}">
        <body style="margin:0;padding:24px;font-family:system-ui,Arial,sans-serif;font-size:16px;line-height:1.5">
          <div style="max-width:600px;margin:0 auto">
            <p>Somebody, probably you, asked for mails about incidents from ${page.name}.</p>
            <p><a href="${link}">Confirm the subscription</a> (within two days)</p>
            <p>If it was not you, do nothing: you will not hear from us again.</p>
          </div>
        </body>
      </html>`.safe,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
