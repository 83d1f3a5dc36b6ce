/** The closing sequence as a list: what has been put back, and what is left over with somebody who owns it (4.7, invariant 24). */
import type { Ctx } from '#kernel';
import { currentRoles, incidentById } from '#incidents';
import { automationPause, degradedModesOf, openFreezes, runsOf } from '#playbooks';
import type { ClosingItemRow } from './store.ts';

type Item = Pick<ClosingItemRow, 'kind' | 'ref' | 'title' | 'state' | 'detail'>;

/** Every point of the sequence as it is now. `due` is not late: it is the next thing somebody does. */
export async function itemsNow(ctx: Ctx, incidentId: string): Promise<(Item & { ownerId: string | null })[]> {
  const incident = await incidentById(ctx, incidentId);
  const roles = await currentRoles(ctx, incident.id);
  const lead = roles.operations_lead ?? roles.incident_commander ?? null;
  const tells = roles.communications_lead ?? roles.incident_commander ?? null;
  const own = (items: Item[], ownerId: string | null) => items.map((one) => ({ ...one, ownerId }));
  return [
    ...own(await freezes(ctx, incident.id), lead),
    ...own(await modes(ctx, incident.id), lead),
    ...own(await measures(ctx, incident.id), lead),
    ...own(await automation(ctx), lead),
    ...own(await messages(ctx, incident.id), tells),
    ...own(await backups(ctx, incident.id), lead),
  ];
}

const one = (kind: string, title: string, state: Item['state'], detail = '', ref = ''): Item => ({
  kind,
  ref,
  title,
  state,
  detail,
});

async function freezes(ctx: Ctx, incidentId: string): Promise<Item[]> {
  const open = await openFreezes(ctx, { incidentId });
  return [
    open.length === 0
      ? one('freeze', 'Change freeze lifted', 'done')
      : one(
          'freeze',
          'Change freeze lifted',
          'left',
          `${open.length} still in force, at the latest until ${open[0]!.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
        ),
  ];
}

async function modes(ctx: Ctx, incidentId: string): Promise<Item[]> {
  return (await degradedModesOf(ctx, incidentId)).map((mode) =>
    one(
      'degraded',
      `Degraded mode "${mode.name}" off`,
      mode.state === 'off' ? 'done' : 'left',
      mode.state === 'off' ? '' : `it is ${mode.state}${mode.exception ? `: ${mode.exception}` : ''}`,
      mode.id,
    ),
  );
}

/** Measures that are still in effect, e.g. limited retries: each is somebody's to take back or to keep on purpose. */
async function measures(ctx: Ctx, incidentId: string): Promise<Item[]> {
  const rows = await ctx.db
    .selectFrom('playbooks.actionRuns')
    .select(['id', 'title', 'state', 'noop', 'reason', 'connector'])
    .where('incidentId', '=', incidentId)
    .where('state', 'in', ['effective', 'undone', 'needs_human', 'unknown'])
    .execute();
  return rows
    .filter((row) => !row.noop && row.connector !== 'change' && !row.reason?.startsWith('Recovery: '))
    .map((row) =>
      row.state === 'undone'
        ? one('measure', `${row.title}: taken back`, 'done', '', row.id)
        : one(
            'measure',
            `${row.title}: taken back or kept on purpose`,
            'left',
            row.state === 'effective' ? 'still in effect' : 'its outcome is not known',
            row.id,
          ),
    );
}

async function automation(ctx: Ctx): Promise<Item[]> {
  const paused = await automationPause(ctx);
  return [one('automation', 'Automation runs', paused ? 'left' : 'done', paused ?? '')];
}

async function messages(ctx: Ctx, incidentId: string): Promise<Item[]> {
  const [due, gate] = await Promise.all([
    ctx.db
      .selectFrom('incidents.dues')
      .select('dueAt')
      .where('incidentId', '=', incidentId)
      .where('key', '=', 'comms.update')
      .executeTakeFirst(),
    ctx.db
      .selectFrom('incidents.gates')
      .select(['state', 'waivedReason'])
      .where('incidentId', '=', incidentId)
      .where('kind', '=', 'comms.resolution')
      .executeTakeFirst(),
  ]);
  const items: Item[] = [];
  if (gate)
    items.push(
      gate.state === 'open'
        ? one(
            'resolution',
            'Resolution told to customers',
            'due',
            due?.dueAt ? `due ${due.dueAt.toISOString().slice(11, 16)} UTC` : 'a draft waits to be written',
          )
        : one('resolution', 'Resolution told to customers', 'done', gate.waivedReason ?? ''),
    );
  // The one message still owed is the resolution; without an open gate nothing more may be promised.
  items.push(
    one(
      'cadence',
      'Regular updates stopped',
      due && gate?.state !== 'open' ? 'left' : 'done',
      due && gate?.state !== 'open' ? 'another update is still promised' : '',
    ),
  );
  return items;
}

async function backups(ctx: Ctx, incidentId: string): Promise<Item[]> {
  const wanted = (await runsOf(ctx, incidentId)).some(
    ({ run, version }) =>
      run.state !== 'cancelled' && version.parsed.spec.readiness?.on_restored.includes('backup.start_full'),
  );
  return wanted ? [one('backup', 'Full backup taken', 'due', 'the playbook asks for one after restoring')] : [];
}
