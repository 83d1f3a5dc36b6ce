/** The components as the page lists them: state in word, shape and colour, and the last ninety days. */
import { DAYS, type PublicComponent, STATE_WORDS } from '../snapshot.ts';
import { html, prose, type Safe } from './html.ts';
import type { Tongue } from './words/index.ts';

const ICONS: Record<string, string> = {
  operational:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 5.2-4.2 4.6a.8.8 0 0 1-1.2 0L4.4 9a.8.8 0 0 1 1.2-1.1l1.2 1.2 3.6-4a.8.8 0 1 1 1.2 1.1Z',
  degraded_performance: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4.8 7.2h6.4a.8.8 0 0 1 0 1.6H4.8a.8.8 0 0 1 0-1.6Z',
  partial_outage:
    'M8.9 1.9a1 1 0 0 0-1.8 0l-6 11A1 1 0 0 0 2 14.4h12a1 1 0 0 0 .9-1.5ZM7.2 6h1.6v4H7.2Zm0 5.2h1.6v1.6H7.2Z',
  major_outage:
    'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Zm.5 3.5L4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9Z',
  under_maintenance:
    'M14.6 4.2 12 6.8 9.6 6.4 9.2 4l2.6-2.6a4.2 4.2 0 0 0-5.5 5.3L1.6 11.4a2.1 2.1 0 0 0 3 3l4.7-4.7a4.2 4.2 0 0 0 5.3-5.5Z',
  unknown:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.9 10h1.7v1.6H7.1Zm2.6-3c-.7.5-.9.8-.9 1.5v.2H7.2v-.4c0-1.1.4-1.7 1.3-2.3.7-.5 1-.8 1-1.3 0-.6-.5-1-1.3-1-.8 0-1.3.4-1.4 1.2H5.1C5.2 4.1 6.3 3 8.2 3s3 1 3 2.6c0 1-.5 1.7-1.5 2.4Z',
};
// The paths above are ours; nothing a person typed reaches this.
export const icon = (name: string): Safe => ({
  safe: `<svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name] ?? ICONS.unknown}"/></svg>`,
});

/** The days of a component as one drawing: a path per state, so that 90 days cost a few hundred bytes. */
function dayStrip(component: PublicComponent, w: Tongue): Safe {
  const paths = new Map<string, string>();
  component.days.forEach((state, at) => {
    const key = state ?? 'none';
    paths.set(key, `${paths.get(key) ?? ''}M${at * 5} 0h3.6v24h-3.6z`);
  });
  const bad = component.days.filter(
    (state) => state !== null && state !== 'operational' && state !== 'under_maintenance',
  ).length;
  const known = component.days.filter((state) => state !== null).length;
  const words =
    bad === 0
      ? known === 1
        ? w.t('No disruption today')
        : w.t('No disruption in the last {0} days', known)
      : known === 1
        ? w.t('Disrupted today')
        : w.t('Disrupted on {0} of the last {1} days', bad, known);
  // Keys and numbers only: nothing a person typed.
  const drawing: Safe = {
    safe: [...paths].map(([state, path]) => `<path class="d-${state}" d="${path}"/>`).join(''),
  };
  return html`<div class="days">
    <div class="strip">
      <svg viewBox="0 0 ${DAYS * 5 - 1.4} 24" preserveAspectRatio="none" role="img" aria-label="${words}">
        ${drawing}
      </svg>
    </div>
    <p>${words}</p>
  </div>`;
}

/** Under a group's heading a component is one level deeper; without groups it follows the section's own. */
const componentRow = (component: PublicComponent, grouped: boolean, w: Tongue): Safe =>
  html`<li class="component s-${component.state}">
    <div class="name">
      ${grouped ? html`<h4><bdi>${component.name}</bdi></h4>` : html`<h3><bdi>${component.name}</bdi></h3>`}
      <p class="state">${icon(component.state)}${w.t(STATE_WORDS[component.state])}</p>
    </div>
    ${component.description && html`<p class="about">${prose(component.description)}</p>`} ${dayStrip(component, w)}
  </li>`;

export function componentList(components: PublicComponent[], w: Tongue): Safe | false {
  if (components.length === 0) return false;
  const named = [...new Set(components.map(({ group }) => group).filter((group) => group !== null))];
  const rest = components.some(({ group }) => group === null) ? [null] : [];
  return html`<section aria-labelledby="services">
    <h2 id="services">${w.t('Services')}</h2>
    ${[...named, ...rest].map(
      (group) =>
        html`${named.length > 0 && html`<h3 class="group"><bdi>${group ?? w.t('Other services')}</bdi></h3>`}
          <ul class="components">
            ${components.filter((item) => item.group === group).map((item) => componentRow(item, named.length > 0, w))}
          </ul>`,
    )}
    <p class="legend">${w.t('Each bar is a day in UTC, today on the right.')}</p>
  </section>`;
}
