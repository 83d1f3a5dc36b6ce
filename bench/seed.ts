/** Fills a running installation for a benchmark, from inside: a thousand people with verified webhooks are minutes by hand. */
import { createPolicy, createTeam } from '#people';
import { registerEndpoint } from '#channels';
import { config, newId, type Ctx } from '#kernel';
import { openGround } from '../src/app/serve.ts';
import { createService } from '../src/catalog/commands/createService.ts';
import { insertUser } from '../src/security/store.ts';
import { createIntegration } from '../src/signals/commands/createIntegration.ts';

export interface Seeded {
  /** Ingest key of the integration. */
  key: string;
  /** Of a Prometheus, for other load. */
  otherKey: string;
}

export interface Seed {
  dataDir: string;
  sinkUrl: string;
  /** Services `idle-<n>` and `half-<n>`, each with the same policy: one person, one verified webhook. */
  services: number;
  /** People called at once by the service `everybody`. */
  people: number;
  /** Family of the integration; PagerDuty when absent. */
  kind?: string;
}

async function addPerson(ctx: Ctx, n: number, url: string): Promise<string> {
  const userId = await insertUser(ctx, { email: `p${n}@bench.example`, name: `Person ${n}`, roles: ['responder'] });
  const { endpointId } = await registerEndpoint(ctx, { url, owner: userId });
  const method = { id: newId('cm'), userId, kind: 'webhook' as const, value: url, endpointId, label: '' };
  await ctx.db
    .insertInto('people.contactMethods')
    .values({ ...method, verifiedAt: ctx.now, createdAt: ctx.now })
    .execute();
  return userId;
}

/** Adds services, people, teams, policies and an integration by the product's own commands. */
export async function seed({ dataDir, sinkUrl, services, people, kind = 'pagerduty' }: Seed): Promise<Seeded> {
  Object.assign(config, { dataDir, egressAllow: ['127.0.0.1:*'], logLevel: 'warn' });
  const ground = await openGround({ attach: true, migrate: false });
  try {
    const ctx = await ground.house.ctx(ground.house.system('bench.seed'));
    const one = await addPerson(ctx, 0, `${sinkUrl}/idle`);
    const steps = [{ delaySeconds: 3600, targets: [{ kind: 'user' as const, id: one }] }];
    const policy = await createPolicy(ctx, { name: 'One', teamId: null, steps, repeat: 0 });
    for (let n = 0; n < services; n++)
      for (const name of ['Idle', 'Half'])
        await createService(ctx, { name: `${name} ${n}`, slug: `${name.toLowerCase()}-${n}`, policyId: policy.id });
    const teams: string[] = [];
    for (let n = 1; n <= people; n += 200) {
      const members = [];
      for (let i = n; i < Math.min(n + 200, people + 1); i++)
        members.push({ userId: await addPerson(ctx, i, `${sinkUrl}/p${i}`), role: 'member' as const });
      teams.push((await createTeam(ctx, { name: `Team ${n}`, description: '', members })).id);
    }
    if (teams.length > 0) {
      const targets = teams.map((id) => ({ kind: 'team' as const, id }));
      const all = await createPolicy(ctx, {
        name: 'All',
        teamId: null,
        steps: [{ delaySeconds: 3600, targets }],
        repeat: 0,
      });
      for (let n = 0; n < 5; n++)
        await createService(ctx, { name: `Everybody ${n}`, slug: `everybody-${n}`, policyId: all.id });
    }
    const { key } = await createIntegration(ctx, { kind, name: 'Bench' });
    const other = await createIntegration(ctx, { kind: 'prometheus', name: 'Others' });
    return { key, otherKey: other.key };
  } finally {
    await ground.close();
  }
}
