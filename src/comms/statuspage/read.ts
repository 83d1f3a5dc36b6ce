/** Reads what may be public from the database: visible components, real incidents, published revisions. */
import { type Ctx, config, readSetting } from '#kernel';
import { installation } from '#security';
import { type ComponentRow, listComponents } from '../components/store.ts';
import type { ComponentState, MessageKind, UpdateFields } from '../lint/index.ts';
import type { RevisionRow } from '../messages/store.ts';
import { activeKeys, publicNotices } from '../notices/store.ts';
import { publicMaintenances } from '../maintenance/store.ts';
import { page as pageSetting, subscriptions } from '../settings.ts';
import {
  DAYS,
  dayStates,
  isActive,
  type PublicComponent,
  type PublicFields,
  type PublicIncident,
  type PublicUpdate,
  type Snapshot,
} from './snapshot.ts';

/** Where the site lives below the installation's address. */
export const BASE = '/status';
/** Ended incidents on the page; older ones stay in the record. */
const MAX_ENDED = 100;

/** The public part of a message. Evidence stays inside, and so does every component that is hidden. */
export function publicFields(fields: UpdateFields, visible: Map<string, { id: string; name: string }>): PublicFields {
  const {
    componentStates,
    nothingUnknown: _,
    variants: _own,
    recurrenceReason: _inside,
    supplierPublished: _where,
    dataImpact,
    ...rest
  } = fields;
  const components = Object.entries(componentStates).flatMap(([id, state]) => {
    const component = visible.get(id);
    return component ? [{ id, name: component.name, state }] : [];
  });
  // An answer is something we know, and why nothing has changed is something we do: wherever the message is read.
  const answers = (rest.settled ?? []).map(({ answer }) => answer).filter((answer) => answer.trim() !== '');
  return {
    ...rest,
    known: [...rest.known, ...answers.filter((answer) => !rest.known.includes(answer))],
    doing: rest.changedSince ? [...rest.doing, rest.changedSince] : rest.doing,
    dataImpact: dataImpact && {
      state: dataImpact.state,
      sentence: dataImpact.sentence,
    },
    components,
  };
}

type Published = RevisionRow & { kind: MessageKind; retractedAt?: Date | null; retractedReason?: string | null };

/** The messages of one incident from its published revisions (oldest first): corrections folded into what they correct. */
export function updatesOfIncident(
  revisions: Published[],
  visible: Map<string, { id: string; name: string }>,
): PublicUpdate[] {
  const byMessage = new Map<string, Published[]>();
  for (const revision of revisions)
    byMessage.set(revision.messageId, [...(byMessage.get(revision.messageId) ?? []), revision]);
  const updates = [...byMessage.values()].map((list): PublicUpdate => {
    const first = list[0] as Published;
    const latest = list.at(-1) as Published;
    return {
      id: first.id,
      kind: latest.kind,
      status: latest.publicStatus,
      fields: publicFields(latest.fields, visible),
      publishedAt: first.publishedAt as Date,
      editedAt: list.length > 1 ? latest.publishedAt : null,
      automatic: latest.holding,
      correctionReason: latest.correctionReason,
      variants: latest.fields.variants,
      ...(latest.retractedAt && { retractedAt: latest.retractedAt, retractedReason: latest.retractedReason ?? '' }),
      earlier: list
        .slice(0, -1)
        .reverse()
        .map(({ publishedAt, fields }) => ({
          publishedAt: publishedAt as Date,
          fields: publicFields(fields, visible),
        })),
    };
  });
  return updates.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
}

/** Name, address and words of the page. */
export async function readPage(ctx: Ctx): Promise<Snapshot['page']> {
  const [shown, own, subscribing] = await Promise.all([
    readSetting(ctx, pageSetting),
    readSetting(ctx, installation),
    readSetting(ctx, subscriptions),
  ]);
  return {
    id: 'evenkeel',
    name: shown.name || `${own.name} status`,
    about: shown.about,
    url: `${config.publicUrl}${BASE}`,
    supportContact: shown.supportContact,
    accent: shown.accent,
    language: shown.language,
    languages: shown.languages,
    accentDark: shown.accentDark,
    logo: false,
    canSubscribe: subscribing.open,
  };
}

