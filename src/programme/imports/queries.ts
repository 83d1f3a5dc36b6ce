/** Reads of imports for screens, API and program. */
import { addMs, type Ctx } from '#kernel';
import { personRefs } from '#security';
import { keyOf } from './model.ts';
import { planItem, type Row } from './plan.ts';
import { prepare } from './prepare.ts';
import { linkedRefs, loadPresent } from './present.ts';
import { type ImportRow, importById } from './store.ts';
import { vendorByName } from './vendors/index.ts';

/** A reading that was not heard of for so long has ended with its process. */
const SILENT_MS = 150_000;

async function summaries(ctx: Ctx, rows: Omit<ImportRow, 'snapshot'>[]) {
  const names = await personRefs(
    ctx,
    rows.map((row) => row.createdBy),
  );
  return rows.map((row) => ({
    id: row.id,
    vendor: row.vendor,
    vendorTitle: vendorByName(row.vendor).title,
    state: row.state === 'reading' && row.updatedAt < addMs(ctx.now, -SILENT_MS) ? ('stopped' as const) : row.state,
    source: row.source,
    progress: { stage: '', done: 0, total: null, ...row.progress },
    problem: row.problem,
    createdBy: names.get(row.createdBy) ?? { id: row.createdBy, name: 'somebody who has left' },
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    outcome: row.outcome,
  }));
}

const SUMMARY = [
  'id',
  'vendor',
  'state',
  'source',
  'readAt',
  'progress',
  'overwrite',
  'sendInvitations',
  'outcome',
  'problem',
  'createdBy',
  'createdAt',
  'updatedAt',
  'finishedAt',
] as const;

/** The last 20, newest first. */
export async function listImports(ctx: Ctx) {
  return summaries(
    ctx,
    await ctx.db.selectFrom('programme.imports').select(SUMMARY).orderBy('createdAt', 'desc').limit(20).execute(),
  );
}

export async function importSummary(ctx: Ctx, id: string) {
  const [one] = await summaries(ctx, [await importById(ctx, id)]);
  return one!;
}

/** One import with its plan against how things stand now. */
export async function importView(ctx: Ctx, id: string) {
  const row = await importById(ctx, id);
  const [summary] = await summaries(ctx, [row]);
  const showsPlan = row.snapshot !== null && (row.state === 'ready' || row.state === 'done');
  return { ...summary!, plan: showsPlan ? await planOf(ctx, row) : null };
}

/** What carrying would do. */
export async function planOf(ctx: Ctx, row: Pick<ImportRow, 'vendor' | 'snapshot'>) {
  if (!row.snapshot) throw new Error('an import without a snapshot has no plan');
  const present = await loadPresent(ctx, row.vendor);
  const { items, notes, verdicts } = prepare(row.snapshot, linkedRefs(present));
  const rows = items.map((item) => planItem(present, item, new Set(), verdicts.get(keyOf(item)) ?? null).row);
  const seen = new Set(rows.map((one) => one.key));
  const kinds = new Set(rows.map((one) => one.kind));
  for (const [key, link] of present.links) {
    const kind = key.slice(0, key.indexOf(':')) as Row['kind'];
    // Overrides end, and a list that was not read says nothing about what is in it.
    if (seen.has(key) || kind === 'override' || !kinds.has(kind) || !present.own[kind].has(link.ownId)) continue;
    rows.push({
      key,
      kind,
      name: link.name,
      state: 'gone',
      about: '',
      ownId: link.ownId,
      choosable: false,
      why: `No longer in ${vendorByName(row.vendor).title}; it stays here.`,
      changes: [],
      notes: [
        {
          text: 'It was carried over once and is no longer there.',
          todo: 'Remove it here by hand if it is no longer needed.',
        },
      ],
      check: null,
    });
  }
  const counts = { create: 0, change: 0, same: 0, kept: 0, conflict: 0, refused: 0, gone: 0 };
  for (const one of rows) counts[one.state] += 1;
  return { counts, rows, notes };
}
