/** One message as customers read it: the same parts in the same order on the page, in its history and in previews. */
import {
  isActive,
  type PublicFields,
  type PublicIncident,
  type PublicUpdate,
  STATE_WORDS,
  STATUS_WORDS,
} from '../snapshot.ts';
import { html, prose, type Safe, sayDay, sayInstant, time } from './html.ts';

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
function estimateLine(fields: PublicFields): Safe | false {
  const { estimate } = fields;
  if (!estimate) return false;
  const [from, to, confirm] = [new Date(estimate.from), new Date(estimate.to), new Date(estimate.confirmAt)];
  const how = sayDay(from) === sayDay(to) && sayDay(to) === sayDay(confirm) ? 'clock' : 'instant';
  return part(
    'What we expect',
    html`<p>
      Between ${time(from, how)} and ${time(to, how)}, based on ${prose(estimate.basis)}. We will confirm this by
      ${time(confirm, how)}.
    </p>`,
  );
}

/** The body of a message. `over`: known, unknown and doing are told only when they say something. */
export function messageBody(fields: PublicFields, over: boolean): Safe {
  const actions = fields.customerActions;
  return html` ${part(over ? 'What was affected' : 'What is affected', html`<p>${prose(fields.impact)}</p>`, 'wide')}
  ${actions.length > 0 && part('What you can do', actions === 'none' ? html`<p>You do not need to do anything.</p>` : lines(actions), 'act')}
  ${fields.dataImpact && part('Your data', html`<p>${prose(fields.dataImpact.sentence)}</p>`)}
  ${fields.protection !== '' && part('How you are protected', html`<p>${prose(fields.protection)}</p>`)}
  ${fields.known.length > 0 && part('What we know', lines(fields.known))}
  ${fields.unknown.length > 0 && part('What we do not know yet', lines(fields.unknown))}
  ${fields.unknown.length === 0 && !over && part('What we do not know yet', html`<p>Nothing that changes what you can expect.</p>`)}
  ${fields.doing.length > 0 && part(over ? 'What we are changing' : 'What we are doing', lines(fields.doing))}
  ${estimateLine(fields)} ${fields.apology !== '' && html`<p class="apology">${prose(fields.apology)}</p>`}`;
}

/** When the next word comes; says so when it is late. */
export function nextLine(update: PublicUpdate, asOf: Date): Safe | false {
  const by = update.fields.nextUpdateBy ? new Date(update.fields.nextUpdateBy) : null;
  if (!by || update.status === 'resolved') return false;
  if (by < asOf)
    return html`<p class="next late" data-next>
      An update was due by <strong>${time(by, 'clock', true)}</strong> and is late.
    </p>`;
  return html`<p class="next" data-next>Next update by <strong>${time(by, 'clock', true)}</strong></p>`;
}

const componentLine = (fields: PublicFields): Safe | false =>
  fields.components.length > 0 &&
  html`<ul class="affects">
    ${fields.components.map(({ name, state }) => html`<li class="s-${state}"><i></i>${name}: ${STATE_WORDS[state]}</li>`)}
  </ul>`;

const chip = (update: PublicUpdate, incident: PublicIncident): Safe =>
  incident.withdrawnAt
    ? html`<span class="chip t-resolved">Withdrawn</span>`
    : html`<span class="chip t-${update.status}">${STATUS_WORDS[update.status]}</span>`;

/** What a message said before it was corrected: visible, but folded away. */
function edits(update: PublicUpdate): Safe | false {
  if (!update.editedAt) return false;
  return html`<div class="edit">
    <p>Corrected at ${time(update.editedAt)}: ${prose(update.correctionReason ?? '')}</p>
    ${update.earlier.map(
      ({ publishedAt, fields }) =>
        html`<details>
          <summary>What it said at ${time(publishedAt)}</summary>
          <h4>${prose(fields.headline)}</h4>
          <div class="parts">${messageBody(fields, update.status === 'resolved')}</div>
        </details>`,
    )}
  </div>`;
}

function historyItem(update: PublicUpdate): Safe {
  return html`<li>
    <h3>
      <span class="chip t-${update.status}">${STATUS_WORDS[update.status]}</span>
      ${time(update.publishedAt, 'instant', true)}
    </h3>
    <p class="line"><strong>${prose(update.fields.headline)}</strong></p>
    <div class="parts">${messageBody(update.fields, update.status === 'resolved')}</div>
    ${automaticLine(update)} ${edits(update)}
  </li>`;
}

/** What nobody wrote for this hour says so. */
export const automaticLine = (update: PublicUpdate): Safe | false =>
  update.automatic &&
  html`<p class="meta">Sent automatically, in words prepared beforehand, because our own update is not ready.</p>`;

/** Every message of an incident, newest first. */
export const history = (incident: PublicIncident): Safe =>
  html`<ol class="history">
    ${incident.updates.map(historyItem)}
  </ol>`;

/** An active incident on the front page, whole: nobody should have to click while something is wrong. */
export function incidentCard(incident: PublicIncident, base: string, asOf: Date): Safe {
  const latest = incident.updates[0];
  if (!latest) return html``;
  const earlier = incident.updates.slice(1);
  return html`<article class="incident t-${latest.status}">
    <header>
      <p class="meta">${chip(latest, incident)} Began ${time(incident.startedAt, 'instant', true)}</p>
      <h3><a href="${base}/incidents/${incident.publicId}">${prose(latest.fields.headline)}</a></h3>
      ${componentLine(latest.fields)}
    </header>
    <div class="parts">${messageBody(latest.fields, latest.status === 'resolved')}</div>
    <footer>
      ${isActive(incident) && nextLine(latest, asOf)}
      <p class="meta">Updated ${time(latest.publishedAt, 'clock', true)}</p>
      ${automaticLine(latest)}
    </footer>
    ${edits(latest)}
    ${
      earlier.length > 0 &&
      html`<details class="more">
        <summary>Earlier updates (${earlier.length})</summary>
        ${history({ ...incident, updates: earlier })}
      </details>`
    }
  </article>`;
}

/** The top of an incident's own page. */
export function incidentHead(incident: PublicIncident, asOf: Date): Safe {
  const latest = incident.updates[0];
  if (!latest) return html``;
  const end = incident.resolvedAt ?? incident.withdrawnAt;
  const span = end
    ? html`${time(incident.startedAt)} to ${time(end)} (${saySpan(incident.startedAt, end)})`
    : html`Began ${time(incident.startedAt, 'instant', true)}`;
  return html`<p class="meta">${chip(latest, incident)} ${span}</p>
    <h1>${prose(latest.fields.headline)}</h1>
    ${componentLine(latest.fields)}
    ${incident.withdrawnAt && html`<p class="note">We withdrew this notice at ${sayInstant(incident.withdrawnAt)}: it turned out that nothing was wrong.</p>`}
    ${isActive(incident) && nextLine(latest, asOf)}`;
}

/** `2 h 53 min`. */
export function saySpan(from: Date, to: Date): string {
  const minutes = Math.max(1, Math.round((to.getTime() - from.getTime()) / 60_000));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
