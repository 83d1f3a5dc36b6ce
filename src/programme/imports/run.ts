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
import { linkedRefs, loadPresent, type Present, remember } from './present.ts';
import { doneBy, type ImportRow, importById, type Outcome } from './store.ts';

const TELL_EVERY_MS = 400;
type Failure = Outcome['failures'][number];

export async function run(ctx: Ctx, id: string): Promise<void> {
  const row = await importById(ctx, id);
  if (row.state !== 'applying' || !row.snapshot) return;
  // The audit log names the administrator who asked for it beside the job.
  const acting: Ctx = { ...ctx, actor: { ...ctx.actor, onBehalfOf: row.createdBy } };
  const present = await loadPresent(ctx, row.vendor);
  const { items, notes, verdicts } = prepare(row.snapshot, linkedRefs(present));
  const overwrite = new Set(row.overwrite);
  const failures: Failure[] = [];
  const planned: Planned[] = [];
  let told = performance.now();
  for (const [i, item] of items.entries()) {
    const one = planItem(present, item, overwrite, verdicts.get(keyOf(item)) ?? null);
    planned.push(one);
    const failure = await carryPlanned(acting, row, present, one);
    if (failure) failures.push(failure);
    if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now();
      const progress = { stage: `${item.kind} ${item.name}`, done: i + 1, total: items.length };
      await noteImport(acting, { id, change: { progress } });
    }
  }
  const outcome = await outcomeOf(ctx, row, planned, failures, notes);
  const progress = { stage: 'Done', done: items.length, total: items.length };
  await noteImport(acting, { id, change: { state: 'done', outcome, progress } });
}

/** Does what the plan says about one thing; returns what refused it, if anything did. */
async function carryPlanned(
  ctx: Ctx,
  row: ImportRow,
  present: Present,
  planned: Planned,
): Promise<Failure | undefined> {
  const { row: shown, item, wanted } = planned;
  if (shown.state !== 'create' && shown.state !== 'change' && !(shown.state === 'same' && planned.adopt))
    return undefined;
  const own = shown.ownId ? present.own[item.kind].get(shown.ownId) : undefined;
  try {
    const { vendor, sendInvitations } = row;
    const { ownId } = await carryItem(ctx, { importId: row.id, vendor, planned, own, sendInvitations });
    present.links.set(shown.key, { ownId, name: item.name, applied: wanted });
    const version = shown.state === 'same' ? (own?.version ?? 1) : (own?.version ?? 0) + 1;
    remember(present, item.kind, { id: ownId, version, active: true, fields: wanted } as never);
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const fields = (error.errors ?? []).map((one) => `${one.path}: ${one.message}`);
    const text = [error.message, error.detail, ...fields].filter(Boolean).join(' — ');
    return { key: shown.key, name: item.name, text: text.slice(0, 500) };
  }
}

const isToDo = (note: Note) => note.todo !== '' && !note.todo.startsWith('Nothing');

/** What came of it, whole also after an interruption: what was done is read from the links. */
async function outcomeOf(
  ctx: Ctx,
  row: ImportRow,
  planned: Planned[],
  failures: Failure[],
  notes: Note[],
): Promise<Outcome> {
  const done = await doneBy(ctx, row.id);
  const did = (what: string) => [...done.values()].filter((one) => one === what).length;
  const byHand: Outcome['byHand'] = [];
  for (const { row: shown, item } of planned) {
    const made = done.get(shown.key);
    const add = (...some: Note[]) => byHand.push(...some.filter(isToDo).map((note) => ({ name: item.name, ...note })));
    if (shown.state === 'refused' || (made && made !== 'same')) add(...shown.notes);
    if (shown.state === 'conflict' && shown.why)
      add({ text: shown.why, todo: 'It was left as it is. Decide here, or choose it and carry over again.' });
    if (item.kind === 'integration' && made === 'create')
      add({
        text: 'It has a new address and key here.',
        todo: 'Open it under Integrations and give both to the sender.',
      });
  }
  byHand.push(...notes.filter(isToDo).map((note) => ({ name: '', ...note })));
  const invited = [...done].filter(([key, what]) => key.startsWith('user:') && what === 'create').length;
  return {
    created: did('create'),
    changed: did('change'),
    failures,
    byHand,
    invited: row.sendInvitations ? invited : 0,
  };
}
