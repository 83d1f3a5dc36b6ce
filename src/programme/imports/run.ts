/**
 * Carries an import over, thing by thing, each in a transaction of its own. Killed anywhere, it begins again and finds what
 * is done by its links. What one thing refuses does not stop the others.
 */
import { type Ctx, Problem } from '#kernel';
import { carryItem } from './commands/carryItem.ts';
import { noteImport } from './commands/noteImport.ts';
import { keyOf, type Note } from './model.ts';
import { planItem, type Planned } from './plan.ts';
import { prepare } from './prepare.ts';
import { loadPresent, type Present, remember } from './present.ts';
import { type ImportRow, importById, type Outcome } from './store.ts';

const TELL_EVERY_MS = 400;

export async function run(ctx: Ctx, id: string): Promise<void> {
  const row = await importById(ctx, id);
  if (row.state !== 'applying' || !row.snapshot) return;
  // The audit log names the administrator who asked for it beside the job.
  const acting: Ctx = { ...ctx, actor: { ...ctx.actor, onBehalfOf: row.createdBy } };
  const { items, notes, verdicts } = prepare(row.snapshot);
  const present = await loadPresent(ctx, row.vendor);
  const overwrite = new Set(row.overwrite);
  const outcome: Outcome = { created: 0, changed: 0, failures: [], byHand: [], invited: 0 };
  let told = performance.now();
  for (const [i, item] of items.entries()) {
    const planned = planItem(present, item, overwrite, verdicts.get(keyOf(item)) ?? null);
    await carryPlanned(acting, row, present, planned, outcome);
    if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now();
      await noteImport(acting, {
        id,
        change: { progress: { stage: `${item.kind} ${item.name}`, done: i + 1, total: items.length } },
      });
    }
  }
  outcome.byHand.push(...notes.filter(isToDo).map((note) => ({ name: '', ...note })));
  await noteImport(acting, {
    id,
    change: { state: 'done', outcome, progress: { stage: 'Done', done: items.length, total: items.length } },
  });
}

const isToDo = (note: Note) => note.todo !== '' && !note.todo.startsWith('Nothing');

async function carryPlanned(
  ctx: Ctx,
  row: ImportRow,
  present: Present,
  planned: Planned,
  outcome: Outcome,
): Promise<void> {
  const { row: shown, item, wanted } = planned;
  const toDo = (notes: Note[]) =>
    outcome.byHand.push(...notes.filter(isToDo).map((note) => ({ name: item.name, ...note })));
  const own = shown.ownId ? present.own[item.kind].get(shown.ownId) : undefined;
  const does = shown.state === 'create' || shown.state === 'change' || (shown.state === 'same' && planned.adopt);
  if (shown.state === 'conflict' && shown.why)
    toDo([{ text: shown.why, todo: 'It was left as it is. Decide here, or choose it and carry over again.' }]);
  if (!does) return void toDo(shown.state === 'refused' ? shown.notes : []);
  try {
    const done = await carryItem(ctx, {
      importId: row.id,
      vendor: row.vendor,
      planned,
      own,
      sendInvitations: row.sendInvitations,
    });
    present.links.set(shown.key, { ownId: done.ownId, name: item.name, applied: wanted });
    remember(present, item.kind, {
      id: done.ownId,
      version: (own?.version ?? 0) + 1,
      active: true,
      fields: wanted,
    } as never);
    toDo([...shown.notes, ...done.notes]);
    if (shown.state === 'create') outcome.created += 1;
    if (shown.state === 'change') outcome.changed += 1;
    if (item.kind === 'user' && shown.state === 'create' && row.sendInvitations) outcome.invited += 1;
    if (item.kind === 'integration' && shown.state === 'create')
      toDo([
        {
          text: `“${item.name}” has a new address and key here.`,
          todo: 'Open it under Integrations and give both to the sender.',
        },
      ]);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const details = [error.message, error.detail, ...(error.errors ?? []).map((one) => `${one.path}: ${one.message}`)]
      .filter(Boolean)
      .join(' — ');
    outcome.failures.push({ key: shown.key, name: item.name, text: details.slice(0, 500) });
  }
}
