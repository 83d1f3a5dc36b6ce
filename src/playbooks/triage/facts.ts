/** Gathers what suggestions are weighed from: an alert group or an incident, the map, history and approved playbooks. */
import { servicesByIds, topologyNow } from '#catalog';
import {
  alertKey,
  incidentById,
  lookalikesOf,
  lookalikesOfIncident,
  matrixProposal,
  proposedSeverity,
  wordsOf,
} from '#incidents';
import { addMs, type Ctx, type Json, notFound, sql } from '#kernel';
import { groupById, listAlerts, listGroups } from '#signals';
import type { Playbook } from '../format/schema.ts';
import { runsOf } from '../queries.ts';
import type { Candidate, Named, Past, Sent, Severity, Situation } from './model.ts';
import { refusalsLately } from './store.ts';

/** What suggestions are about. */
export type Subject = { groupId: string; incidentId?: undefined } | { incidentId: string; groupId?: undefined };

/** What is known of the subject before history is asked. */
export interface About {
  subject: Subject;
  title: string;
  exercise: boolean;
  /** Its incident, when it has one that is active. */
  incidentId: string | null;
  severity: Severity | null;
  services: Named[];
  groups: Group[];
  over: boolean;
}
type Group = NonNullable<Awaited<ReturnType<typeof groupById>>>;

/** Throws 404 for what does not exist, or not for this reader. */
export async function aboutOf(ctx: Ctx, subject: Subject): Promise<About> {
  return subject.groupId === undefined
    ? await aboutIncident(ctx, subject.incidentId)
    : await aboutGroup(ctx, subject.groupId);
}

async function aboutGroup(ctx: Ctx, groupId: string): Promise<About> {
  const group = await groupById(ctx, groupId);
  if (!group) throw notFound('Alert group', groupId);
  const incident = group.incidentId ? await incidentById(ctx, group.incidentId).catch(() => undefined) : undefined;
  const ids = group.serviceId ? [group.serviceId] : [];
  return {
    subject: { groupId },
    title: group.title,
    exercise: group.exercise,
    incidentId: group.incidentId && incident?.active ? incident.id : null,
    severity: incident?.active ? (incident.severity as Severity) : null,
    services: await named(ctx, ids),
    groups: [group],
    over: group.state === 'resolved',
  };
}

async function aboutIncident(ctx: Ctx, idOrKey: string): Promise<About> {
  const incident = await incidentById(ctx, idOrKey);
  const { items } = await listGroups(ctx, { incidentId: incident.id, limit: 50, sort: 'firstAt' });
  return {
    subject: { incidentId: incident.id },
    title: incident.title,
    exercise: incident.exercise,
    incidentId: incident.id,
    severity: incident.severity as Severity,
    services: await named(ctx, incident.serviceIds),
    groups: items,
    over: !incident.active,
  };
}

async function named(ctx: Ctx, ids: string[]): Promise<Named[]> {
  return [...(await servicesByIds(ctx, ids)).values()].map(({ id, slug, name, tier }) => ({ id, slug, name, tier }));
}

/** Everything that is weighed about it. */
export async function situationOf(ctx: Ctx, about: About): Promise<Situation> {
  const [sent, past, catalogue, refusals] = [
    await alertsIn(ctx, about),
    await pastOf(ctx, about),
    about.services.length === 0 ? await wholeCatalogue(ctx) : [],
    await refusalsLately(ctx),
  ];
  const words = tellingWords([about.title, ...about.groups.map(({ title }) => title)].join(' '));
  return {
    title: about.title,
    sent,
    byAlert: byAlert(about),
    byRule: byRule(about.groups),
    byMatrix: about.subject.incidentId ? await matrixProposal(ctx, about.subject.incidentId) : null,
    services: about.services,
    journeys: await journeysThrough(ctx, about.services),
    broken: about.groups.some(({ severity }) => severity === 'critical' || severity === 'error'),
    severity: about.severity,
    past,
    earlier: about.services.length === 0 && about.groups[0] ? await earlierOf(ctx, about.groups[0]) : [],
    catalogue,
    playbooks: await candidates(ctx, about, words),
    refusals,
  };
}

async function alertsIn(ctx: Ctx, { groups }: About): Promise<Sent[]> {
  const lists = await Promise.all(
    groups.slice(0, 10).map(({ id }) => listAlerts(ctx, { groupId: id, limit: 20, sort: 'lastAt' })),
  );
  return lists.flatMap(({ items }) => items).map(({ title, source, labels }) => ({ title, source, labels }));
}

function byAlert({ groups, services }: About): Situation['byAlert'] {
  const each = groups.map((group) => {
    const service = services.find(({ id }) => id === group.serviceId);
    const severity = proposedSeverity(group.severity, (service?.tier ?? null) as 1 | 2 | 3 | null);
    const where = service ? `on ${service.name}, tier ${service.tier}` : 'of a service nobody knows yet';
    return { severity, because: `${group.severity} alert ${where}` };
  });
  return each.toSorted((a, b) => a.severity - b.severity)[0] ?? null;
}

function byRule(groups: Group[]): Situation['byRule'] {
  const named = groups.flatMap(({ routed }) =>
    routed?.declare ? [{ severity: routed.declare as Severity, rule: routed.rule }] : [],
  );
  return named.toSorted((a, b) => a.severity - b.severity)[0] ?? null;
}

