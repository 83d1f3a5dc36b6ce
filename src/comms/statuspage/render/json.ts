/** The page for programs, in the shape of Statuspage's public API v2, so that existing readers work unchanged. */
import type { ComponentState } from '../../lint/index.ts';
import {
  isActive,
  overall,
  type PublicFields,
  type PublicIncident,
  type PublicUpdate,
  type Snapshot,
  STATE_WORDS,
  worstOf,
} from '../snapshot.ts';
import { visible } from './html.ts';
import { maintenanceJson } from './maintenance.ts';

const INDICATOR: Record<ComponentState, string> = {
  operational: 'none',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
  under_maintenance: 'maintenance',
};
/** Incidents know no `maintenance`; a disruption whose components are well is still minor. */
const impactOf = (states: ComponentState[]): string => {
  const indicator = INDICATOR[worstOf(states)];
  return indicator === 'none' || indicator === 'maintenance' ? 'minor' : (indicator ?? 'minor');
};

const pageOf = ({ page, asOf }: Snapshot) => ({
  id: page.id,
  name: visible(page.name),
  url: page.url,
  time_zone: 'Etc/UTC',
  updated_at: asOf.toISOString(),
});

/** Our opaque ids may be longer than Statuspage's twelve characters; readers treat them as text. */
const groupId = (name: string) => `group:${name}`;

function componentsOf(snapshot: Snapshot) {
  const shape = (id: string, name: string, state: ComponentState, position: number) => ({
    id,
    name: visible(name),
    status: state,
    position,
    showcase: true,
    start_date: null,
    page_id: snapshot.page.id,
    only_show_if_degraded: false,
  });
  const components = snapshot.components.map((item) => ({
    ...shape(item.id, item.name, item.state, item.position),
    description: item.description === null ? null : visible(item.description),
    created_at: item.createdAt.toISOString(),
    updated_at: item.stateSince.toISOString(),
    group_id: item.group === null ? null : groupId(item.group),
    group: false,
  }));
  const names = [...new Set(snapshot.components.map(({ group }) => group).filter((name) => name !== null))];
  const groups = names.map((name, at) => {
    const members = snapshot.components.filter(({ group }) => group === name);
    const first = members[0]?.createdAt.toISOString() ?? snapshot.asOf.toISOString();
    return {
      ...shape(groupId(name), name, worstOf(members.map(({ state }) => state)), at),
      description: null,
      created_at: first,
      updated_at: first,
      group_id: null,
      group: true,
      components: members.map(({ id }) => id),
    };
  });
  return [...components, ...groups];
}

/** A message as one text, for readers that know only `body`. */
export function plainBody(fields: PublicFields): string {
  const list = (title: string, lines: string[]) => (lines.length > 0 ? [`${title}: ${lines.join(' ')}`] : []);
  const parts = [
    fields.impact,
    ...list('We know', fields.known),
    ...list('We do not know yet', fields.unknown),
    ...list('We are doing', fields.doing),
    ...list('What you can do', fields.customerActions === 'none' ? ['nothing is needed.'] : fields.customerActions),
    ...(fields.protection ? [`How you are protected: ${fields.protection}`] : []),
    ...(fields.dataImpact ? [`Your data: ${fields.dataImpact.sentence}`] : []),
    ...(fields.recurrence ? [fields.recurrence.text] : []),
    ...(fields.apology ? [fields.apology] : []),
    ...(fields.nextUpdateBy ? [`Next update by ${fields.nextUpdateBy.slice(11, 16)} UTC.`] : []),
  ];
  return visible(parts.join('\n'));
}

/** The one thing a reader should do, for where there is room for one line. */
const actionOf = ({ customerActions }: PublicFields): string | null =>
  customerActions === 'none' ? 'You do not need to do anything.' : visible(customerActions[0] ?? '') || null;

function updateOf(update: PublicUpdate, incident: PublicIncident, before: PublicUpdate | undefined) {
  const old = new Map((before?.fields.components ?? []).map(({ id, state }) => [id, state]));
  return {
    id: update.id,
    status: update.status,
    body: plainBody(update.fields),
    incident_id: incident.publicId,
    created_at: update.publishedAt.toISOString(),
    updated_at: (update.editedAt ?? update.publishedAt).toISOString(),
    display_at: update.publishedAt.toISOString(),
    affected_components: update.fields.components.map(({ id, name, state }) => ({
      code: id,
      name: visible(name),
      old_status: old.get(id) ?? 'operational',
      new_status: state,
    })),
    deliver_notifications: true,
    x_action: actionOf(update.fields),
    x_headline: visible(update.fields.headline),
    x_next_update_by: update.fields.nextUpdateBy,
    x_automatic: update.automatic,
  };
}

function incidentOf(incident: PublicIncident, snapshot: Snapshot) {
  const latest = incident.updates[0];
  const named = incident.updates.flatMap(({ fields }) => fields.components);
  const ids = new Set(named.map(({ id }) => id));
  const monitoring = incident.updates.findLast(({ status }) => status === 'monitoring');
  const ended = incident.resolvedAt ?? incident.withdrawnAt;
  return {
    id: incident.publicId,
    name: visible(latest?.fields.headline ?? ''),
    status: ended ? 'resolved' : (latest?.status ?? 'investigating'),
    impact: impactOf(named.map(({ state }) => state)),
    created_at: incident.firstPublishedAt.toISOString(),
    updated_at: incident.updatedAt.toISOString(),
    monitoring_at: monitoring?.publishedAt.toISOString() ?? null,
    resolved_at: ended?.toISOString() ?? null,
    started_at: incident.startedAt.toISOString(),
    shortlink: `${snapshot.page.url}/incidents/${incident.publicId}`,
    page_id: snapshot.page.id,
    incident_updates: incident.updates.map((update, at) => updateOf(update, incident, incident.updates[at + 1])),
    components: componentsOf(snapshot).filter(({ id }) => ids.has(id)),
    x_next_update_by: isActive(incident) ? (latest?.fields.nextUpdateBy ?? null) : null,
    x_withdrawn: incident.withdrawnAt !== null,
  };
}

/** Every JSON document of the site by its file name. */
export function jsonFiles(snapshot: Snapshot): Record<string, unknown> {
  const page = pageOf(snapshot);
  const found = overall(snapshot);
  const indicator = found.state === 'unknown' ? 'none' : INDICATOR[found.state];
  const description =
    snapshot.components.length > 0 || snapshot.incidents.length > 0 ? found.words : STATE_WORDS.operational;
  const status = { indicator, description };
  const incidents = snapshot.incidents.slice(0, 50).map((incident) => incidentOf(incident, snapshot));
  const unresolved = incidents.filter(({ resolved_at }) => resolved_at === null);
  const components = componentsOf(snapshot);
  const maintenances = snapshot.maintenances
    .filter(({ state }) => state !== 'cancelled')
    .map((one) => maintenanceJson(one, snapshot));
  const open = maintenances.filter(({ status: state }) => state !== 'completed');
  return {
    'summary.json': {
      page,
      components,
      incidents: unresolved,
      scheduled_maintenances: open,
      status,
    },
    'status.json': { page, status },
    'components.json': { page, components },
    'incidents.json': { page, incidents },
    'incidents/unresolved.json': { page, incidents: unresolved },
    'scheduled-maintenances.json': { page, scheduled_maintenances: maintenances },
    'scheduled-maintenances/upcoming.json': {
      page,
      scheduled_maintenances: open.filter((one) => one.status === 'scheduled'),
    },
    'scheduled-maintenances/active.json': {
      page,
      scheduled_maintenances: open.filter((one) => one.status === 'in_progress'),
    },
  };
}
