/** The pages of the public site: front, incident, history, subscribe. Whole without a script, small, and true at their time. */
import { isActive, overall, type PublicIncident, type Snapshot } from '../snapshot.ts';
import { noticePlace } from '../../notices/show.ts';
import { html, prose, type Safe, sayDay, time as timeIn } from './html.ts';
import { ENGLISH, LANGUAGES, type Tongue } from './words/index.ts';
import { componentList, icon } from './components.ts';
import { maintenanceList } from './maintenance.ts';
import { history, incidentCard, incidentHead, saySpan } from './message.ts';

const time = (at: Date, how: 'clock' | 'instant' | 'day', live: boolean, w: Tongue) => timeIn(at, how, live, w.day);

export interface Look {
  /** Where the site lives: `/status`, or empty at the root of its own host. */
  base: string;
  /** Changes when style or script change. */
  assets: string;
  /** What the frame is said in; English when absent. */
  tongue?: Tongue;
  /** Languages the site is written in, and this page's address below the base, for the links between them. */
  languages?: string[];
  /** `/de` in front of addresses of pages that are not in the page's own language. */
  prefix?: string;
  path?: string;
  /** A drill: shown in the console only, under a watermark. */
  watermark?: boolean;
  /** Where forms are sent when not to the page itself: a copy on a host of files has nobody to take them. */
  forms?: string;
  /** Shown in a frame of the console, where nothing runs and nothing leads away. */
  preview?: boolean;
}

const tongueIn = (look: Look): Tongue => look.tongue ?? ENGLISH;

/** The front page in the language of this one. */
const homeOf = (look: Look): string => (look.prefix ? `${look.base}${look.prefix}` : look.base || '/');

/** Links to this page in the other languages; each is a page of its own, so that a link can be sent. */
const tongues = (look: Look): Safe | false =>
  (look.languages?.length ?? 0) > 1 &&
  html`<p class="tongues" aria-label="${tongueIn(look).t('Language')}">
    ${look.languages?.map((lang) =>
      lang === tongueIn(look).lang
        ? html`<strong lang="${lang}">${LANGUAGES[lang] ?? lang}</strong> `
        : html`<a href="${look.base}/${lang}${look.path ?? ''}" lang="${lang}" hreflang="${lang}"
            >${LANGUAGES[lang] ?? lang}</a
          > `,
    )}
  </p>`;

/** The frame of every page. */
export function shell(snapshot: Snapshot, look: Look, title: string, body: Safe): string {
  const { page } = snapshot;
  const w = tongueIn(look);
  const home = homeOf(look);
  return html`<!doctype html>
<html lang="${look.tongue ? w.lang : page.language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="stylesheet" href="${look.base}/assets/status.css?${look.assets}">
<link rel="alternate" type="application/atom+xml" title="${page.name}" href="${look.base}/history.atom">
${!look.preview && html`<script src="${look.base}/assets/status.js?${look.assets}" defer></script>`}
</head>
<body${look.watermark && html` class="exercise"`}>
${look.watermark && html`<p class="watermark" role="note">EXERCISE EXERCISE EXERCISE. This page is a drill. Customers do not see it.</p>`}
<a class="skip" href="#main">${w.t('Skip to content')}</a>
<header class="top"><div><a class="brand" href="${home}">${page.logo && html`<img src="${look.base}/assets/logo.png" alt="" height="32" /> `}<bdi>${page.name}</bdi></a>
${page.canSubscribe && html`<a class="button" href="${look.base}${look.prefix ?? ''}/subscribe">${w.t('Get updates')}</a>`}</div></header>
<main id="main">
${noticePlace(look.preview ? [] : snapshot.notices)}
${body}
</main>
<footer class="bottom"><div>
${page.supportContact !== '' && html`<p>${w.say('Questions? {0}', prose(page.supportContact))}</p>`}
<p><a href="${look.base}${look.prefix ?? ''}/history">${w.t('Past incidents')}</a> · <a href="${look.base}/history.atom">Atom</a> · <a href="${look.base}/history.rss">RSS</a> · <a href="${look.base}/maintenance.ics">iCal</a> · <a href="${look.base}/feed.json">JSON Feed</a> · <a href="${look.base}/api/v2/summary.json">JSON</a></p>
<p>${w.say('Times are in UTC. As of {0}.', time(snapshot.asOf, 'instant', false, w))}</p>
${tongues(look)}
</div></footer>
</body>
</html>
`.safe;
}