async function journeysThrough(ctx: Ctx, services: Named[]): Promise<string[]> {
  if (services.length === 0) return [];
  const topology = await topologyNow(ctx);
  const reached = new Set(services.flatMap(({ id }) => [id, ...topology.neededBy(id).keys()]));
  const rows = await ctx.db
    .selectFrom('catalog.services')
    .select(['id', 'name'])
    .where('kind', '=', 'journey')
    .where('tier', '=', 1)
    .orderBy('name')
    .execute();
  return rows.filter(({ id }) => reached.has(id)).map(({ name }) => name);
}

const MOST_SERVICES = 2_000;
/** Everything an alert may be about. */
const wholeCatalogue = (ctx: Ctx): Promise<Named[]> =>
  ctx.db
    .selectFrom('catalog.services')
    .select(['id', 'slug', 'name', 'tier'])
    .where('kind', '<>', 'journey')
    .orderBy('name')
    .limit(MOST_SERVICES)
    .execute();

const HALF_YEAR_MS = 180 * 86_400_000;
const LOOKED_BACK = 400;

/** Which services the last groups of this integration with the same title were about. */
async function earlierOf(ctx: Ctx, group: Group): Promise<Situation['earlier']> {
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .select(['title', 'serviceId'])
    .where('integrationId', '=', group.integrationId)
    .where('id', '<>', group.id)
    .where('serviceId', 'is not', null)
    .where('exercise', '=', group.exercise)
    .where('firstAt', '>', addMs(ctx.now, -HALF_YEAR_MS))
    .orderBy('firstAt', 'desc')
    .limit(LOOKED_BACK)
    .execute();
  const same = rows.filter(({ title }) => alertKey(title) === alertKey(group.title));
  const counted = Map.groupBy(same, ({ serviceId }) => serviceId!);
  const services = await named(ctx, [...counted.keys()]);
  return services.map((service) => ({ service, groups: counted.get(service.id)!.length }));
}

/** Look-alikes and what is known of them. Restricted ones teach nothing here: what is suggested is read by everybody. */
async function pastOf(ctx: Ctx, { subject, title, services, groups }: About): Promise<Past[]> {
  const found =
    subject.incidentId === undefined
      ? await lookalikesOf(ctx, {
          title,
          serviceIds: services.map(({ id }) => id),
          groupIds: groups.map(({ id }) => id),
        })
      : await lookalikesOfIncident(ctx, subject.incidentId);
  if (found.length === 0) return [];
  const ids = found.map(({ incident }) => incident.id);
  const [veiled, affected, runs] = [
    await ctx.db.selectFrom('kernel.veils').select('subject').where('subject', 'in', ids).execute(),
    await ctx.db
      .selectFrom('incidents.affectedServices as a')
      .innerJoin('catalog.services as s', 's.id', 'a.serviceId')
      .select(['a.incidentId', 's.id', 's.slug', 's.name', 's.tier'])
      .where('a.incidentId', 'in', ids)
      .execute(),
    await ctx.db
      .selectFrom('playbooks.runs as r')
      .innerJoin('playbooks.versions as v', 'v.id', 'r.versionId')
      .innerJoin('playbooks.playbooks as p', 'p.id', 'v.playbookId')
      .select(['r.incidentId', 'p.id', 'p.title'])
      .where('r.incidentId', 'in', ids)
      .where('r.state', '<>', 'cancelled')
      .execute(),
  ];
  const hidden = new Set(veiled.map((row) => row.subject));
  return found
    .filter(({ incident }) => !hidden.has(incident.id))
    .map(({ incident, score, reasons, ended }) => ({
      id: incident.id,
      key: incident.key,
      title: incident.title,
      severity: incident.severity as Severity,
      score,
      reasons,
      services: affected.filter((row) => row.incidentId === incident.id),
      playbooks: runs.filter((row) => row.incidentId === incident.id),
      cause: ended.cause,
      actions: ended.actions.map(({ text }) => text),
      restoredAfterSeconds: ended.restoredAfterSeconds,
    }));
}

/** Words of a text as they are written, by what they have in common with their other forms. Short ones stand everywhere. */
function tellingWords(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const word of text.toLowerCase().split(/[^\p{L}\p{N}-]+/u)) {
    const [stem] = wordsOf(word);
    if (stem !== undefined && word.length >= 4 && !found.has(stem)) found.set(stem, word);
  }
  return found;
}

/** Approved playbooks that are not under way here already. */
async function candidates(ctx: Ctx, about: About, words: Map<string, string>): Promise<Candidate[]> {
  const rows = await ctx.db
    .selectFrom('playbooks.versions as v')
    .innerJoin('playbooks.playbooks as p', 'p.id', 'v.playbookId')
    .select(['p.id', 'p.title', sql<Json<Playbook>>`v.parsed`.as('parsed')])
    .where('v.state', '=', 'approved')
    .where('p.retiredAt', 'is', null)
    .execute();
  const underWay = about.incidentId ? await runsOf(ctx, about.incidentId) : [];
  const busy = new Set(underWay.filter(({ run }) => run.state === 'active').map(({ version }) => version.playbookId));
  return rows
    .filter(({ id }) => !busy.has(id))
    .map(({ id, title, parsed }) => {
      const playbook = parsed as unknown as Playbook;
      const own = new Set(wordsOf(`${title} ${playbook.spec.summary} ${useWhen(playbook)}`));
      return { id, title, playbook, shared: [...words].flatMap(([stem, word]) => (own.has(stem) ? [word] : [])) };
    });
}

const useWhen = (playbook: Playbook): string => playbook.spec.scope.use_when ?? '';