async function readComponents(ctx: Ctx, rows: ComponentRow[]): Promise<PublicComponent[]> {
  const since = new Date(ctx.now.getTime() - (DAYS + 1) * 86_400_000);
  const changes = await ctx.db
    .selectFrom('comms.componentChanges')
    .selectAll()
    .where('changedAt', '>=', since)
    .orderBy('changedAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id, name, groupName, description, position, state, stateSince, createdAt }) => {
    const own = changes
      .filter(({ componentId }) => componentId === id)
      .map(({ changedAt, fromState, toState }) => ({
        at: changedAt,
        from: fromState,
        to: toState,
      }));
    return {
      id,
      name,
      group: groupName,
      description,
      position,
      state,
      stateSince,
      createdAt,
      days: dayStates(ctx.now, createdAt, state, own),
    };
  });
}

async function readIncidents(ctx: Ctx, visible: Map<string, ComponentRow>): Promise<PublicIncident[]> {
  const pages = await ctx.db
    .selectFrom('comms.incidentPages')
    .selectAll()
    .where('exercise', '=', false)
    .orderBy((eb) => eb.and([eb('resolvedAt', 'is', null), eb('withdrawnAt', 'is', null)]), 'desc')
    .orderBy('startedAt', 'desc')
    .limit(MAX_ENDED)
    .execute();
  if (pages.length === 0) return [];
  const revisions = (await ctx.db
    .selectFrom('comms.revisions as r')
    .innerJoin('comms.messages as m', 'm.id', 'r.messageId')
    .selectAll('r')
    .select(['m.kind', 'm.retractedAt', 'm.retractedReason'])
    .where(
      'r.incidentId',
      'in',
      pages.map(({ incidentId }) => incidentId),
    )
    .where('r.publishedAt', 'is not', null)
    .where('r.exercise', '=', false)
    // A brief stays inside, a direct notice is for its segment.
    .where('m.kind', 'not in', ['internal_brief', 'direct'])
    .orderBy('r.publishedAt')
    .orderBy('r.id')
    .execute()) as Published[];
  const incidents = pages.map(
    ({ incidentId, publicId, startedAt, firstPublishedAt, updatedAt, resolvedAt, withdrawnAt }) => ({
      publicId,
      startedAt,
      firstPublishedAt,
      updatedAt,
      resolvedAt,
      withdrawnAt,
      updates: updatesOfIncident(
        revisions.filter((revision) => revision.incidentId === incidentId),
        visible,
      ),
    }),
  );
  return incidents.filter(({ updates }) => updates.length > 0);
}

/** What a further page shows: its own components, whether or not the page everybody sees has them. */
export interface Scope {
  componentIds: string[];
  page: Snapshot['page'];
}

/** The present public state; with a scope, as far as it is about these components. */
export async function readSnapshot(ctx: Ctx, scope?: Scope): Promise<Snapshot> {
  const rows = (await listComponents(ctx)).filter(({ id, visible }) =>
    scope ? scope.componentIds.includes(id) : visible,
  );
  const visible = new Map(rows.map((row) => [row.id, row]));
  const [page, components, incidents, notices, emergencyKeys, maintenances] = await Promise.all([
    scope?.page ?? readPage(ctx),
    readComponents(ctx, rows),
    readIncidents(ctx, visible),
    publicNotices(ctx.db),
    activeKeys(ctx.db),
    publicMaintenances(ctx, visible),
  ]);
  const shown = scope
    ? incidents.filter(({ updates }) => updates.some(({ fields }) => fields.components.length > 0))
    : incidents;
  return { page, asOf: ctx.now, components, incidents: shown, maintenances, notices, emergencyKeys };
}

/** The page as it would be with this incident on it in these words: for previews and for a drill's mirror. */
export function withIncident(snapshot: Snapshot, incident: PublicIncident): Snapshot {
  const states = new Map<string, ComponentState>(
    (incident.updates[0]?.fields.components ?? []).map(({ id, state }) => [id, state]),
  );
  return {
    ...snapshot,
    components: snapshot.components.map((component) => ({
      ...component,
      state: states.get(component.id) ?? component.state,
    })),
    incidents: [incident, ...snapshot.incidents.filter((other) => other.publicId !== incident.publicId)].sort(
      (a, b) => Number(isActive(b)) - Number(isActive(a)),
    ),
  };
}
