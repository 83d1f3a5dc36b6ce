/** Which watches a series belongs to, and which metrics come in at all: kept in this process, bounded. */
import { matchesAll } from '../silences/model.ts';
import { fits } from './selector.ts';
import type { SeriesIn, Watch } from './model.ts';

const MOST = 20_000;
/** By watch and version: what patterns said about the labels they look at. */
const said = new Map<string, Map<string, boolean>>();

function fitsKnown(watch: Watch, labels: Record<string, string>): boolean {
  const plain = watch.matchers.filter((one) => !one.isRegex);
  if (!fits(plain, labels)) return false;
  const patterns = watch.matchers.filter((one) => one.isRegex);
  if (patterns.length === 0) return true;
  const place = `${watch.id} ${watch.version}`;
  let known = said.get(place);
  if (!known) {
    if (said.size > 500) said.clear();
    said.set(place, (known = new Map()));
  }
  const key = patterns.map((one) => labels[one.name] ?? '').join('\0');
  let answer = known.get(key);
  if (answer === undefined) {
    if (known.size > MOST) known.clear();
    known.set(key, (answer = matchesAll(patterns, labels)));
  }
  return answer;
}

/** The series of each watch; a series may belong to several. */
export function chosen(watches: Watch[], series: SeriesIn[]): Map<Watch, SeriesIn[]> {
  const found = new Map<Watch, SeriesIn[]>();
  for (const watch of watches) {
    const own = series.filter((one) => one.samples.length > 0 && fitsKnown(watch, one.labels));
    if (own.length > 0) found.set(watch, own);
  }
  return found;
}

const WINDOW_MS = 60_000;
const windows = new Map<string, { since: number; names: Map<string, Set<number>>; many: number }>();

function mark(labels: Record<string, string>): number {
  let hash = 2_166_136_261;
  for (const name in labels)
    for (const text of [name, labels[name]!])
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash >>> 0;
}

/** Counts series by the name of their metric; gives the counts when a minute is over, and after the first post. */
export function countNames(integrationId: string, series: SeriesIn[], now: number): Map<string, number> | undefined {
  const window = windows.get(integrationId) ?? { since: 0, names: new Map<string, Set<number>>(), many: 0 };
  windows.set(integrationId, window);
  for (const { labels } of series) {
    if (window.many > 50_000) break;
    const name = labels.__name__ ?? '';
    const set = window.names.get(name) ?? new Set();
    window.names.set(name, set);
    set.add(mark(labels));
    window.many += 1;
  }
  if (now - window.since < WINDOW_MS && now >= window.since) return undefined;
  windows.set(integrationId, { since: now, names: new Map(), many: 0 });
  return new Map([...window.names].map(([name, set]) => [name, set.size]));
}
