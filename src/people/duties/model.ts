/** Roles, who is current in them, what the bench lacks, and whom to suggest. Pure. For planning duty, never for rating a person. */
import { addMs } from '#kernel';
import { BENCH, type Candidate, candidates, type Stretch, TOO_MUCH } from '../schedules/fairness.ts';

export const COMMANDER = 'incident_commander';

export const PRACTICE_KINDS = ['training', 'shadow', 'reverse_shadow', 'drill', 'duty'] as const;
export type PracticeKind = (typeof PRACTICE_KINDS)[number];

const DAY_MS = 86_400_000;
/** A certification is current for this long after the last practice (M30). */
export const CURRENCY_MS = 180 * DAY_MS;
/** Two quarters: who is on a rota and has neither drilled nor had duty in this time is listed (M15b). */
export const UNPRACTISED_MS = 182 * DAY_MS;
/** Thirteen weeks: over how long duty is compared (M34). */
export const QUARTER_MS = 91 * DAY_MS;
/** One week's notice before currency ends is too short to plan a drill; four is enough. */
export const SOON_MS = 28 * DAY_MS;

/** `none`: never practised. `training`: practised, not certified. `current` and `expired`: certified. */
export type CurrencyState = 'none' | 'training' | 'current' | 'expired';
export interface Currency {
  state: CurrencyState;
  lastPracticeAt: Date | null;
  /** For the certified: when it ends or ended, 180 days after the last practice. */
  expiresAt: Date | null;
}

/**
 * Where a person stands in a role. Practice is training, shadowing, a drill or the real thing; the granting of the
 * certificate counts as one, since somebody watched. At the instant of expiry it is over.
 */
export function currencyOf(grantedAt: Date | null, practices: readonly Date[], now: Date): Currency {
  const times = [...practices, ...(grantedAt ? [grantedAt] : [])].map((at) => at.getTime());
  const lastPracticeAt = times.length > 0 ? new Date(Math.max(...times)) : null;
  if (!grantedAt || !lastPracticeAt)
    return { state: lastPracticeAt ? 'training' : 'none', lastPracticeAt, expiresAt: null };
  const expiresAt = addMs(lastPracticeAt, CURRENCY_MS);
  return { state: expiresAt > now ? 'current' : 'expired', lastPracticeAt, expiresAt };
}

const day = (at: Date) => at.toISOString().slice(0, 10);

/** What to say when somebody takes the role who is not current in it; null when there is nothing to say. */
export function currencyWarning(name: string, title: string, currency: Currency): string | null {
  const { state, lastPracticeAt, expiresAt } = currency;
  if (state === 'expired' && lastPracticeAt && expiresAt)
    return `${name} last practised ${title} on ${day(lastPracticeAt)}: the certification ended on ${day(expiresAt)}`;
  if (state === 'training') return `${name} has practised ${title} and is not certified`;
  return state === 'none' ? `${name} has never practised ${title}` : null;
}

// ---------------------------------------------------------------- bench

export interface BenchRole {
  key: string;
  title: string;
  /** Its rota is named, or it must be filled: a role nobody needs may have an empty bench. */
  needed: boolean;
  people: { userId: string; name: string; currency: Currency }[];
  /** Share of the role's duty in the quarter, 0..1. */
  shares: { userId: string; name: string; share: number }[];
}
export interface Alarm {
  kind: 'concentrated' | 'thin' | 'expired';
  userId: string | null;
  text: string;
}

/**
 * What the bench of a role lacks (M34b): one person holds over 40 % of its duty, or fewer than three are current; and
 * whose certification has ended. Of two people somebody always holds half: then both are said, and a third mends both.
 */
export function alarmsOf(role: BenchRole): Alarm[] {
  const current = role.people.filter(({ currency }) => currency.state === 'current').length;
  const alarms: Alarm[] = [];
  if (role.needed && current < BENCH)
    alarms.push({
      kind: 'thin',
      userId: null,
      text: `${role.title}: ${current === 0 ? 'nobody is' : current === 1 ? 'one person is' : `${current} people are`} current; ${BENCH} are needed so that everybody can rest.`,
    });
  for (const { userId, name, share } of role.shares)
    if (share > TOO_MUCH)
      alarms.push({
        kind: 'concentrated',
        userId,
        text: `${role.title}: ${name} holds ${Math.round(share * 100)} % of this quarter’s duty. Plan others in.`,
      });
  for (const { userId, name, currency } of role.people)
    if (currency.state === 'expired' && currency.expiresAt)
      alarms.push({
        kind: 'expired',
        userId,
        text: `${role.title}: the certification of ${name} ended on ${day(currency.expiresAt)}. A drill or a shift beside somebody renews it.`,
      });
  return alarms;
}

