/** The JSON of status pages as one shape: Statuspage, Instatus, Better Stack, incident.io, Google Cloud. Pure, and lenient. */
import { isObject, type JsonObject, type JsonValue } from '../ingest/json.ts';
import { textOf } from '../ingest/text.ts';
import { impactWord, type PageReading, type Reported, stateWord } from './model.ts';

const list = (value: JsonValue | undefined): JsonObject[] =>
  (Array.isArray(value) ? value.filter(isObject) : []).slice(0, 200);
const object = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});
const short = (value: JsonValue | undefined, most: number): string =>
  textOf(value).replace(/\s+/g, ' ').trim().slice(0, most);

function timeOf(value: JsonValue | undefined): Date | null {
  const at = new Date(textOf(value));
  return textOf(value) === '' || Number.isNaN(at.getTime()) ? null : at;
}
const address = (value: JsonValue | undefined): string | null =>
  /^https?:\/\//.test(textOf(value)) ? textOf(value).slice(0, 2000) : null;

const names = (value: JsonValue | undefined, field = 'name'): string[] =>
  list(value)
    .map((one) => short(one[field], 100))
    .filter((name) => name !== '')
    .slice(0, 20);

type Draft = Partial<Reported> & { ref: string };
const report = (draft: Draft, now: Date): Reported => ({
  title: 'Without a title',
  impact: 'minor',
  status: '',
  said: '',
  components: [],
  url: null,
  startedAt: now,
  endedAt: null,
  ...draft,
});

/** Statuspage (Atlassian) and everything that copies it: `page`, `status`, `components`, `incidents`, `scheduled_maintenances`. */
function statuspage(body: JsonObject, now: Date): PageReading {
  const status = object(body.status);
  const incidents = list(body.incidents).map((one) => ofStatuspage(one, now, 'minor'));
  const maintenances = list(body.scheduled_maintenances)
    .filter((one) => textOf(one.status) !== 'scheduled')
    .map((one) => ({
      ...ofStatuspage(one, now, 'maintenance'),
      impact: 'maintenance' as const,
      startedAt: timeOf(one.scheduled_for) ?? now,
    }));
  const reports = [...incidents, ...maintenances].filter((one) => one !== undefined) as Reported[];
  const state = stateWord(textOf(status.indicator));
  const bad = list(body.components).filter((one) => one.group !== true && textOf(one.status) !== 'operational');
  // A page may turn yellow without anybody having written an incident.
  const silent = reports.length === 0 && (state === 'degraded' || state === 'outage');
  if (silent)
    reports.push(
      report(
        {
          ref: 'status',
          title: short(status.description, 300) || 'Not fully operational',
          impact: impactWord(textOf(status.indicator)) ?? 'minor',
          components: names(bad),
          url: address(object(body.page).url),
        },
        now,
      ),
    );
  return { description: short(status.description, 300), state, reports, complete: true };
}

function ofStatuspage(one: JsonObject, now: Date, fallback: 'minor' | 'maintenance'): Reported {
  const over = ['resolved', 'postmortem', 'completed'].includes(textOf(one.status));
  return report(
    {
      ref: short(one.id, 200) || short(one.name, 200),
      title: short(one.name, 300) || 'Incident',
      impact: impactWord(textOf(one.impact)) ?? fallback,
      status: short(one.status, 50),
      said: short(list(one.incident_updates)[0]?.body, 2000),
      components: names(one.components),
      url: address(one.shortlink),
      startedAt: timeOf(one.started_at) ?? timeOf(one.created_at) ?? now,
      endedAt: over ? (timeOf(one.resolved_at) ?? now) : null,
    },
    now,
  );
}