/** Incidents by the day they began; quiet days are named too, so that silence reads as silence. */
function pastDays(snapshot: Snapshot, look: Look, days: number): Safe {
  const w = tongueIn(look);
  const list: Safe[] = [];
  for (let back = 0; back < days; back++) {
    const day = new Date(snapshot.asOf.getTime() - back * 86_400_000);
    const items = snapshot.incidents.filter((incident) => sayDay(incident.startedAt) === sayDay(day));
    list.push(
      html`<li>
        <h3>${time(day, 'day', false, w)}</h3>
        <div>
          ${items.length === 0 ? html`<p class="quiet">${w.t('No incidents')}</p>` : items.map((incident) => pastItem(incident, look))}
        </div>
      </li>`,
    );
  }
  return html`<ol class="past">
    ${list}
  </ol>`;
}

function pastItem(incident: PublicIncident, look: Look): Safe {
  const w = tongueIn(look);
  const latest = incident.updates[0];
  const end = incident.resolvedAt ?? incident.withdrawnAt;
  const link = html`<a href="${look.base}${look.prefix ?? ''}/incidents/${incident.publicId}"
    >${prose(latest?.fields.headline ?? '')}</a
  >`;
  const from = time(incident.startedAt, 'clock', false, w);
  if (!end) return html`<p>${link}<span class="meta">${w.say('Not over yet · since {0}', from)}</span></p>`;
  const to = time(end, sayDay(incident.startedAt) === sayDay(end) ? 'clock' : 'instant', false, w);
  return html`<p>
    ${link}<span class="meta"
      >${w.t(incident.withdrawnAt ? 'Withdrawn' : 'Resolved')} ·
      ${w.say('{0} to {1} ({2})', from, to, saySpan(incident.startedAt, end))}</span
    >
  </p>`;
}

/**
 * The front page. `stale`: the copy served when nothing newer has arrived for ten minutes; it claims nothing. `notice`: the
 * copy served while somebody has announced a disruption by hand that the product has not heard of.
 */
export function frontPage(snapshot: Snapshot, look: Look, mode: 'now' | 'stale' | 'notice' = 'now'): string {
  const w = tongueIn(look);
  const stale = mode === 'stale';
  const found = overall(mode === 'notice' ? { ...snapshot, notices: [true] } : snapshot);
  const top = stale ? { state: 'unknown' as const, words: 'We cannot confirm the present state' as const } : found;
  const active = snapshot.incidents.filter(isActive);
  const body = html` <section
      class="overall s-${top.state}"
      ${mode === 'now' && look.forms !== undefined && html`data-as-of="${snapshot.asOf.toISOString()}" data-old="${w.t('We cannot confirm the present state')}"`}
    >
      ${icon(top.state)}
      <div>
        <h1>${w.t(top.words)}</h1>
        <p>
          ${
            stale
              ? w.say(
                  'This page has not heard from our systems since {0}. Last confirmed: {1}.',
                  time(snapshot.asOf, 'instant', true, w),
                  w.t(found.words),
                )
              : mode === 'notice'
                ? w.say(
                    'The services below are as of {0} and may have changed since.',
                    time(snapshot.asOf, 'instant', true, w),
                  )
                : w.say('As of {0}', time(snapshot.asOf, 'clock', true, w))
          }
        </p>
      </div>
    </section>
    ${snapshot.page.about !== '' && html`<p class="lead">${prose(snapshot.page.about)}</p>`}
    ${
      active.length > 0 &&
      html`<section aria-labelledby="now">
        <h2 id="now">${w.t('Happening now')}</h2>
        ${active.map((incident) => incidentCard(incident, look.base + (look.prefix ?? ''), snapshot.asOf, w))}
      </section>`
    }
    ${maintenanceList(snapshot, w)} ${componentList(snapshot.components, w)}
    <section aria-labelledby="past">
      <h2 id="past">${w.t('The last 7 days')}</h2>
      ${pastDays(snapshot, look, 7)}
      <p><a href="${look.base}${look.prefix ?? ''}/history">${w.t('All past incidents')}</a></p>
    </section>`;
  return shell(snapshot, look, `${snapshot.page.name}: ${w.t(top.words)}`, body);
}

