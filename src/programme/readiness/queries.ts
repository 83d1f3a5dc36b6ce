/** Gathers what is known of services, fresh with every question: what turns, turns with the next look. */
import type { ServiceReadiness } from '#contract/programme-readiness';
import { abilityGaps } from '#catalog';
import { type Ctx, readSetting, sql } from '#kernel';
import { listPolicies, onCallNow } from '#people';
import { readinessOf, type ServiceFacts } from './model.ts';
import { readinessPolicy } from './settings.ts';

interface Row {
  id: string;
  slug: string;
  name: string;
  tier: number;
  teamId: string | null;
  teamName: string | null;
  policyId: string | null;
}

async function services(ctx: Ctx, serviceId: string | undefined): Promise<Row[]> {
  let query = ctx.db
    .selectFrom('catalog.services as s')
    .leftJoin('people.teams as t', 't.id', 's.teamId')
    .select(['s.id', 's.slug', 's.name', 's.tier', 's.teamId', 't.name as teamName', 's.policyId'])
    .where('s.kind', 'in', ['service', 'store'])
    .orderBy('s.tier')
    .orderBy('s.name')
    .limit(2000);
  if (serviceId) query = query.where((eb) => eb.or([eb('s.id', '=', serviceId), eb('s.slug', '=', serviceId)]));
  return await query.execute();
}

/** Approved playbooks in use, by the slug of each service that they name. */
async function playbooks(ctx: Ctx): Promise<Map<string, ServiceFacts['playbooks']>> {
  const { rows } = await sql<{ slug: string; id: string; title: string; approvedAt: Date; reviewBy: string | null }>`
    select regexp_replace(named, '^[^:]*:', '') as slug, p.id, p.title, v.approved_at,
      v.parsed -> 'metadata' ->> 'reviewBy' as review_by
    from playbooks.playbooks p join playbooks.versions v on v.playbook_id = p.id and v.state = 'approved',
      jsonb_array_elements_text(coalesce(v.parsed -> 'metadata' -> 'services', '[]')) as named
    where p.retired_at is null`.execute(ctx.db);
  return Map.groupBy(rows, (row) => row.slug);
}

interface Watched {
  id: string;
  eyes: number;
  blind: number;
  slos: number;
  drilledAt: Date | null;
}

/** Monitors, watched metrics and heartbeats, objectives, and the last exercise of each service. */
async function watched(ctx: Ctx): Promise<Map<string, Watched>> {
  const { rows } = await sql<Watched>`select s.id, coalesce(e.eyes, 0)::int as eyes, coalesce(e.blind, 0)::int as blind,
      coalesce(o.slos, 0)::int as slos, d.drilled_at
    from catalog.services s
    left join (select service_id, count(*) as eyes, count(*) filter (where blind) as blind from (
        select service_id, state = 'unknown' as blind from signals.monitors where enabled
        union all select service_id, trouble <> '' from signals.metric_watches where enabled
        union all select i.service_id, h.expired_at is not null from signals.heartbeats h
          join signals.integrations i on i.id = h.integration_id where h.enabled) as each
      where service_id is not null group by 1) e on e.service_id = s.id
    left join (select service_id, count(*) as slos from signals.slos where enabled group by 1) o on o.service_id = s.id
    left join (select service_id, max(ended_at) as drilled_at from drills.exercises
      where state in ('ended', 'closed') and not aborted group by 1) d on d.service_id = s.id`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** When each person last answered a test page. */
async function testedAt(ctx: Ctx): Promise<Map<string, Date>> {
  const { rows } = await sql<{ userId: string; at: Date }>`select user_id, max(settled_at) as at from people.proofs
    where state = 'confirmed' group by 1`.execute(ctx.db);
  return new Map(rows.map((row) => [row.userId, row.at]));
}

/** Who a policy calls: its schedules with their gaps, and whoever is called first and next. */
async function calling(ctx: Ctx) {
  const [policies, duty, tests] = await Promise.all([listPolicies(ctx), onCallNow(ctx), testedAt(ctx)]);
  return new Map(
    policies.map((policy) => {
      const targets = policy.steps.flatMap((step) => step.targets);
      const rotas = duty.filter(({ schedule }) =>
        targets.some(
          ({ kind, id }) =>
            (kind === 'schedule' && id === schedule.id) || (kind === 'team_on_call' && id === schedule.teamId),
        ),
      );
      const first = policy.steps.find((step) => step.now.length > 0)?.now ?? [];
      const next = rotas.flatMap((rota) => rota.next?.person ?? []);
      const people = [...new Map([...first, ...next].map((person) => [person.id, person])).values()];
      return [
        policy.id,
        {
          name: policy.name,
          cover: {
            schedules: rotas.length,
            people: first.length,
            gaps: rotas.flatMap(({ schedule, gaps }) =>
              gaps.map((gap) => ({
                schedule: schedule.name,
                id: schedule.id,
                from: new Date(gap.from),
                zone: schedule.zone,
              })),
            ),
          },
          called: people.slice(0, 6).map(({ id, name }) => ({ name, testedAt: tests.get(id) ?? null })),
        },
      ] as const;
    }),
  );
}

/** The strip of every service and store, or of one. */
export async function serviceReadiness(ctx: Ctx, serviceId?: string): Promise<ServiceReadiness[]> {
  const rows = await services(ctx, serviceId);
  if (rows.length === 0) return [];
  const [books, seen, policies, gaps, policy] = await Promise.all([
    playbooks(ctx),
    watched(ctx),
    calling(ctx),
    abilityGaps(ctx),
    readSetting(ctx, readinessPolicy),
  ]);
  return rows.map((row) => {
    const called = row.policyId ? policies.get(row.policyId) : undefined;
    const eyes = seen.get(row.id);
    return readinessOf(
      {
        id: row.id,
        slug: row.slug,
        name: row.name,
        tier: row.tier,
        team: row.teamName,
        policy: called?.name ?? null,
        playbooks: books.get(row.slug) ?? [],
        eyes: { all: eyes?.eyes ?? 0, blind: eyes?.blind ?? 0 },
        slos: eyes?.slos ?? 0,
        lacks: gaps.find(({ service }) => service.id === row.id)?.lacks ?? [],
        cover: called?.cover ?? null,
        called: called?.called ?? [],
        drilledAt: eyes?.drilledAt ?? null,
      },
      ctx.now,
      policy,
    );
  });
}
