/** Span of control as a pure rule: more than seven reports to one lead, and the sub-teams proposed instead. */
import type { Holding } from './model.ts';

/** One person keeps the overview of this many others; beyond it sub-teams with a lead each (domain 2.3, ICS). */
export const SPAN = 7;
/** A sub-team is its lead and up to five others. */
const TEAM = 6;

export interface Reporting {
  userId: string;
  /** Since when on this incident; the longest becomes the lead of a sub-team. */
  from: Date;
  /** What they work on: the lane or service that keeps a sub-team together. */
  on: string;
}

export interface SubTeam {
  lead: string;
  members: string[];
  on: string;
}

export interface Span {
  leadId: string;
  /** The role by which they lead. */
  role: string;
  reports: string[];
  /** Empty while the span is small enough. */
  proposal: SubTeam[];
}

/**
 * Who reports to whom: whoever works with their hands or holds a task reports to the operations lead when there is
 * one; role holders report to the commander.
 */
export function spansOf(
  holdings: readonly Pick<Holding, 'role' | 'userId' | 'from' | 'handsOn' | 'accepted'>[],
  workers: readonly Reporting[],
): Span[] {
  const held = holdings.filter(({ accepted }) => accepted);
  const commander = held.find(({ role }) => role === 'incident_commander');
  const operations = held.find(({ role }) => role === 'operations_lead');
  if (!commander && !operations) return [];
  const staff: Reporting[] = [];
  const hands: Reporting[] = [...workers];
  for (const one of held) {
    if (one === commander || one === operations) continue;
    (one.handsOn ? hands : staff).push({ userId: one.userId, from: one.from, on: one.role });
  }
  const spans: Span[] = [];
  if (operations) spans.push(span(operations, hands));
  if (commander) {
    const direct = operations
      ? [...staff, { userId: operations.userId, from: operations.from, on: operations.role }]
      : [...staff, ...hands];
    spans.push(span(commander, direct));
  }
  return spans;
}

function span(lead: Pick<Holding, 'role' | 'userId'>, reporting: readonly Reporting[]): Span {
  // One person counts once, by what they took up first.
  const once = new Map<string, Reporting>();
  for (const one of reporting.toSorted((a, b) => a.from.getTime() - b.from.getTime()))
    if (one.userId !== lead.userId && !once.has(one.userId)) once.set(one.userId, one);
  const people = [...once.values()];
  return {
    leadId: lead.userId,
    role: lead.role,
    reports: people.map(({ userId }) => userId),
    proposal: people.length > SPAN ? subTeams(people) : [],
  };
}

/** Kept together by what they work on, in teams of at most six; whoever is there longest leads. */
function subTeams(people: readonly Reporting[]): SubTeam[] {
  const ordered = people.toSorted((a, b) => a.on.localeCompare(b.on) || a.from.getTime() - b.from.getTime());
  const teams = Math.ceil(ordered.length / TEAM);
  const size = Math.ceil(ordered.length / teams);
  return Array.from({ length: teams }, (_, i) => ordered.slice(i * size, (i + 1) * size)).flatMap((team) => {
    const lead = team.toSorted((a, b) => a.from.getTime() - b.from.getTime())[0];
    if (!lead) return [];
    return [
      {
        lead: lead.userId,
        members: team.filter(({ userId }) => userId !== lead.userId).map(({ userId }) => userId),
        on: [...new Set(team.map(({ on }) => on))].join(', '),
      },
    ];
  });
}
