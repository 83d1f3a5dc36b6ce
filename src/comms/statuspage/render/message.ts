/** One message as customers read it: the same parts in the same order on the page, in its history and in previews. */
import {
  isActive,
  type PublicFields,
  type PublicIncident,
  type PublicUpdate,
  STATE_WORDS,
  STATUS_WORDS,
} from '../snapshot.ts';
import { html, prose, type Safe, sayDay, time as timeIn } from './html.ts';
import { ENGLISH, type Tongue } from './words/index.ts';

const time = (at: Date, how: 'clock' | 'instant' | 'day', live: boolean, w: Tongue) => timeIn(at, how, live, w.day);

const lines = (texts: string[]): Safe =>
  texts.length === 1
    ? html`<p>${prose(texts[0] ?? '')}</p>`
    : html`<ul>
        ${texts.map((text) => html`<li>${prose(text)}</li>`)}
      </ul>`;
const part = (title: string, body: Safe, kind = ''): Safe =>
  html`<section class="part ${kind}">
    <h4>${title}</h4>
    ${body}
  </section>`;

/** A range, never a single time, with its basis and the time it will be confirmed. */
function estimateLine(fields: PublicFields, w: Tongue): Safe | false {
  const { estimate } = fields;
  if (!estimate) return false;
  const [from, to, confirm] = [new Date(estimate.from), new Date(estimate.to), new Date(estimate.confirmAt)];
  const how = sayDay(from) === sayDay(to) && sayDay(to) === sayDay(confirm) ? 'clock' : 'instant';
  return part(
    w.t('What we expect'),
    html`<p>
      ${w.say('Between {0} and {1}, based on {2}. We will confirm this by {3}.', time(from, how, false, w), time(to, how, false, w), prose(estimate.basis), time(confirm, how, false, w))}
    </p>`,
  );
}

/** How well it works now, with the time of its measure. */
const nowLine = ({ expectation }: PublicFields, w: Tongue): Safe | false =>
  Boolean(expectation) &&
  html`<p>
    ${prose(expectation?.text ?? '')}
    <span class="meta">${w.say('As of {0}', time(new Date(expectation?.asOf ?? 0), 'clock', false, w))}</span>
  </p>`;

/** What was taken back stays readable, with the reason. */
const retractedLine = (update: PublicUpdate, w: Tongue): Safe | false =>
  Boolean(update.retractedAt) && html`<p class="note">${w.t('Withdrawn')}: ${prose(update.retractedReason ?? '')}</p>`;

/** The body of a message. `over`: known, unknown and doing are told only when they say something. */
export function messageBody(fields: PublicFields, over: boolean, w: Tongue = ENGLISH): Safe {
  const actions = fields.customerActions;
  return html` ${part(
    over ? w.t('What was affected') : w.t('What is affected'),
    html`<p>${prose(fields.impact)}</p>
      ${nowLine(fields, w)}`,
    'wide',
  )}
  ${actions.length > 0 && part(w.t('What you can do'), actions === 'none' ? html`<p>${w.t('You do not need to do anything.')}</p>` : lines(actions), 'act')}
  ${fields.dataImpact && part(w.t('Your data'), html`<p>${prose(fields.dataImpact.sentence)}</p>`)}
  ${fields.protection !== '' && part(w.t('How you are protected'), html`<p>${prose(fields.protection)}</p>`)}
  ${fields.known.length > 0 && part(w.t('What we know'), lines(fields.known))}
  ${fields.unknown.length > 0 && part(w.t('What we do not know yet'), lines(fields.unknown))}
  ${fields.unknown.length === 0 && !over && part(w.t('What we do not know yet'), html`<p>${w.t('Nothing that changes what you can expect.')}</p>`)}
  ${fields.doing.length > 0 && part(over ? w.t('What we are changing') : w.t('What we are doing'), lines(fields.doing))}
  ${(fields.changes ?? []).length > 0 && part(w.t('What we are changing'), lines((fields.changes ?? []).map(({ what, owner, due }) => `${what} (${owner}, ${due})`)))}
  ${fields.recurrence && part(w.t('Past incidents'), html`<p>${prose(fields.recurrence.text)}</p>`, 'wide')}
  ${estimateLine(fields, w)} ${fields.apology !== '' && html`<p class="apology">${prose(fields.apology)}</p>`}`;
}

/** When the next word comes; says so when it is late. */
export function nextLine(update: PublicUpdate, asOf: Date, w: Tongue = ENGLISH): Safe | false {
  const by = update.fields.nextUpdateBy ? new Date(update.fields.nextUpdateBy) : null;
  if (!by || update.status === 'resolved') return false;
  if (by < asOf)
    return html`<p class="next late" data-next>
      ${w.say('An update was due by {0} and is late.', html`<strong>${time(by, 'clock', true, w)}</strong>`)}
    </p>`;
  return html`<p class="next" data-next>
    ${w.say('Next update by {0}', html`<strong>${time(by, 'clock', true, w)}</strong>`)}
  </p>`;
}

