/** How things stand here, in the shape in which items are carried: what the plan compares with. */
import { type Ctx } from '#kernel';
import type { FieldsOf, Kind, Ref, VendorName } from './model.ts';
import { mailKey } from './names.ts';
import { slugify } from '#catalog';
import { listComponents } from '#comms';

export interface Own<K extends Kind = Kind> {
  id: string;
  /** With our own ids where an item has references. */
  fields: Omit<FieldsOf[K], 'contacts'>;
  version: number;
  /** For people: whether they may still be called. */
  active: boolean;
}
export interface Link {
  ownId: string;
  name: string;
  applied: unknown;
}
export interface Present {
  own: { [K in Kind]: Map<string, Own<K>> };
  /** What is found by its name when nothing links to it yet. */
  byName: Map<string, string>;
  /** By `kind:source id`. */
  links: Map<string, Link>;
}

/** The name under which a thing would be recognised as the same one. */
export function naturalKey(kind: Kind, fields: Own['fields']): string | undefined {
  const one = fields as { [key: string]: unknown };
  if (kind === 'user') return `user:${mailKey(String(one.email))}`;
  if (kind === 'override') return `override:${one.schedule}:${one.user}:${one.from}:${one.to}`;
  if (kind === 'integration') return `integration:${one.kind}:${one.service}:${String(one.name).toLowerCase()}`;
  if (kind === 'heartbeat') return `heartbeat:${one.integration}:${one.name}`;
  if (kind === 'service') return `service:${slugify(String(one.name))}`;
  return `${kind}:${String(one.name).toLowerCase()}`;
}

/** Notes a thing that is here, or has just been made. */
export function remember<K extends Kind>(present: Present, kind: K, own: Own<K>): void {
  (present.own[kind] as Map<string, Own<K>>).set(own.id, own);
  const key = naturalKey(kind, own.fields as Own['fields']);
  if (key) present.byName.set(key, own.id);
}

export async function loadPresent(ctx: Pick<Ctx, 'db'>, vendor: VendorName): Promise<Present> {
  const { db } = ctx;
  const present: Present = {
    own: {
      user: new Map(),
      team: new Map(),
      schedule: new Map(),
      override: new Map(),
      policy: new Map(),
      service: new Map(),
      integration: new Map(),
      heartbeat: new Map(),
      component: new Map(),
    },
    byName: new Map(),
    links: new Map(),
  };
  const users = await db.selectFrom('security.users').select(['id', 'email', 'name', 'active', 'version']).execute();
  for (const { id, email, name, active, version } of users)
    remember(present, 'user', { id, version, active, fields: { email, name, role: 'responder' } });
  await loadTeams(ctx, present);
  await loadSchedules(ctx, present);
  const policies = await db.selectFrom('people.policies').selectAll().execute();
  for (const { id, name, teamId, steps, repeatCount, ackTimeoutMinutes, version } of policies)
    remember(present, 'policy', {
      id,
      version,
      active: true,
      fields: {
        name,
        team: teamId,
        repeat: repeatCount,
        ackTimeoutMinutes,
        steps: steps.map(({ targets, ...step }) => ({
          ...step,
          targets: targets.map((target) => ({ kind: target.kind, ref: target.id })),
        })) as FieldsOf['policy']['steps'],
      },
    });
  const services = await db.selectFrom('catalog.services').selectAll().execute();
  for (const { id, name, description, teamId, policyId, version } of services)
    remember(present, 'service', {
      id,
      version,
      active: true,
      fields: { name, description, team: teamId, policy: policyId },
    });
  await loadSenders(ctx, present);
  for (const { id, name, groupName, description, visible } of await listComponents(ctx))
    remember(present, 'component', {
      id,
      version: 1,
      active: true,
      fields: { name, group: groupName, description, visible },
    });
  const links = await db.selectFrom('programme.importLinks').selectAll().where('vendor', '=', vendor).execute();
  for (const { kind, sourceId, ownId, name, applied } of links)
    present.links.set(`${kind}:${sourceId}`, { ownId, name, applied });
  return present;
}

async function loadTeams({ db }: Pick<Ctx, 'db'>, present: Present): Promise<void> {
  const members = Map.groupBy(await db.selectFrom('people.teamMembers').selectAll().execute(), (one) => one.teamId);
  for (const { id, name, description, version } of await db.selectFrom('people.teams').selectAll().execute())
    remember(present, 'team', {
      id,
      version,
      active: true,
      fields: {
        name,
        description,
        members: (members.get(id) ?? []).map(({ userId, role }) => ({ user: userId, role })),
      },
    });
}

async function loadSchedules({ db }: Pick<Ctx, 'db'>, present: Present): Promise<void> {
  const people = Map.groupBy(
    await db.selectFrom('people.layerParticipants').selectAll().orderBy('position').execute(),
    (one) => one.layerId,
  );
  const layers = Map.groupBy(
    await db.selectFrom('people.scheduleLayers').selectAll().orderBy('position').execute(),
    (one) => one.scheduleId,
  );
  for (const { id, name, teamId, zone, version } of await db.selectFrom('people.schedules').selectAll().execute())
    remember(present, 'schedule', {
      id,
      version,
      active: true,
      fields: {
        name,
        team: teamId,
        zone,
        layers: (layers.get(id) ?? []).map(({ id: layerId, scheduleId: _, position: __, ...layer }) => ({
          ...layer,
          participants: (people.get(layerId) ?? []).map((one) => one.userId),
        })),
      },
    });
  for (const row of await db.selectFrom('people.overrides').selectAll().execute())
    remember(present, 'override', {
      id: row.id,
      version: 1,
      active: true,
      fields: {
        schedule: row.scheduleId,
        user: row.userId,
        replaces: row.replacesUserId,
        from: row.fromAt.toISOString(),
        to: row.toAt.toISOString(),
        reason: '',
      },
    });
}

async function loadSenders({ db }: Pick<Ctx, 'db'>, present: Present): Promise<void> {
  const integrations = await db
    .selectFrom('signals.integrations')
    .select(['id', 'name', 'kind', 'serviceId', 'version'])
    .where('internal', '=', false)
    .execute();
  for (const { id, name, kind, serviceId, version } of integrations)
    remember(present, 'integration', { id, version, active: true, fields: { name, kind, service: serviceId } });
  for (const row of await db.selectFrom('signals.heartbeats').selectAll().execute())
    remember(present, 'heartbeat', {
      id: row.id,
      version: 1,
      active: true,
      fields: {
        name: row.name,
        integration: row.integrationId,
        description: row.description,
        intervalSeconds: row.intervalSeconds,
        enabled: row.enabled,
        severity: row.severity,
        alertMessage: row.alertMessage,
        tags: row.tags,
      },
    });
}

/** What earlier imports carried and is still here, as references. */
export const linkedRefs = (present: Present): Set<Ref> =>
  new Set(
    [...present.links].flatMap(([key, link]) => {
      const kind = key.slice(0, key.indexOf(':')) as Kind;
      return present.own[kind].has(link.ownId) ? [key.replace(':', '/')] : [];
    }),
  );
