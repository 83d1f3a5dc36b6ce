/** Who is responsible, accountable, consulted and informed, per activity (M33). Pure: the rule of a valid row, what applies now, what is missing. */
import type { Phase, Severity } from '../lifecycle/model.ts';
import type { RoleName } from './model.ts';

export const LETTERS = ['R', 'A', 'C', 'I'] as const;
export type Letter = (typeof LETTERS)[number];

export interface Cell {
  role: RoleName;
  letters: Letter[];
}
export interface Activity {
  title: string;
  /** Phases in which it is done; none named: in all. */
  phases: Phase[];
  /** Severities at which it is done; none named: at all. */
  severities: number[];
  cells: Cell[];
}

const cell = (role: RoleName, letters: string): Cell => ({ role, letters: [...letters] as Letter[] });
const [IC, OL, CL, TL, SC] = [
  'incident_commander',
  'operations_lead',
  'communications_lead',
  'technical_liaison',
  'scribe',
];

/** The matrix an installation begins with; it asks for no role that the severity does not ask for anyway. */
export const DEFAULT_RACI: Activity[] = [
  {
    title: 'Decide on severity and plan',
    phases: [],
    severities: [1, 2],
    cells: [cell(IC, 'RA'), cell(OL, 'C'), cell(CL, 'I'), cell(TL, 'I')],
  },
  {
    title: 'Contain and recover',
    phases: ['detection', 'containment', 'eradication', 'recovery', 'verification'],
    severities: [1, 2],
    cells: [cell(IC, 'A'), cell(OL, 'R'), cell('subject_matter_expert', 'C'), cell(SC, 'I'), cell(CL, 'I')],
  },
  {
    title: 'Approve risky actions',
    phases: ['detection', 'containment', 'eradication', 'recovery', 'verification'],
    severities: [1, 2],
    cells: [cell(IC, 'RA'), cell(OL, 'C'), cell('security_officer', 'C')],
  },
  {
    title: 'Tell customers and executives',
    phases: [],
    severities: [1, 2],
    cells: [cell(IC, 'A'), cell(CL, 'R'), cell(TL, 'C'), cell(SC, 'I')],
  },
  {
    title: 'Keep the record',
    phases: [],
    severities: [1],
    cells: [cell(IC, 'A'), cell(SC, 'R'), cell(OL, 'C'), cell(CL, 'C')],
  },
];

/**
 * What is wrong with a matrix: each activity has exactly one accountable role and at least one responsible (invariant 19,
 * M33a), names each role once, and only roles there are. Paths lead to the field.
 */
export function problemsOf(
  activities: readonly Activity[],
  known: ReadonlySet<string>,
): { path: string; message: string }[] {
  return activities.flatMap(({ title, cells }, i) => {
    const at = `activities.${i}.cells`;
    const with_ = (letter: Letter) => cells.filter(({ letters }) => letters.includes(letter)).length;
    const found: { path: string; message: string }[] = [];
    const accountable = with_('A');
    if (accountable !== 1)
      found.push({
        path: at,
        message: `“${title}” has ${accountable === 0 ? 'nobody' : `${accountable} roles`} accountable: it takes exactly one`,
      });
    if (with_('R') === 0) found.push({ path: at, message: `“${title}” has nobody responsible: somebody has to do it` });
    cells.forEach(({ role }, c) => {
      if (!known.has(role)) found.push({ path: `${at}.${c}.role`, message: 'there is no such role' });
      if (cells.findIndex((other) => other.role === role) < c)
        found.push({ path: `${at}.${c}.role`, message: 'this role is in the row already' });
    });
    return found;
  });
}

/** The activities of this moment: by phase and severity. */
export const applies = (activity: Activity, incident: { phase: Phase; severity: Severity }): boolean =>
  (activity.phases.length === 0 || activity.phases.includes(incident.phase)) &&
  (activity.severities.length === 0 || activity.severities.includes(incident.severity));

/** Roles somebody must hold now: those the severity asks for, and every responsible or accountable one of what is to be done. */
export function neededRoles(
  roles: readonly { key: RoleName; requiredFor: readonly number[] }[],
  activities: readonly Activity[],
  incident: { phase: Phase; severity: Severity },
): RoleName[] {
  const doing = activities.filter((activity) => applies(activity, incident)).flatMap(({ cells }) => cells);
  return roles
    .filter(
      ({ key, requiredFor }) =>
        requiredFor.includes(incident.severity) ||
        doing.some(({ role, letters }) => role === key && (letters.includes('R') || letters.includes('A'))),
    )
    .map(({ key }) => key);
}