const componentLine = (fields: PublicFields, w: Tongue): Safe | false =>
  fields.components.length > 0 &&
  html`<ul class="affects">
    ${fields.components.map(({ name, state }) => html`<li class="s-${state}"><i></i>${name}: ${w.t(STATE_WORDS[state])}</li>`)}
  </ul>`;

const chip = (update: PublicUpdate, incident: PublicIncident, w: Tongue): Safe =>
  incident.withdrawnAt
    ? html`<span class="chip t-resolved">${w.t('Withdrawn')}</span>`
    : html`<span class="chip t-${update.status}">${w.t(STATUS_WORDS[update.status])}</span>`;

/** What a message said before it was corrected: visible, but folded away. */
function edits(update: PublicUpdate, w: Tongue): Safe | false {
  if (!update.editedAt) return false;
  return html`<div class="edit">
    <p>
      ${w.say('Corrected at {0}: {1}', time(update.editedAt, 'instant', false, w), prose(update.correctionReason ?? ''))}
    </p>
    ${update.earlier.map(
      ({ publishedAt, fields }) =>
        html`<details>
          <summary>${w.say('What it said at {0}', time(publishedAt, 'instant', false, w))}</summary>
          <h4>${prose(fields.headline)}</h4>
          <div class="parts">${messageBody(fields, update.status === 'resolved', w)}</div>
        </details>`,
    )}
  </div>`;
}

function historyItem(update: PublicUpdate, w: Tongue): Safe {
  return html`<li>
    <h3>
      <span class="chip t-${update.status}">${w.t(STATUS_WORDS[update.status])}</span>
      ${time(update.publishedAt, 'instant', true, w)}
    </h3>
    <p class="line"><strong>${prose(update.fields.headline)}</strong></p>
    <div class="parts">${messageBody(update.fields, update.status === 'resolved', w)}</div>
    ${retractedLine(update, w)} ${automaticLine(update, w)} ${edits(update, w)}
  </li>`;
}

/** What nobody wrote for this hour says so. */
export const automaticLine = (update: PublicUpdate, w: Tongue = ENGLISH): Safe | false =>
  update.automatic &&
  html`<p class="meta">
    ${w.t('Sent automatically, in words prepared beforehand, because our own update is not ready.')}
  </p>`;

/** Every message of an incident, newest first. */
export const history = (incident: PublicIncident, w: Tongue = ENGLISH): Safe =>
  html`<ol class="history">
    ${incident.updates.map((update) => historyItem(update, w))}
  </ol>`;

/** An active incident on the front page, whole: nobody should have to click while something is wrong. */
export function incidentCard(incident: PublicIncident, base: string, asOf: Date, w: Tongue = ENGLISH): Safe {
  const latest = incident.updates[0];
  if (!latest) return html``;
  const earlier = incident.updates.slice(1);
  return html`<article class="incident t-${latest.status}">
    <header>
      <p class="meta">
        ${chip(latest, incident, w)} ${w.say('Began {0}', time(incident.startedAt, 'instant', true, w))}
      </p>
      <h3><a href="${base}/incidents/${incident.publicId}">${prose(latest.fields.headline)}</a></h3>
      ${componentLine(latest.fields, w)}
    </header>
    <div class="parts">${messageBody(latest.fields, latest.status === 'resolved', w)}</div>
    <footer>
      ${isActive(incident) && nextLine(latest, asOf, w)}
      <p class="meta">${w.say('Updated {0}', time(latest.publishedAt, 'clock', true, w))}</p>
      ${automaticLine(latest, w)}
    </footer>
    ${retractedLine(latest, w)} ${edits(latest, w)}
    ${
      earlier.length > 0 &&
      html`<details class="more">
        <summary>${w.t('Earlier updates ({0})', earlier.length)}</summary>
        ${history({ ...incident, updates: earlier }, w)}
      </details>`
    }
  </article>`;
}

/** The top of an incident's own page. */
export function incidentHead(incident: PublicIncident, asOf: Date, w: Tongue = ENGLISH): Safe {
  const latest = incident.updates[0];
  if (!latest) return html``;
  const end = incident.resolvedAt ?? incident.withdrawnAt;
  const span = end
    ? w.say(
        '{0} to {1} ({2})',
        time(incident.startedAt, 'instant', false, w),
        time(end, 'instant', false, w),
        saySpan(incident.startedAt, end),
      )
    : w.say('Began {0}', time(incident.startedAt, 'instant', true, w));
  return html`<p class="meta">${chip(latest, incident, w)} ${span}</p>
    <h1>${prose(latest.fields.headline)}</h1>
    ${componentLine(latest.fields, w)}
    ${incident.withdrawnAt && html`<p class="note">${w.t('We withdrew this notice at {0}: it turned out that nothing was wrong.', w.instant(incident.withdrawnAt))}</p>`}
    ${isActive(incident) && nextLine(latest, asOf, w)}`;
}

/** `2 h 53 min`. */
export function saySpan(from: Date, to: Date): string {
  const minutes = Math.max(1, Math.round((to.getTime() - from.getTime()) / 60_000));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