/** One incident with its whole history. */
export function incidentPage(snapshot: Snapshot, incident: PublicIncident, look: Look): string {
  const body = html`<article class="single">
      ${incidentHead(incident, snapshot.asOf, tongueIn(look))}
      <h2>${tongueIn(look).t('Updates')}</h2>
      ${history(incident, tongueIn(look))}
    </article>
    <p><a href="${homeOf(look)}">${tongueIn(look).t('Present state of all services')}</a></p>`;
  return shell(snapshot, look, `${incident.updates[0]?.fields.headline ?? 'Incident'} · ${snapshot.page.name}`, body);
}

export function historyPage(snapshot: Snapshot, look: Look): string {
  const w = tongueIn(look);
  const ended = snapshot.incidents.filter((incident) => !isActive(incident));
  const list =
    ended.length === 0
      ? html`<p class="quiet">${w.t('No incidents have been published yet.')}</p>`
      : html`<ol class="past">
          ${ended.map(
            (incident) =>
              html`<li>
                <h2>${time(incident.startedAt, 'day', false, w)}</h2>
                <div>${pastItem(incident, look)}</div>
              </li>`,
          )}
        </ol>`;
  return shell(
    snapshot,
    look,
    `${w.t('Past incidents')} · ${snapshot.page.name}`,
    html`<h1>${w.t('Past incidents')}</h1>
      ${list}
      <p><a href="${homeOf(look)}">${tongueIn(look).t('Present state of all services')}</a></p>`,
  );
}

/** The form. It works without a script and without a cookie. */
export function subscribePage(snapshot: Snapshot, look: Look): string {
  const w = tongueIn(look);
  const { components } = snapshot;
  const choice =
    components.length > 1 &&
    html`<fieldset>
      <legend>${w.t('Only for some services (optional)')}</legend>
      ${components.map(
        ({ id, name }) =>
          html`<label class="check"
            ><input type="checkbox" name="component" value="${id}" /> <bdi>${name}</bdi></label
          >`,
      )}
    </fieldset>`;
  const form = html`<form method="post" action="${look.forms ?? look.base}/subscribe" class="card">
    <label for="email">${w.t('Your e-mail address')}</label
    ><input id="email" name="email" type="email" autocomplete="email" required maxlength="254" />
    ${choice}
    <button class="button" type="submit">${w.t('Send me a confirmation mail')}</button>
    <p class="small">
      ${w.t('We write to this address about incidents only. Your subscription starts when you confirm it from that mail; every mail has a link to end it. We do not track whether you read it.')}
    </p>
  </form>`;
  const closed = html`<p>${w.t('Subscriptions are closed. Use a feed instead.')}</p>`;
  return shell(
    snapshot,
    look,
    `${w.t('Get updates')} · ${snapshot.page.name}`,
    html`<h1>${w.t('Get updates by e-mail')}</h1>
      ${snapshot.page.canSubscribe ? form : closed}
      <p>
        ${w.t('Rather use a feed reader?')} <a href="${look.base}/history.atom">Atom</a> ·
        <a href="${look.base}/history.rss">RSS</a>
      </p>`,
  );
}

/** A short page that says one thing: answers to forms, and what is missing. */
export const wordPage = (
  snapshot: Snapshot,
  look: Look,
  title: string,
  text: string,
  form: Safe | false = false,
): string =>
  shell(
    snapshot,
    look,
    `${title} · ${snapshot.page.name}`,
    html`<h1>${title}</h1>
      <p>${text}</p>
      ${form}
      <p><a href="${look.base || '/'}">Back to the status page</a></p>`,
  );
