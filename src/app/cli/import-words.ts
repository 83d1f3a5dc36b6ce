/** The plan of an import as a person reads it in a terminal. Pure. */
import type { ImportPlan, ImportRow, ImportSummary } from '#contract/programme';

const KINDS: [ImportRow['kind'], string][] = [
  ['user', 'People'],
  ['team', 'Teams'],
  ['schedule', 'Schedules'],
  ['override', 'Overrides'],
  ['policy', 'Escalation policies'],
  ['service', 'Services'],
  ['integration', 'Integrations'],
  ['heartbeat', 'Heartbeats'],
];
const SIGNS: Record<ImportRow['state'], string> = {
  create: '+',
  change: '~',
  same: '=',
  kept: '=',
  conflict: '!',
  refused: 'x',
  gone: '?',
};
const WORDS: Record<ImportRow['state'], string> = {
  create: 'to create',
  change: 'to change',
  same: 'the same',
  kept: 'kept as edited here',
  conflict: 'in conflict',
  refused: 'cannot be carried',
  gone: 'no longer there',
};

/** What a vendor sent must not move the cursor or colour the terminal. */
const plain = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');

/** `12 to create, 3 the same`. */
export const countsText = (counts: ImportPlan['counts']): string =>
  (Object.keys(WORDS) as ImportRow['state'][])
    .filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${counts[state]} ${WORDS[state]}`)
    .join(', ') || 'nothing';

/** Everything that would change or needs a person; with `all` also what is the same. */
export function planText(plan: ImportPlan, all = false): string {
  const lines: string[] = [];
  for (const [kind, title] of KINDS) {
    const rows = plan.rows.filter((row) => row.kind === kind);
    if (rows.length === 0) continue;
    const shown = rows.filter((row) => all || row.state !== 'same' || row.check?.agrees === false);
    lines.push('', `${title} (${countsText(countOf(rows))})`);
    for (const row of shown) lines.push(...rowLines(row));
  }
  if (plan.notes.length > 0) lines.push('', 'Besides');
  for (const note of plan.notes) lines.push(...noteLines(note));
  lines.push('', `${countsText(plan.counts)}.`);
  return lines.map(plain).join('\n');
}

function countOf(rows: ImportRow[]): ImportPlan['counts'] {
  const counts = { create: 0, change: 0, same: 0, kept: 0, conflict: 0, refused: 0, gone: 0 };
  for (const row of rows) counts[row.state] += 1;
  return counts;
}

function rowLines(row: ImportRow): string[] {
  const lines = [`  ${SIGNS[row.state]} ${row.name}${row.about ? `  ${row.about}` : ''}`];
  if (row.why) lines.push(`      ${row.why}${row.choosable ? `  (--overwrite ${row.key})` : ''}`);
  for (const change of row.changes) lines.push(`      ${change.field}: ${change.from}  →  ${change.to}`);
  if (row.check) lines.push(`      ${row.check.agrees ? 'checked: ' : 'DIFFERS: '}${row.check.text}`);
  for (const note of row.notes.filter((one) => one.text !== row.why)) lines.push(...noteLines(note));
  const own = row.notes.find((one) => one.text === row.why);
  if (own?.todo) lines.push(`      → ${own.todo}`);
  return lines;
}

const noteLines = ({ text, todo }: { text: string; todo: string }) => [
  `      · ${text}`,
  ...(todo && !todo.startsWith('Nothing') ? [`        → ${todo}`] : []),
];

/** What came of it. */
export function outcomeText({ outcome, vendorTitle }: ImportSummary): string {
  if (!outcome) return '';
  const lines = [
    `Carried over from ${vendorTitle}: ${outcome.created} created, ${outcome.changed} changed${outcome.invited > 0 ? `, ${outcome.invited} invited by mail` : ''}.`,
  ];
  if (outcome.failures.length > 0) lines.push('', 'Refused while carrying over:');
  for (const failure of outcome.failures) lines.push(`  x ${failure.name}: ${failure.text}`);
  if (outcome.byHand.length > 0) lines.push('', 'To do by hand:');
  for (const one of outcome.byHand) lines.push(`  ${one.name ? `${one.name}: ` : ''}${one.text}`, `    → ${one.todo}`);
  return lines.map(plain).join('\n');
}

/** 0: nothing is left to do. 2: a dry run that would change something. 3: conflicts, refusals or failures remain. */
export function exitCodeOf(
  view: { plan: ImportPlan | null; outcome: ImportSummary['outcome'] },
  applied: boolean,
): number {
  const counts = view.plan?.counts;
  const stuck = (counts?.conflict ?? 0) + (counts?.refused ?? 0) + (applied ? (view.outcome?.failures.length ?? 0) : 0);
  if (!applied && (counts?.create ?? 0) + (counts?.change ?? 0) > 0) return 2;
  return stuck > 0 ? 3 : 0;
}
