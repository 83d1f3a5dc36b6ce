/** Suggestions as screens, the API and the command line show them: what each would do, and what became of it. */
import type { Ctx } from '#kernel';
import { personRefs } from '#security';
import { type About, aboutOf, situationOf, type Subject } from './facts.ts';
import { type Kind, KINDS, suggest, type Suggestion } from './model.ts';
import { shownFor, type SuggestionRow } from './store.ts';

/** What is suggested now, and what it is about. Throws 404. */
export async function suggestionsNow(ctx: Ctx, subject: Subject): Promise<{ about: About; suggestions: Suggestion[] }> {
  const about = await aboutOf(ctx, subject);
  if (about.over || about.groups.some(({ test }) => test) || standsBeneath(about)) return { about, suggestions: [] };
  return { about, suggestions: suggest(await situationOf(ctx, about)) };
}

/** A group that is held beneath its probable origin is decided there. */
const standsBeneath = ({ subject, groups }: About): boolean =>
  subject.groupId !== undefined && groups.some(({ held }) => held?.kind === 'correlation');

/** What is open first, then what people made of the others; each with what a click would do. */
export async function suggestionViews(ctx: Ctx, about: About, suggestions: Suggestion[]) {
  const rows = await shownFor(ctx, about.subject);
  const stateOf = new Map(rows.map((row) => [`${row.kind}:${row.value}`, row]));
  const people = await personRefs(
    ctx,
    rows.flatMap(({ decidedBy }) => decidedBy ?? []),
  );
  const now = suggestions.map((one) => ({ ...one, row: stateOf.get(`${one.kind}:${one.value}`) }));
  const here = new Set(now.map(({ kind, value }) => `${kind}:${value}`));
  // What was taken is no longer suggested, but who took it stays to be seen.
  const gone = rows.filter(
    (row) => row.state !== 'shown' && row.state !== 'withdrawn' && !here.has(`${row.kind}:${row.value}`),
  );
  const all = [...now, ...gone.map((row) => ({ ...row, row }))];
  const open = (row: SuggestionRow | undefined) =>
    Number(row !== undefined && row.state !== 'shown' && row.state !== 'withdrawn');
  return all
    .toSorted((a, b) => open(a.row) - open(b.row) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.score - a.score)
    .map(({ kind, value, label, score, reasons, detail, row }) => ({
      kind,
      value,
      label,
      score,
      reasons,
      detail: { cause: detail.cause ?? null, actions: detail.actions ?? [] },
      does: doing(about, kind, label),
      state: row === undefined || row.state === 'withdrawn' ? ('shown' as const) : row.state,
      decided:
        row?.decidedAt && row.state !== 'shown' && row.state !== 'withdrawn'
          ? {
              at: row.decidedAt.toISOString(),
              by: row.decidedBy ? (people.get(row.decidedBy) ?? { id: row.decidedBy, name: row.decidedBy }) : null,
              via: row.via ?? ('hand' as const),
              said: row.said,
            }
          : null,
    }));
}

/** The words of its button. */
function doing({ incidentId }: About, kind: Kind, label: string): string {
  if (kind === 'service') return incidentId ? 'Name it as affected' : 'Set service';
  if (kind === 'severity') return incidentId ? `Raise to ${label}` : `Declare ${label}`;
  if (kind === 'playbook') return incidentId ? 'Start playbook' : 'Declare and start';
  return incidentId ? 'Add to the incident' : 'Declare with it';
}
