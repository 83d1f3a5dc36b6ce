/** What is going on at Orchardline just now: a store has trouble, four services above it follow, and one person was asked. */
import { recordChange } from '#catalog';
import { newId, sha256hex } from '#kernel';
import type { Company } from './company.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;

/** Seconds after the first, service, title. The first is the origin. */
const ALERTS: readonly (readonly [number, string, string])[] = [
  [0, 'identity-db', 'Connections of identity-db are used up (100 of 100)'],
  [20, 'identity-api', 'One in five sign-ins fails'],
  [34, 'order-api', 'Orders wait for identity-api'],
  [41, 'order-api', 'Queue of order-api grows'],
  [58, 'checkout-web', 'Checkout answers slowly (p95 4.1 s)'],
  [75, 'edge-gateway', 'Errors at the edge above 2 %'],
];

/** Written as rows, as the product would have a quarter of an hour later: nobody is called by a demo. */
export async function setScene(stage: Stage, company: Company): Promise<void> {
  const began = stage.now.getTime() - 14 * MINUTE;
  const idOf = async (slug: string) =>
    (
      await stage.db
        .selectFrom('catalog.services')
        .select(['id', 'name'])
        .where('slug', '=', slug)
        .executeTakeFirstOrThrow()
    ).id;
  const changes: readonly (readonly [number, string, 'config' | 'deploy', string])[] = [
    [5, 'identity-db', 'config', 'identity-db: pool of the reporting user raised from 20 to 80'],
    [3, 'search-api', 'deploy', 'search-api 4.12.0'],
    [190, 'order-api', 'deploy', 'order-api 7.3.1'],
  ];
  for (const [minutes, service, kind, summary] of changes)
    await stage.at(new Date(began - minutes * MINUTE), null, (ctx) =>
      recordChange(ctx, { service, kind, summary, source: 'pipeline', at: new Date(began - minutes * MINUTE) }),
    );
  const correlationId = newId('cor');
  const services = new Map<string, string>();
  for (const [, slug] of ALERTS) if (!services.has(slug)) services.set(slug, newId('grp'));
  const reasons = [
    '4 of 4 alerting services depend on identity-db',
    'it alerted 20 s before the first of them',
    'identity-db was changed 5 min before: identity-db: pool of the reporting user raised from 20 to 80',
  ];
  const [leadGroupId] = services.values();
  const at = (seconds: number) => new Date(began + seconds * 1000);
  const last = ALERTS.at(-1)![0];
  await stage.db
    .insertInto('signals.correlations')
    .values({
      ...{
        id: correlationId,
        originId: await idOf('identity-db'),
        leadGroupId: leadGroupId!,
        silent: false,
        state: 'open',
      },
      ...{
        reasons: JSON.stringify(reasons),
        separated: '[]',
        exercise: false,
        openedAt: at(20),
        lastJoinedAt: at(last),
      },
      history: JSON.stringify([{ at: at(20).toISOString(), text: reasons.join('; ') }]),
    } as never)
    .execute();
  for (const [slug, groupId] of services) {
    const own = ALERTS.filter(([, service]) => service === slug);
    const lead = groupId === leadGroupId;
    const held = {
      kind: 'correlation',
      by: correlationId,
      why: reasons.join('; '),
      at: at(own[0]![0]).toISOString(),
      rank: 2,
    };
    const common = {
      integrationId: company.integrationId,
      serviceId: await idOf(slug),
      severity: 'error' as const,
      test: false,
      exercise: false,
    };
    const counts = { alertCount: own.length, firingCount: own.length, eventCount: own.length, flaps: 0 };
    const taken = { state: 'acknowledged', acknowledgedAt: at(150), acknowledgedVia: 'source' };
    await stage.db
      .insertInto('signals.groups')
      .values({
        ...{ id: groupId, groupKey: `window:${slug}`, windowed: true, title: own[0]![2], ...common, ...counts },
        ...{ firstAt: at(own[0]![0]), lastAt: at(own.at(-1)![0]), createdAt: at(own[0]![0]), correlationId },
        ...(lead ? taken : { state: 'open', held: JSON.stringify(held) }),
      } as never)
      .execute();
    for (const [seconds, , title] of own)
      await stage.db
        .insertInto('signals.alerts')
        .values({
          ...{
            id: newId('alr'),
            groupId,
            fingerprint: sha256hex(title),
            dedupKey: title,
            title,
            state: 'firing',
            ...common,
          },
          ...{ description: '', source: 'Prometheus', labels: JSON.stringify({ service: slug }), count: 1, flaps: 0 },
          ...{ firstAt: at(seconds), lastAt: at(seconds), lastSignalId: newId('sig') },
        } as never)
        .execute();
  }
}
