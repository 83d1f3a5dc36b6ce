/** Atom and RSS: one entry per message, newest first, in plain text. */
import type { PublicIncident, PublicUpdate, Snapshot } from '../snapshot.ts';
import { STATUS_WORDS } from '../snapshot.ts';
import { atomNotices, rssNotices } from '../../notices/show.ts';
import { escapeMarkup, visible } from './html.ts';
import { plainBody } from './json.ts';

const MAX_ENTRIES = 50;

function entries(snapshot: Snapshot): { incident: PublicIncident; update: PublicUpdate }[] {
  return snapshot.incidents
    .flatMap((incident) => incident.updates.map((update) => ({ incident, update })))
    .sort((a, b) => b.update.publishedAt.getTime() - a.update.publishedAt.getTime())
    .slice(0, MAX_ENTRIES);
}

// XML 1.0 knows fewer characters than people can type; the two that `visible` lets through and XML refuses go here.
const xml = (text: string) => escapeMarkup(text).replace(/[\ufffe\uffff]/g, '');
const title = (update: PublicUpdate) => `${STATUS_WORDS[update.status]}: ${update.fields.headline}`;
const link = (snapshot: Snapshot, incident: PublicIncident) => `${snapshot.page.url}/incidents/${incident.publicId}`;

export function atom(snapshot: Snapshot): string {
  const { page, asOf } = snapshot;
  const list = entries(snapshot);
  const newest = list[0]?.update.editedAt ?? list[0]?.update.publishedAt ?? asOf;
  const items = list.map(
    ({ incident, update }) => `<entry>
<id>urn:evenkeel:${xml(update.id)}</id>
<title>${xml(title(update))}</title>
<link rel="alternate" type="text/html" href="${xml(link(snapshot, incident))}"/>
<published>${update.publishedAt.toISOString()}</published>
<updated>${(update.editedAt ?? update.publishedAt).toISOString()}</updated>
<content type="text">${xml(plainBody(update.fields))}</content>
</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${xml(page.language)}">
<id>${xml(page.url)}</id>
<title>${xml(page.name)}</title>
<link rel="alternate" type="text/html" href="${xml(page.url)}"/>
<link rel="self" type="application/atom+xml" href="${xml(page.url)}/history.atom"/>
<updated>${newest.toISOString()}</updated>
<author><name>${xml(page.name)}</name></author>
${atomNotices(snapshot.notices, page.url)}
${items.join('\n')}
</feed>
`;
}

/** JSON Feed 1.1. */
export function jsonFeed(snapshot: Snapshot) {
  const { page } = snapshot;
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: page.name,
    home_page_url: page.url,
    feed_url: `${page.url}/feed.json`,
    language: page.language,
    items: entries(snapshot).map(({ incident, update }) => ({
      id: update.id,
      url: link(snapshot, incident),
      title: visible(title(update)),
      content_text: plainBody(update.fields),
      date_published: update.publishedAt.toISOString(),
      date_modified: (update.editedAt ?? update.publishedAt).toISOString(),
    })),
  };
}

export function rss(snapshot: Snapshot): string {
  const { page } = snapshot;
  const items = entries(snapshot).map(
    ({ incident, update }) => `<item>
<title>${xml(title(update))}</title>
<link>${xml(link(snapshot, incident))}</link>
<guid isPermaLink="false">${xml(update.id)}</guid>
<pubDate>${update.publishedAt.toUTCString()}</pubDate>
<description>${xml(plainBody(update.fields))}</description>
</item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
<title>${xml(page.name)}</title>
<link>${xml(page.url)}</link>
<description>${xml(page.about || page.name)}</description>
<language>${xml(page.language)}</language>
${rssNotices(snapshot.notices, page.url)}
${items.join('\n')}
</channel></rss>
`;
}
