/** Planned maintenance on the page, in Statuspage's JSON and as a calendar (RFC 5545). */
import { overMaintenance, type PublicMaintenance, type Snapshot } from '../snapshot.ts';
import { html, prose, type Safe, time, visible } from './html.ts';
import type { Tongue } from './words/index.ts';

const WORDS = {
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  completed: 'Completed',
  cancelled: 'Cancelled',
} as const;

const PLANNED_MS = 30 * 86_400_000;

/** What runs and what comes within a month. */
export function maintenanceList({ maintenances, asOf }: Snapshot, w: Tongue): Safe | false {
  const list = maintenances.filter(
    (one) => !overMaintenance(one) && one.startsAt.getTime() - asOf.getTime() < PLANNED_MS,
  );
  if (list.length === 0) return false;
  return html`<section aria-labelledby="planned">
    <h2 id="planned">${w.t('Planned maintenance')}</h2>
    <ul class="components">
      ${list.map(
        (one) =>
          html`<li class="component s-under_maintenance" id="m-${one.publicId}">
            <div class="name">
              <h3>${prose(one.title)}</h3>
              <p class="state">${w.t(WORDS[one.state])}</p>
            </div>
            <p class="meta">
              ${w.say('{0} to {1}', time(one.startsAt, 'instant', true, w.day), time(one.endsAt, 'instant', false, w.day))}
              · ${one.components.map(({ name }) => name).join(', ')}
            </p>
            <p class="about">${prose(one.body)}</p>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** As Statuspage tells a scheduled maintenance; a cancelled one is in no list. */
export function maintenanceJson(one: PublicMaintenance, { page }: Snapshot) {
  const at = one.createdAt.toISOString();
  return {
    id: one.publicId,
    name: visible(one.title),
    status: one.state,
    impact: 'maintenance',
    created_at: at,
    updated_at: one.updatedAt.toISOString(),
    monitoring_at: null,
    resolved_at: one.state === 'completed' ? one.endsAt.toISOString() : null,
    started_at: one.startsAt.toISOString(),
    shortlink: `${page.url}#m-${one.publicId}`,
    page_id: page.id,
    scheduled_for: one.startsAt.toISOString(),
    scheduled_until: one.endsAt.toISOString(),
    incident_updates: [
      {
        id: `${one.publicId}-${one.state}`,
        status: one.state,
        body: visible(one.body),
        incident_id: one.publicId,
        created_at: at,
        updated_at: one.updatedAt.toISOString(),
        display_at: one.updatedAt.toISOString(),
        affected_components: one.components.map(({ id, name }) => ({
          code: id,
          name: visible(name),
          old_status: 'operational',
          new_status: 'under_maintenance',
        })),
        deliver_notifications: true,
      },
    ],
    components: [],
  };
}

const stamp = (at: Date) => at.toISOString().replace(/[:-]|\.\d{3}/g, '');
const text = (words: string) =>
  visible(words)
    .replace(/\\/g, '\\\\')
    .replace(/[;,]/g, (sign) => `\\${sign}`)
    .replace(/\n/g, '\\n');

/** At most 75 octets a line, never within a character. */
function fold(line: string): string {
  const lines: string[] = [];
  let now = '';
  for (const sign of line) {
    if (Buffer.byteLength(now + sign) > 74) {
      lines.push(now);
      now = ' ';
    }
    now += sign;
  }
  return [...lines, now].join('\r\n');
}

/** A calendar that programs subscribe to: each window is one event, called off ones say so. */
export function calendar({ maintenances, page }: Snapshot): string {
  const events = maintenances.flatMap((one) => [
    'BEGIN:VEVENT',
    `UID:${one.publicId}@evenkeel`,
    `DTSTAMP:${stamp(one.updatedAt)}`,
    `DTSTART:${stamp(one.startsAt)}`,
    `DTEND:${stamp(one.endsAt)}`,
    `SUMMARY:${text(one.title)}`,
    `DESCRIPTION:${text(`${one.body}\n${one.components.map(({ name }) => name).join(', ')}`)}`,
    `URL:${page.url}#m-${one.publicId}`,
    `STATUS:${one.state === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]);
  return `${[
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Evenkeel//Status page//EN',
    `X-WR-CALNAME:${text(page.name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    ...events,
    'END:VCALENDAR',
  ]
    .map(fold)
    .join('\r\n')}\r\n`;
}
