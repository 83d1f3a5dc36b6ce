/** The whole public site as files: from one snapshot, pure. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { projectPath } from '#kernel';
import { KEYS_FILE } from '../../notices/folder.ts';
import { type Document, withNotices } from '../../notices/show.ts';
import type { Snapshot } from '../snapshot.ts';
import { atom, rss } from './feeds.ts';
import { html } from './html.ts';
import { jsonFiles } from './json.ts';
import { frontPage, historyPage, incidentPage, type Look, subscribePage, wordPage } from './page.ts';

const asset = (name: string) => readFileSync(projectPath('web', 'status', name), 'utf8');

/** The style sheet with the page's accent; the setting admits `#rrggbb` only, and so does this. */
export function styleSheet(accent: string): string {
  const safe = /^#[0-9a-f]{6}$/i.test(accent) ? accent : '#0e7c7b';
  return `:root{--accent:${safe}}\n${asset('status.css')}`;
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

/** File path below the site's folder → content. `forms`: where forms go when the site stands on a host of files. */
export function renderSite(snapshot: Snapshot, base: string, forms?: string): Map<string, string> {
  const css = styleSheet(snapshot.page.accent);
  const js = asset('status.js');
  const look: Look = {
    base,
    ...(forms !== undefined && { forms }),
    assets: createHash('sha256')
      .update(css + js)
      .digest('hex')
      .slice(0, 12),
  };
  const files = new Map<string, string>([
    ['assets/status.css', css],
    ['assets/status.js', js],
  ]);
  for (const incident of snapshot.incidents)
    files.set(`incidents/${incident.publicId}.html`, incidentPage(snapshot, incident, look));
  files.set('history.html', historyPage(snapshot, look));
  files.set('subscribe.html', subscribePage(snapshot, look));
  for (const [path, title, text] of NEUTRAL) files.set(path, wordPage(snapshot, look, title, text));
  files.set(
    'said/confirm.html',
    actPage(
      snapshot,
      look,
      'confirm',
      'Confirm your subscription',
      'Press the button to get mails about incidents from this page.',
      'Confirm',
    ),
  );
  files.set(
    'said/unsubscribe.html',
    actPage(snapshot, look, 'unsubscribe', 'Unsubscribe', 'Press the button to end your subscription.', 'Unsubscribe'),
  );
  files.set('history.atom', atom(snapshot));
  files.set('history.rss', rss(snapshot));
  for (const [name, value] of Object.entries(jsonFiles(snapshot)))
    files.set(`api/v2/${name}`, `${JSON.stringify(withNotices(value as Document, snapshot.notices))}\n`);
  files.set(KEYS_FILE, `${JSON.stringify(snapshot.emergencyKeys)}\n`);
  files.set(NOTICE_FRONT, frontPage(snapshot, look, 'notice'));
  files.set('index.stale.html', frontPage(snapshot, look, 'stale'));
  files.set('index.html', frontPage(snapshot, look));
  return files;
}
