/**
 * Judging what is known: would a page by this method arrive, can this person be reached, which gap is news, which warning
 * is due. Pure.
 */
import { addMs, zone } from '#kernel';

/** The best there is to say about one method, from good to bad. */
export type MethodState = 'proven' | 'untested' | 'doubtful' | 'unverified' | 'dead';
const ORDER: MethodState[] = ['proven', 'untested', 'doubtful', 'unverified', 'dead'];

export interface MethodFacts {
  verified: boolean;
  /** Why it is switched off, or why its channel cannot send at all; null when neither. */
  off: string | null;
  /** The latest test that has ended. */
  test: { at: Date; state: 'confirmed' | 'missed' | 'failed'; error: string | null } | null;
  /** The latest real page by it whose fate is known. */
  real: { at: Date; arrived: boolean; error: string | null } | null;
}

/** Judges one method, with the reason in words. Later evidence outweighs earlier. */
export function judgeMethod(
  { verified, off, test, real }: MethodFacts,
  now: Date,
  overdueAfterDays: number,
): { state: MethodState; reason: string; overdue: boolean } {
  const overdue = verified && off === null && !(test?.state === 'confirmed' && test.at > since(now, overdueAfterDays));
  const say = (state: MethodState, reason: string) => ({ state, reason, overdue });
  if (off !== null) return say('dead', off);
  if (!verified) return say('unverified', 'never confirmed');
  const testIsLater = test !== null && (real === null || test.at >= real.at);
  if (testIsLater && test.state === 'failed') return say('dead', `the last test failed: ${test.error ?? 'no reason'}`);
  if (!testIsLater && real !== null && !real.arrived)
    return say('dead', `the last page did not arrive: ${real.error ?? 'no reason'}`);
  if (testIsLater && test.state === 'missed') return say('doubtful', 'the last test was not answered');
  if (!overdue) return say('proven', 'a test was answered');
  if (real?.arrived && real.at > since(now, overdueAfterDays)) return say('proven', 'a page arrived lately');
  return say('untested', test === null ? 'never tested' : 'not tested for too long');
}

const since = (now: Date, days: number) => addMs(now, -days * 86_400_000);

/** What a person is called: as good as their best method. */
export type PersonState = 'reachable' | 'untested' | 'doubtful' | 'unreachable';

/** Judges a person. Only an unproven address, or nothing that works, is not reachable. */
export function judgePerson(methods: { state: MethodState }[]): PersonState {
  const best = methods.map(({ state }) => state).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))[0];
  if (best === 'proven') return 'reachable';
  return best === 'untested' || best === 'doubtful' ? best : 'unreachable';
}

export interface Gap {
  from: Date;
  to: Date;
  why: string;
  blocked: string | null;
}
export interface KnownGap extends Gap {
  id: string;
}

export interface GapNews {
  /** Not known before, wholly or in part: to be told. */
  fresh: Gap[];
  /** To be remembered, and no news: a part of what was known, or the same hours of another day. */
  quiet: Gap[];
  /** Known ones whose end has moved: covered in part, or the window went on. */
  moved: { id: string; to: Date }[];
  /** Known ones that are there no more. */
  gone: string[];
}

/**
 * What is new among the gaps of a schedule. The window begins now, so a gap that has begun is cut at its front: that is no
 * news. `horizon`: where the window ended when it was last looked at; a gap that went up to there and goes on is no news
 * either. Hours in which nobody is meant to be on duty are told with the first of them.
 */
export function gapNews(known: KnownGap[], gaps: Gap[], horizon: Date | null): GapNews {
  const news: GapNews = { fresh: [], quiet: [], moved: [], gone: [] };
  const claimed = new Set<string>();
  let hoursTold = known.some((gap) => gap.why === 'outside_hours');
  for (const gap of gaps) {
    // Nothing that ends before it begins is a gap, whoever says so.
    if (gap.from >= gap.to) continue;
    const around = known.filter(
      (old) => old.why === gap.why && old.blocked === gap.blocked && old.from <= gap.from && gap.from < old.to,
    );
    const covering = around[0];
    const grows = covering !== undefined && gap.to > covering.to && !(horizon && covering.to >= horizon);
    const free = around.find(({ id }) => !claimed.has(id));
    if (free && !grows) {
      claimed.add(free.id);
      if (free.to.getTime() !== gap.to.getTime()) news.moved.push({ id: free.id, to: gap.to });
    } else if (grows) news.fresh.push(gap);
    else if (covering || (gap.why === 'outside_hours' && hoursTold)) news.quiet.push(gap);
    else news.fresh.push(gap);
    hoursTold ||= gap.why === 'outside_hours';
  }
  news.gone = known.filter(({ id }) => !claimed.has(id)).map(({ id }) => id);
  return news;
}

/** When a warning `1 day` or `1 h` before a shift is due. Days are counted on the wall: 23, 24 or 25 hours. */
export function leadInstant(timeZone: string, start: Date, lead: string): Date {
  const [count = '0', unit] = lead.split(' ');
  return unit === 'day' ? zone.addWallDays(timeZone, start, -Number(count)) : addMs(start, -Number(count) * 3_600_000);
}

/** The warning that is due now for a shift that starts then: the shortest one whose time has come. An outage skips, it does not pile up. */
export function dueLead(timeZone: string, start: Date, leads: string[], now: Date): string | null {
  if (now >= start) return null;
  const due = leads
    .map((lead) => ({ lead, at: leadInstant(timeZone, start, lead) }))
    .filter(({ at }) => at <= now)
    .sort((a, b) => b.at.getTime() - a.at.getTime())[0];
  return due?.lead ?? null;
}

/** The weekly hour that is on now for a person: it began less than two hours ago on their wall; null when it is not on. */
export function slotNow(timeZone: string, weekday: number, time: string, now: Date): Date | null {
  const at = zone.nextWeekly(timeZone, weekday, time, addMs(now, -2 * 3_600_000));
  return at <= now ? at : null;
}
