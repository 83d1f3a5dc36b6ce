/** Past incidents like this one, and what ended them: for who declares, and for the war room. */
import { dependenciesOf } from '#catalog';
import { type Ctx, sql } from '#kernel';
import { groupById } from '#signals';
import { readIncident } from '../store.ts';
import { alertKey, type Fingerprint, likeness, rarity, wordsOf } from './likeness.ts';

export interface Question {
  title: string;
  serviceIds: string[];
  groupIds: string[];
}

/** What reviews know: why it happened. Filled by the module above that keeps them. */
type Learned = (ctx: Ctx, incidentIds: string[]) => Promise<Map<string, { trigger?: string; factors: string[] }>>;
let learned: Learned = async () => new Map();

/** Lets the module that keeps reviews add trigger and factors to fingerprints. Call it once, where it is loaded. */
export function learnedFrom(source: Learned): void {
  learned = source;
}

const CANDIDATES = 200;
const SHOWN = 5;

/** For the declare dialog. */
export async function lookalikesOf(ctx: Ctx, question: Question) {
  const groups = (await Promise.all(question.groupIds.map((id) => groupById(ctx, id)))).filter(
    (group) => group != null,
  );
  const services = [...new Set([...question.serviceIds, ...groups.flatMap((group) => group.serviceId ?? [])])];
  return compare(ctx, null, {
    services,
    dependencies: await leansOn(ctx, services),
    alerts: [...new Set(groups.map((group) => alertKey(group.title)))],
    words: wordsOf(question.title),
  });
}

/** For the war room. Throws 404. */
export async function lookalikesOfIncident(ctx: Ctx, idOrKey: string) {
  const incident = await readIncident(ctx, idOrKey);
  const [own] = await fingerprints(ctx, [incident]);
  return compare(ctx, incident.id, { ...own!, dependencies: await leansOn(ctx, own!.services) });
}

async function leansOn(ctx: Ctx, services: string[]): Promise<string[]> {
  const each = await Promise.all(services.slice(0, 10).map((id) => dependenciesOf(ctx, id)));
  return [...new Set(each.flat().map((one) => one.id))];
}

interface Candidate {
  id: string;
  key: string;
  title: string;
  summary: string;
  severity: number;
  declaredAt: Date;
  impactStartedAt: Date | null;
  restoredAt: Date | null;
}

async function compare(ctx: Ctx, self: string | null, now: Fingerprint) {
  if (now.words.length === 0 && now.services.length === 0 && now.alerts.length === 0) return [];
  const found = await candidates(ctx, self, now);
  const prints = await fingerprints(ctx, found);
  const rare = rarity([now.words, ...prints.map((print) => print.words)]);
  const names = await serviceNames(ctx, found);
  const alike = found
    .map((incident, i) => ({
      incident,
      likeness: likeness(now, prints[i]!, rare, (id) => names.get(id) ?? 'a service that is gone'),
    }))
    .filter((one) => one.likeness !== undefined)
    .toSorted(
      (a, b) =>
        b.likeness!.score - a.likeness!.score || b.incident.declaredAt.getTime() - a.incident.declaredAt.getTime(),
    )
    .slice(0, SHOWN);
  return Promise.all(
    alike.map(async ({ incident, likeness: how }) => ({
      incident: {
        id: incident.id,
        key: incident.key,
        title: incident.title,
        severity: incident.severity,
        declaredAt: incident.declaredAt,
      },
      ...how!,
      ended: await endOf(ctx, incident),
    })),
  );
}

/** Incidents that are over and share a word, a service or an alert; drills teach nothing here. Best words first. */
async function candidates(ctx: Ctx, self: string | null, now: Fingerprint): Promise<Candidate[]> {
  // Only letters, digits and dashes come out of `wordsOf`; each finds what begins like it.
  const words = now.words.map((word) => `'${word.replaceAll("'", '')}':*`).join(' | ');
  const text = sql`to_tsvector('simple', i.title || ' ' || i.summary)`;
  const asked = sql`to_tsquery('simple', ${words})`;
  return ctx.db
    .selectFrom('incidents.incidents as i')
    .select([
      'i.id',
      'i.key',
      'i.title',
      'i.summary',
      'i.severity',
      'i.declaredAt',
      'i.impactStartedAt',
      'i.restoredAt',
    ])
    .where('i.phase', 'in', ['restored', 'closed'])
    .where('i.exercise', '=', false)
    .where('i.id', '<>', self ?? '')
    .where((eb) =>
      eb.or([
        sql<boolean>`${text} @@ ${asked}`,
        eb(
          'i.id',
          'in',
          eb
            .selectFrom('incidents.affectedServices as s')
            .select('s.incidentId')
            .where('s.serviceId', 'in', [...now.services, ...now.dependencies, '']),
        ),
      ]),
    )
    .orderBy(sql`ts_rank(${text}, ${asked})`, 'desc')
    .orderBy('i.declaredAt', 'desc')
    .limit(CANDIDATES)
    .execute();
}

async function fingerprints(
  ctx: Ctx,
  incidents: { id: string; title: string; summary: string }[],
): Promise<Fingerprint[]> {
  if (incidents.length === 0) return [];
  const ids = incidents.map((one) => one.id);
  const [services, alerts, reviews] = await Promise.all([
    ctx.db
      .selectFrom('incidents.affectedServices')
      .select(['incidentId', 'serviceId'])
      .where('incidentId', 'in', ids)
      .execute(),
    ctx.db.selectFrom('incidents.groupLinks').select(['incidentId', 'title']).where('incidentId', 'in', ids).execute(),
    learned(ctx, ids),
  ]);
  const serviceOf = Map.groupBy(services, (row) => row.incidentId);
  const alertOf = Map.groupBy(alerts, (row) => row.incidentId);
  return incidents.map((incident) => ({
    services: (serviceOf.get(incident.id) ?? []).map((row) => row.serviceId),
    dependencies: [],
    alerts: [...new Set((alertOf.get(incident.id) ?? []).map((row) => alertKey(row.title)))],
    words: wordsOf(`${incident.title} ${incident.summary}`),
    ...reviews.get(incident.id),
  }));
}

async function serviceNames(ctx: Ctx, incidents: { id: string }[]): Promise<Map<string, string>> {
  if (incidents.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('incidents.affectedServices')
    .select(['serviceId', 'name'])
    .where(
      'incidentId',
      'in',
      incidents.map((one) => one.id),
    )
    .execute();
  return new Map(rows.map((row) => [row.serviceId, row.name]));
}

/** What ended it: the confirmed cause, the last things done before harm stopped, and how long it took. */
async function endOf(ctx: Ctx, incident: Candidate) {
  const [causes, actions] = await Promise.all([
    ctx.db
      .selectFrom('incidents.hypotheses')
      .select('text')
      .where('incidentId', '=', incident.id)
      .where('state', '=', 'confirmed')
      .orderBy('changedAt', 'desc')
      .limit(1)
      .execute(),
    ctx.db
      .selectFrom('incidents.timeline')
      .select(['seq', 'text'])
      .where('incidentId', '=', incident.id)
      .where('kind', '=', 'action')
      .where('classification', '<>', 'restricted')
      .orderBy('seq', 'desc')
      .limit(2)
      .execute(),
  ]);
  const from = incident.impactStartedAt ?? incident.declaredAt;
  return {
    cause: causes[0]?.text ?? null,
    actions: actions.toReversed().map(({ seq, text }) => ({ seq, text })),
    restoredAfterSeconds: incident.restoredAt
      ? Math.round((incident.restoredAt.getTime() - from.getTime()) / 1000)
      : null,
  };
}
