/** Who holds which role and what that entitles to: authority tokens, hands-on rule, taking and handing over. */
import { AUTHORITY_TOKENS, type AuthorityToken, COMMANDER } from '#people';
import { type Refusal, type Severity, refuse } from '../lifecycle/model.ts';

export { AUTHORITY_TOKENS, type AuthorityToken, COMMANDER };

/** The key of a role in people's catalogue: the eight that come with the product, and those an installation adds. */
export type RoleName = string;

/** What the catalogue says of a role, as far as holding it matters. */
export interface RoleFacts {
  key: RoleName;
  title: string;
  authority: readonly string[];
  /** Whoever works with their hands cannot keep the overview: commanding beside it needs a recorded exception (M31c). */
  handsOn: boolean;
  /** Several people may hold it at once; every other role has one holder at every instant (invariant 1). */
  shared: boolean;
}

export interface Holding {
  role: RoleName;
  title: string;
  userId: string;
  from: Date;
  authority: readonly string[];
  handsOn: boolean;
  /** False: named by the rota, called, and not answered yet. Whoever is there first may take the role. */
  accepted: boolean;
}

const COMMAND: readonly AuthorityToken[] = AUTHORITY_TOKENS.filter((token) => token !== 'approve_irreversible');
const isToken = (word: string): word is AuthorityToken => (AUTHORITY_TOKENS as readonly string[]).includes(word);
/** Anyone on duty may stop the machine or a drill. */
const ON_DUTY: readonly AuthorityToken[] = ['declare', 'pause_automation', 'abort_exercise'];

/**
 * The tokens a person holds on an incident now (domain 2.3, Authority).
 * SEV3 and SEV4 need no commander: while nobody leads them, any responder acts with a commander's authority.
 * Managers and admins accept an irreversible step (the executive's part); a commander cannot alone.
 * `written`: what a response team of theirs holds for this incident, whatever role they have on it (M6b).
 */
export function authorityOf(
  incident: { severity: Severity; roles: readonly Holding[] },
  person: { id: string; roles: readonly string[] },
  written: readonly string[] = [],
): Set<AuthorityToken> {
  const tokens = new Set<AuthorityToken>(['declare']);
  const responds = person.roles.some((role) => role === 'responder' || role === 'manager' || role === 'admin');
  if (!responds) return tokens;
  for (const token of ON_DUTY) tokens.add(token);
  for (const held of incident.roles) {
    if (held.userId !== person.id) continue;
    for (const token of held.authority) if (isToken(token)) tokens.add(token);
  }
  for (const token of written) if (isToken(token)) tokens.add(token);
  const led = incident.roles.some((held) => held.role === COMMANDER && held.accepted);
  if (!led && incident.severity >= 3) for (const token of COMMAND) tokens.add(token);
  if (person.roles.includes('manager') || person.roles.includes('admin')) tokens.add('approve_irreversible');
  return tokens;
}

export interface Assignment {
  role: RoleFacts;
  userId: string;
  /** Recorded exception for commanding and working with one's hands at once. */
  exception?: string;
  /** Why the present holder is replaced without a hand-over (out of reach). */
  replaceReason?: string;
}

/**
 * Judges an assignment. Same holder again: nothing to do, unless the call of the rota is answered by it. A held role
 * changes hands by a hand-over; only a deputy, manager or admin may replace a holder outright, with a reason. Somebody
 * the rota named and who has not answered is replaced by whoever is there.
 */
export function assign(
  key: string,
  holdings: readonly Holding[],
  wanted: Assignment,
  actor: { id: string; roles: readonly string[] },
  nameOf: (userId: string) => string,
): { ok: true; changed: boolean; answers: boolean; replaces: Holding | null } | { ok: false; refusal: Refusal } {
  const same = holdings.find((held) => held.role === wanted.role.key && held.userId === wanted.userId);
  if (same) return { ok: true, changed: !same.accepted, answers: !same.accepted, replaces: null };
  const holder = wanted.role.shared ? undefined : holdings.find((held) => held.role === wanted.role.key);
  const settled = holder?.accepted === true;
  if (holder && settled && !mayReplace(holdings, actor)) return held(key, wanted.role, nameOf(holder.userId));
  if (holder && settled && !wanted.replaceReason) {
    return refuse(
      'incidents.roles.replace_reason',
      `${nameOf(holder.userId)} is ${wanted.role.title} of ${key}: replacing without a hand-over needs a reason`,
      {
        detail: 'Prefer a hand-over: the old holder keeps the duty until the new one accepts it.',
      },
    );
  }
  const clash = handsOnClash(holdings, wanted);
  if (clash && !wanted.exception) {
    return refuse(
      'incidents.roles.hands_on',
      `${nameOf(wanted.userId)} would command and work hands-on (${clash}) at once`,
      {
        detail: 'Give one of the two to somebody else, or record why it has to be so (exception).',
      },
    );
  }
  return { ok: true, changed: true, answers: false, replaces: holder ?? null };
}

const held = (key: string, role: RoleFacts, name: string): { ok: false; refusal: Refusal } =>
  refuse('incidents.roles.held', `${name} is already ${role.title} of ${key}`, {
    detail: `Ask ${name} for a hand-over; a deputy or manager may replace with a reason.`,
  });

const mayReplace = (holdings: readonly Holding[], actor: { id: string; roles: readonly string[] }): boolean =>
  actor.roles.includes('manager') ||
  actor.roles.includes('admin') ||
  holdings.some((held) => held.role === 'deputy' && held.userId === actor.id);

/** The title of the role that clashes with the one wanted, when one person would command and work hands-on. */
export function handsOnClash(
  holdings: readonly Holding[],
  wanted: { role: Pick<RoleFacts, 'key' | 'handsOn'>; userId: string },
): string | null {
  const own = holdings.filter((held) => held.userId === wanted.userId);
  if (wanted.role.key === COMMANDER) return own.find(({ handsOn }) => handsOn)?.title ?? null;
  return (wanted.role.handsOn && own.find(({ role }) => role === COMMANDER)?.title) || null;
}

/** Hours of unbroken command after which the product asks for a hand-over, and again each hour (M8d). */
export const DUTY_PROMPT_HOURS = 4;
/** Whole hours past which the n-th prompt is due; 0 = none yet. */
export const dutyPrompts = (since: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - since.getTime()) / 3_600_000) - DUTY_PROMPT_HOURS + 1);