function instatus(body: JsonObject, now: Date): PageReading {
  const read = (one: JsonObject, maintenance: boolean) =>
    report(
      {
        ref: short(one.id, 200) || short(one.url, 200) || short(one.name, 200),
        title: short(one.name, 300),
        impact: maintenance ? 'maintenance' : (impactWord(textOf(one.impact)) ?? 'minor'),
        status: short(one.status, 50).toLowerCase(),
        url: address(one.url),
        startedAt: timeOf(one.started ?? one.start) ?? now,
      },
      now,
    );
  return {
    description: '',
    state: stateWord(textOf(object(body.page).status)),
    reports: [
      ...list(body.activeIncidents).map((one) => read(one, false)),
      ...list(body.activeMaintenances)
        .filter((one) => !/NOTSTARTED/i.test(textOf(one.status)))
        .map((one) => read(one, true)),
    ],
    complete: true,
  };
}

/** JSON:API: the page in `data`, its reports in `included`. */
function betterStack(body: JsonObject, now: Date): PageReading {
  const attributes = object(object(body.data).attributes);
  const reports = list(body.included)
    .filter((one) => textOf(one.type) === 'status_report')
    .map((one) => {
      const about = object(one.attributes);
      const ends = timeOf(about.ends_at);
      return report(
        {
          ref: short(one.id, 200),
          title: short(about.title, 300),
          impact:
            textOf(about.report_type) === 'maintenance'
              ? 'maintenance'
              : (impactWord(textOf(about.aggregate_state)) ?? 'minor'),
          startedAt: timeOf(about.starts_at) ?? now,
          endedAt: ends !== null && ends <= now ? ends : null,
        },
        now,
      );
    })
    .filter(({ startedAt }) => startedAt <= now);
  return { description: '', state: stateWord(textOf(attributes.aggregate_state)), reports, complete: true };
}

/** incident.io's widget. */
function widget(body: JsonObject, now: Date): PageReading {
  const read = (one: JsonObject, maintenance: boolean) =>
    report(
      {
        ref: short(one.id, 200),
        title: short(one.name, 300),
        impact: maintenance ? 'maintenance' : (impactWord(textOf(one.current_worst_impact)) ?? 'minor'),
        status: short(one.status, 50),
        said: short(one.last_update_message, 2000),
        components: names(one.affected_components),
        url: address(one.url),
        startedAt: timeOf(one.started_at ?? one.last_update_at) ?? now,
      },
      now,
    );
  return {
    description: '',
    reports: [
      ...list(body.ongoing_incidents).map((one) => read(one, false)),
      ...list(body.in_progress_maintenances).map((one) => read(one, true)),
    ],
    complete: true,
  };
}

/** Google Cloud's `incidents.json`: a list with a beginning and, later, an end. */
function googleCloud(body: JsonObject[], now: Date): PageReading {
  const reports = body.slice(0, 50).map((one) => {
    const update = object(one.most_recent_update);
    return report(
      {
        ref: short(one.id, 200),
        title: short(one.external_desc, 300),
        impact: impactWord(textOf(one.severity) || textOf(one.status_impact)) ?? 'minor',
        status: short(update.status, 50).toLowerCase().replace('available', 'resolved'),
        said: short(update.text, 2000),
        components: names(one.affected_products, 'title'),
        startedAt: timeOf(one.begin) ?? now,
        endedAt: timeOf(one.end),
      },
      now,
    );
  });
  return { description: '', reports, complete: false };
}

/** The shape of a body, and what it says; undefined when it is none that is known. */
export function readShape(body: JsonValue, now: Date): { format: string; reading: PageReading } | undefined {
  if (Array.isArray(body) && body.every((one) => isObject(one) && one.external_desc !== undefined))
    return { format: 'google', reading: googleCloud(body as JsonObject[], now) };
  if (!isObject(body)) return undefined;
  if (isObject(body.status) && body.status.indicator !== undefined)
    return { format: 'statuspage', reading: statuspage(body, now) };
  if (Array.isArray(body.ongoing_incidents)) return { format: 'incident.io', reading: widget(body, now) };
  if (isObject(body.data) && isObject(body.data.attributes) && body.data.attributes.aggregate_state !== undefined)
    return { format: 'betterstack', reading: betterStack(body, now) };
  if (isObject(body.page) && body.page.status !== undefined)
    return { format: 'instatus', reading: instatus(body, now) };
  return undefined;
}
