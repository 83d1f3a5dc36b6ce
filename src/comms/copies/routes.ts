/** HTTP ↔ copies of the site elsewhere. */
import { endpoints as at } from '#contract/comms';
import { type AnyRoute, type Ctx, route } from '#kernel';
import { personRefs } from '#security';
import { addCopy } from '../commands/addCopy.ts';
import { pushCopy } from '../commands/pushCopy.ts';
import { removeCopy } from '../commands/removeCopy.ts';
import { type CopyRow, listCopies } from './store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

const stateOf = ({ pushedAt, failingSince, driftingSince }: CopyRow) =>
  failingSince ? 'failing' : !pushedAt ? 'waiting' : driftingSince ? 'drifting' : 'current';

async function show(ctx: Ctx, rows: CopyRow[]) {
  const people = await personRefs(
    ctx,
    rows.map(({ createdBy }) => createdBy),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    place: row.config,
    hasSecret: row.sealedSecret !== null,
    url: row.url,
    createdBy: people.get(row.createdBy) ?? { id: row.createdBy, name: 'Evenkeel' },
    createdAt: row.createdAt.toISOString(),
    state: stateOf(row) as 'waiting' | 'current' | 'failing' | 'drifting',
    pushedAt: iso(row.pushedAt),
    pushedFiles: row.pushedFiles,
    failingSince: iso(row.failingSince),
    tries: row.tries,
    error: row.error,
    read:
      row.readAt && row.readState
        ? { at: row.readAt.toISOString(), state: row.readState, detail: row.readDetail }
        : null,
    driftingSince: iso(row.driftingSince),
  }));
}

const shown = async (ctx: Ctx, row: CopyRow) => (await show(ctx, [row]))[0] as Awaited<ReturnType<typeof show>>[number];

export const copyRoutes: AnyRoute[] = [
  route(at.listCopies, async ({ ctx }) => ({ items: await show(ctx, await listCopies(ctx)) })),
  route(at.addCopy, async ({ ctx, body }) => shown(ctx, await addCopy(ctx, body))),
  route(at.pushCopy, async ({ ctx, params }) => shown(ctx, await pushCopy(ctx, params))),
  route(at.removeCopy, async ({ ctx, params }) => removeCopy(ctx, params)),
];
