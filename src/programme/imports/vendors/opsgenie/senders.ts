/** Opsgenie's integrations and heartbeats as ours. */
import {
  cut,
  type HeartbeatFields,
  type Item,
  item,
  type Json,
  type Note,
  refTo,
  refusedItem,
  textOf,
} from '../../model.ts';

/** Which of our integrations speaks what a sender of that kind sends. */
const KINDS: Record<string, string> = {
  api: 'opsgenie',
  prometheus: 'opsgenie',
  email: 'email',
  datadog: 'datadog',
  grafana: 'grafana',
  amazonsns: 'sns',
  cloudwatch: 'sns',
  amazoncloudwatch: 'sns',
  azure: 'azure',
  azureresourcehealth: 'azure',
  stackdriver: 'gcp',
  googlestackdriver: 'gcp',
  sentry: 'sentry',
  victorops: 'victorops',
};

export function integrationItem(one: Json): Item<'integration'> {
  const [id, name, type] = [String(one.id), textOf(one.name), textOf(one.type)];
  const kind = KINDS[type.toLowerCase().replaceAll(/[^a-z]/g, '')];
  const fields = { name, kind: kind ?? 'generic', service: one.teamId ? refTo('service', `team/${one.teamId}`) : null };
  if (!kind)
    return refusedItem(
      'integration',
      id,
      name,
      fields,
      `Integrations of the kind “${type}” have no counterpart that is set up by itself`,
      'If it brings alerts in: add an integration the sender can post to (generic takes any JSON). If it sends out: see Settings → Channels.',
    );
  const notes: Note[] = [];
  if (!fields.service) notes.push({ text: 'It belongs to no team.', todo: 'Choose the service its alerts are about.' });
  if (one.enabled === false)
    notes.push({ text: 'It is switched off there; here it is on, and waits for its sender.', todo: 'Nothing.' });
  return item('integration', id, name, fields, notes);
}

const UNITS: Record<string, number> = { minutes: 60, hours: 3600, days: 86_400 };
const SEVERITIES: Record<string, HeartbeatFields['severity']> = {
  P1: 'critical',
  P2: 'error',
  P3: 'warning',
  P4: 'info',
  P5: 'info',
};

export function heartbeatItems(heartbeats: Json[]): Item[] {
  const items: Item[] = [];
  const owners = new Map<string, Json | null>(
    heartbeats.map((one) => [String(one.ownerTeam?.id ?? ''), one.ownerTeam ?? null]),
  );
  for (const [id, team] of owners) {
    const name = team ? `Heartbeats of ${textOf(team.name)}` : 'Heartbeats';
    items.push(
      item('integration', `heartbeats/${id}`, name, {
        name,
        kind: 'opsgenie',
        service: team ? refTo('service', `team/${id}`) : null,
      }),
    );
  }
  for (const one of heartbeats) {
    const seconds = Number(one.interval) * (UNITS[textOf(one.intervalUnit)] ?? 60);
    const name = textOf(one.name);
    const fields: HeartbeatFields = {
      name,
      integration: refTo('integration', `heartbeats/${one.ownerTeam?.id ?? ''}`),
      description: cut(textOf(one.description), 1000),
      intervalSeconds: seconds,
      enabled: one.enabled !== false,
      severity: SEVERITIES[textOf(one.alertPriority)] ?? 'error',
      alertMessage: cut(textOf(one.alertMessage), 1000),
      tags: Array.isArray(one.alertTags) ? one.alertTags.filter((tag: unknown) => typeof tag === 'string') : [],
    };
    if (!(seconds >= 60 && seconds <= 366 * 86_400))
      items.push(
        refusedItem(
          'heartbeat',
          name,
          name,
          fields,
          'It is due more often than once a minute or less than once a year',
          'Make it by hand with another interval.',
        ),
      );
    else items.push(item('heartbeat', name, name, fields));
  }
  return items;
}
