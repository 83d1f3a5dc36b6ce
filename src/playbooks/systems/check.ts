/** Asks outside systems whether they answer, hourly and on demand; outside any transaction. */
import { addMs, askPostgres, type Ctx, defineJob, egressFetch } from '#kernel';
import { systemActor } from '#security';
import { z } from 'zod';
import { ask, serversOf } from '../actions/haproxy/wire.ts';
import { noteHealth } from '../commands/noteHealth.ts';
import { allSystems, credentialOf, type SystemKind, type SystemRow } from './store.ts';

/** Where each kind says that it is there, and how its credential is sent. */
const PATHS: Partial<Record<SystemKind, { path: string; header: (secret: string) => Record<string, string> }>> = {
  unleash: { path: '/health', header: (secret) => ({ authorization: secret }) },
  launchdarkly: { path: '/api/v2', header: (secret) => ({ authorization: secret }) },
  github: { path: '/rate_limit', header: (secret) => ({ authorization: `Bearer ${secret}` }) },
  gitlab: { path: '/api/v4/version', header: (secret) => ({ 'private-token': secret }) },
  kubernetes: { path: '/version', header: (secret) => ({ authorization: `Bearer ${secret}` }) },
  weights: { path: '', header: (secret) => ({ authorization: `Bearer ${secret}` }) },
};

async function asked(ctx: Ctx, row: SystemRow): Promise<{ ok: boolean; detail: string }> {
  if (row.kind === 'haproxy') {
    const servers = serversOf(await ask(ctx, row.address, 'show stat'));
    return {
      ok: servers.length > 0,
      detail: servers.length > 0 ? `${servers.length} servers` : 'it answers, but names no server',
    };
  }
  if (row.kind === 'postgres') {
    await askPostgres(row.address, credentialOf(row), 'select 1', [], { timeoutMs: 5_000, readOnly: true });
    return { ok: true, detail: 'answers' };
  }
  const way = PATHS[row.kind];
  if (!way)
    return {
      ok: row.checkedAt !== null && addMs(row.checkedAt, 10 * 60_000) > ctx.now,
      detail: row.checkedAt ? row.detail : 'no runner has asked for work yet',
    };
  const secret = credentialOf(row);
  const answer = await egressFetch(ctx, `${row.address.replace(/\/+$/, '')}${way.path}`, {
    method: 'GET',
    headers: { accept: 'application/json', ...(secret && way.header(secret)) },
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
    purpose: 'health check',
  });
  return { ok: answer.status < 400, detail: `answered ${answer.status}` };
}

/** Asks one system and notes what it said. */
export async function checkSystem(ctx: Ctx, row: SystemRow): Promise<void> {
  const said = await asked(ctx, row).catch((error: unknown) => ({ ok: false, detail: (error as Error).message }));
  await noteHealth({ ...ctx, actor: systemActor('playbooks.systems') }, { systemId: row.id, ...said });
}

export const checkSystems = defineJob(
  'playbooks.checkSystems',
  z.object({}),
  async (ctx) => {
    for (const row of await allSystems(ctx.db)) await checkSystem(ctx, row);
  },
  { every: 3_600_000 },
);
