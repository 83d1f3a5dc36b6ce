/** The whole public site as files: from one snapshot, pure. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { projectPath } from '#kernel';
import { KEYS_FILE } from '../../notices/folder.ts';
import { type Document, withNotices } from '../../notices/show.ts';
import { isActive, type Snapshot } from '../snapshot.ts';
import { calendar } from './maintenance.ts';
import { atom, jsonFeed, rss } from './feeds.ts';
import { html } from './html.ts';
import { jsonFiles } from './json.ts';
import { tongueOf } from './words/index.ts';
import { frontPage, historyPage, incidentPage, type Look, subscribePage, wordPage } from './page.ts';

const asset = (name: string) => readFileSync(projectPath('web', 'status', name), 'utf8');

const COLOUR = /^#[0-9a-f]{6}$/i;

/** The style sheet with the page's colours; only `#rrggbb` gets in, whatever a setting or a row says (bad-input row 53). */
export function styleSheet({ accent, accentDark }: Pick<Snapshot['page'], 'accent' | 'accentDark'>): string {
  const safe = COLOUR.test(accent) ? accent : '#0e7c7b';
  const dark = COLOUR.test(accentDark) ? `@media(prefers-color-scheme:dark){:root{--accent:${accentDark}}}` : '';
  return `:root{--accent:${safe}}${dark}\n${asset('status.css')}`;
}

const NEUTRAL: [path: string, title: string, text: string][] = [
  [
    'said/asked.html',
    'Look into your mailbox',
    'If this address can be used, a mail with a link is on its way. Your subscription starts when you confirm it there. The link works for two days.',
  ],
  [
    'said/confirmed.html',
    'Thank you',
    'If your link was still good, your subscription is active now. You will get a mail with every update. If no mails arrive, subscribe once more.',
  ],
  [
    'said/unsubscribed.html',
    'You are unsubscribed',
    'You will get no more mails from this page, and we have forgotten your address.',
  ],
  [
    'said/later.html',
    'Not right now',
    'Subscriptions cannot be changed at this moment. Please try again later; nothing was changed.',
  ],
  ['said/gone.html', 'Not found', 'There is nothing at this address.'],
];

/** The front page for as long as a notice stands that the product does not know yet. */
export const NOTICE_FRONT = 'index.notice.html';

/** What stands in for the token in the two pages that carry one; the server puts the escaped token there. */
export const TOKEN_PLACE = '%%TOKEN%%';

const actPage = (snapshot: Snapshot, look: Look, path: string, title: string, text: string, button: string) =>
  wordPage(
    snapshot,
    look,
    title,
    text,
    html`<form method="post" action="${look.base}/${path}" class="card">
      <input type="hidden" name="token" value="${TOKEN_PLACE}" /><button class="button" type="submit">${button}</button>
    </form>`,
  );

/** How long after its last word an incident's page is written in every language; older ones are in the page's own. */
const TRANSLATED_MS = 7 * 86_400_000;

export interface SiteOptions {
  /** Where the site lives below its host: `/status`, or empty. */
  base: string;
  /** Where forms go when the site stands on a host of files. */
  forms?: string | undefined;
}

/** The pages that people read, in one language; `/de` and so on in front of addresses and files when it is not the page's own. */
function pagesIn(files: Map<string, string>, snapshot: Snapshot, plain: Look, lang: string, own: string): void {
  const under = lang === own ? '' : `${lang}/`;
  const look: Look = { ...plain, tongue: tongueOf(lang), prefix: lang === own ? '' : `/${lang}` };
  const recent = snapshot.asOf.getTime() - TRANSLATED_MS;
  for (const incident of snapshot.incidents)
    if (lang === own || incident.updatedAt.getTime() > recent || isActive(incident)) {
      const path = `/incidents/${incident.publicId}`;
      const others = incident.updatedAt.getTime() > recent || isActive(incident) ? plain.languages : [own];
      files.set(
        `${under}incidents/${incident.publicId}.html`,
        incidentPage(snapshot, incident, { ...look, path, languages: others ?? [] }),
      );
    }
  files.set(`${under}history.html`, historyPage(snapshot, { ...look, path: '/history' }));
  files.set(`${under}subscribe.html`, subscribePage(snapshot, { ...look, path: '/subscribe' }));
  files.set(`${under}${NOTICE_FRONT}`, frontPage(snapshot, look, 'notice'));
  files.set(`${under}index.stale.html`, frontPage(snapshot, look, 'stale'));
  files.set(`${under}index.html`, frontPage(snapshot, look));
}

/** The languages that the site is written in, its own first. */
export const languagesOf = ({ language, languages }: Snapshot['page']): string[] => {
  const own = tongueOf(language).lang;
  return [own, ...languages.filter((lang) => lang !== own)];
};

/** File path below the site's folder → content. */
export function renderSite(snapshot: Snapshot, { base, forms }: SiteOptions): Map<string, string> {
  const css = styleSheet(snapshot.page);
  const js = asset('status.js');
  const languages = languagesOf(snapshot.page);
  const [own = 'en'] = languages;
  const look: Look = {
    base,
    languages,
    ...(forms !== undefined && { forms }),
    assets: createHash('sha256')
      .update(css + js)
      .digest('hex')
      .slice(0, 12),
  };
  const files = new Map<string, string>([
    ['assets/status.css', css],
    ['assets/status.js', js],
    ['banner.js', asset('banner.js')],
    ['languages', `${languages.join(' ')}\n`],
  ]);
  const words: Look = { ...look, languages: [] };
  for (const [path, title, text] of NEUTRAL) files.set(path, wordPage(snapshot, words, title, text));
  files.set(
    'said/confirm.html',
    actPage(
      snapshot,
      words,
      'confirm',
      'Confirm your subscription',
      'Press the button to get mails about incidents from this page.',
      'Confirm',
    ),
  );
  files.set(
    'said/unsubscribe.html',
    actPage(snapshot, words, 'unsubscribe', 'Unsubscribe', 'Press the button to end your subscription.', 'Unsubscribe'),
  );
  files.set('history.atom', atom(snapshot));
  files.set('history.rss', rss(snapshot));
  files.set('feed.json', `${JSON.stringify(jsonFeed(snapshot))}\n`);
  files.set('maintenance.ics', calendar(snapshot));
  for (const [name, value] of Object.entries(jsonFiles(snapshot)))
    files.set(`api/v2/${name}`, `${JSON.stringify(withNotices(value as Document, snapshot.notices))}\n`);
  files.set(KEYS_FILE, `${JSON.stringify(snapshot.emergencyKeys)}\n`);
  // The front page of the page's own language is the last: it leads to nothing that is not there yet.
  for (const lang of [...languages.slice(1), own]) pagesIn(files, snapshot, look, lang, own);
  return files;
}