/** How ready the needed roles are, 0..100: each counts by how much of a bench of three is current. Null: no role is needed. */
export function readinessOf(roles: readonly BenchRole[]): number | null {
  const needed = roles.filter((role) => role.needed);
  if (needed.length === 0) return null;
  const filled = needed.map(({ people }) =>
    Math.min(BENCH, people.filter(({ currency }) => currency.state === 'current').length),
  );
  return Math.round((100 * filled.reduce((sum, n) => sum + n, 0)) / (BENCH * needed.length));
}

export interface Suggestion extends Omit<Candidate, 'hindrance'> {
  lastPracticeAt: Date | null;
  /** Why they should not be asked; null: they can be. */
  hindrance: Candidate['hindrance'] | 'not_certified' | 'expired';
}

/**
 * Who should take a stretch of a role's rota: eligible people, least recent practice first, so that practice goes round;
 * then those who cannot, with the reason. Rest rules are those of every rota (M34a).
 */
export function suggest(
  people: readonly { userId: string; currency: Currency }[],
  stretch: Stretch,
  duties: (Stretch & { userId: string })[],
  absences: (Stretch & { userId: string })[],
): Suggestion[] {
  const known = new Map(people.map((one) => [one.userId, one.currency]));
  const found = candidates([...known.keys()], stretch, duties, absences).map((one): Suggestion => {
    const { state, lastPracticeAt } = known.get(one.userId)!;
    const lacking = state === 'current' ? null : state === 'expired' ? 'expired' : 'not_certified';
    return { ...one, lastPracticeAt, hindrance: lacking ?? one.hindrance };
  });
  // Who could but is busy comes before who would need a drill first, and that before who would need a certificate.
  const order: Record<NonNullable<Suggestion['hindrance']>, number> = {
    away: 1,
    on_duty: 1,
    no_rest: 1,
    expired: 2,
    not_certified: 3,
  };
  const rank = ({ hindrance, lastPracticeAt }: Suggestion) =>
    (hindrance === null ? 0 : order[hindrance] * 1e15) + (lastPracticeAt?.getTime() ?? 0);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

// ---------------------------------------------------------------- response teams

/** What somebody brings to a response (domain 2.2). */
export const FUNCTIONS = [
  'engineering',
  'operations',
  'security',
  'product',
  'support',
  'qa',
  'communications',
  'legal',
  'finance',
  'executive',
  'vendor_management',
] as const;

export interface TeamMember {
  userId: string;
  role: 'lead' | 'member' | 'alternate';
  functions: readonly string[];
}
export interface TeamCheck {
  errors: { path: string; message: string }[];
  warnings: { rule: string; message: string }[];
}

const FEWEST_FUNCTIONS = 3;
const SIZE = { least: 4, most: 9 };
/** More people than one can lead at once (span of control). */
const REPORTS = 7;

/** Whether a response team can respond (M6a): at least three functions, alternates; size and span of control are warnings. */
export function checkResponseTeam(members: readonly TeamMember[]): TeamCheck {
  const standing = members.filter(({ role }) => role !== 'alternate');
  const functions = new Set(standing.flatMap((member) => member.functions));
  const leads = standing.filter(({ role }) => role === 'lead').length;
  const errors: TeamCheck['errors'] = [];
  const warnings: TeamCheck['warnings'] = [];
  if (functions.size < FEWEST_FUNCTIONS)
    errors.push({
      path: 'members',
      message: `a response team brings together at least ${FEWEST_FUNCTIONS} functions; this one has ${functions.size}`,
    });
  if (standing.length === members.length)
    errors.push({ path: 'members', message: 'name at least one alternate: somebody stands in when a member is away' });
  if (standing.length < SIZE.least || standing.length > SIZE.most)
    warnings.push({
      rule: 'people.team.size',
      message: `${standing.length} members: ${SIZE.least} to ${SIZE.most} decide fast and still know enough.`,
    });
  if (leads === 0) warnings.push({ rule: 'people.team.lead', message: 'Nobody leads this team.' });
  // Several leads share the others; one who leads answers to nobody in the team.
  const reports = leads === 0 ? standing.length : Math.ceil((standing.length - leads) / leads);
  if (reports > REPORTS)
    warnings.push({
      rule: 'people.team.span',
      message: `${reports} people report to one lead: form sub-teams, each with a lead of its own.`,
    });
  return { errors, warnings };
}
