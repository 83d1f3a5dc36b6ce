/** How an emergency notice looks on the page, in the feeds and for programs; and how it gets into files that were written without it. */
import { escapeMarkup, html, prose, type Safe, time, visible } from '../statuspage/render/html.ts';
import type { PublicNotice } from './note.ts';

/** Between these marks of every page and feed stand the notices. */
const OPEN = '<!--emergency-->';
const CLOSE = '<!--/emergency-->';
const between = (inner: string) => `${OPEN}${inner}${CLOSE}`;

const card = ({ id, headline, text, writtenAt, nextUpdateBy }: PublicNotice): Safe =>
  html`<section class="notice" id="${id}" aria-label="Notice">
    <h2>${prose(headline)}</h2>
    ${text !== '' && html`<p>${prose(text)}</p>`}
    <p class="meta">
      Written
      ${time(writtenAt, 'instant', true)}${nextUpdateBy && html` · next update by ${time(nextUpdateBy, 'instant', true)}`}
    </p>
  </section>`;

/** The place for notices in a page, with these in it. */
export const noticePlace = (notices: PublicNotice[]): Safe => ({
  safe: between(notices.map((notice) => card(notice).safe).join('')),
});

const words = ({ text, nextUpdateBy }: PublicNotice) =>
  visible(
    [text, nextUpdateBy ? `Next update by ${nextUpdateBy.toISOString().slice(0, 16).replace('T', ' ')} UTC.` : '']
      .filter(Boolean)
      .join('\n'),
  );

/** The place for notices in an Atom feed. */
export const atomNotices = (notices: PublicNotice[], page: string): string =>
  between(
    notices
      .map(
        (notice) => `<entry>
<id>urn:evenkeel:${notice.id}</id>
<title>${escapeMarkup(notice.headline)}</title>
<link rel="alternate" type="text/html" href="${escapeMarkup(page)}"/>
<published>${notice.writtenAt.toISOString()}</published>
<updated>${notice.writtenAt.toISOString()}</updated>
<content type="text">${escapeMarkup(words(notice))}</content>
</entry>`,
      )
      .join('\n'),
  );

/** The place for notices in an RSS feed. */
export const rssNotices = (notices: PublicNotice[], page: string): string =>
  between(
    notices
      .map(
        (notice) => `<item>
<title>${escapeMarkup(notice.headline)}</title>
<link>${escapeMarkup(page)}</link>
<guid isPermaLink="false">${notice.id}</guid>
<pubDate>${notice.writtenAt.toUTCString()}</pubDate>
<description>${escapeMarkup(words(notice))}</description>
</item>`,
      )
      .join('\n'),
  );

/** A notice as an incident of Statuspage's public API. */
function incidentOf(notice: PublicNotice, page: { id: string; url: string }) {
  const at = notice.writtenAt.toISOString();
  return {
    id: notice.id,
    name: visible(notice.headline),
    status: 'investigating',
    impact: 'major',
    created_at: at,
    updated_at: at,
    monitoring_at: null,
    resolved_at: null,
    started_at: at,
    shortlink: page.url,
    page_id: page.id,
    incident_updates: [
      {
        id: `${notice.id}-1`,
        status: 'investigating',
        body: words(notice),
        incident_id: notice.id,
        created_at: at,
        updated_at: at,
        display_at: at,
        affected_components: null,
        deliver_notifications: true,
      },
    ],
    components: [],
    x_emergency_notice: true,
    x_next_update_by: notice.nextUpdateBy?.toISOString() ?? null,
  };
}

/** A document of Statuspage's public API, as far as notices change it. */
export interface Document {
  page: { id: string; url: string };
  status?: { indicator: string; description: string };
  incidents?: unknown[];
}

/** A document of the JSON API with these notices in it: never better than `major` while one stands. */
export function withNotices<T extends Document>(document: T, notices: PublicNotice[]): T {
  const [newest] = notices;
  if (!newest) return document;
  const { status, incidents } = document;
  return {
    ...document,
    ...(status && {
      status: {
        indicator: status.indicator === 'critical' ? 'critical' : 'major',
        description: visible(newest.headline),
      },
    }),
    ...(incidents && { incidents: [...notices.map((notice) => incidentOf(notice, document.page)), ...incidents] }),
  };
}

function fill(text: string, inner: string): string {
  const from = text.indexOf(OPEN);
  const to = text.indexOf(CLOSE);
  // What the file holds already is of the product's own notices, which stay.
  return from < 0 || to < from ? text : `${text.slice(0, from + OPEN.length)}${inner}${text.slice(from + OPEN.length)}`;
}

const inner = (place: string) => place.slice(OPEN.length, -CLOSE.length);

/** One file of the site as it must be while these notices stand; the file itself when they do not concern it. */
export function patched(path: string, text: string, standing: PublicNotice[], page: string): string {
  // One that the product has taken in meanwhile is in the file already.
  const notices = standing.filter(({ id }) => !text.includes(id));
  if (notices.length === 0) return text;
  if (path.endsWith('.html')) return fill(text, inner(noticePlace(notices).safe));
  if (path.endsWith('.atom')) return fill(text, inner(atomNotices(notices, page)));
  if (path.endsWith('.rss')) return fill(text, inner(rssNotices(notices, page)));
  if (/^api\/v2\/(summary|status|incidents|incidents\/unresolved)\.json$/.test(path))
    return `${JSON.stringify(withNotices(JSON.parse(text) as Document, notices))}\n`;
  return text;
}
