/** RSS and Atom of status pages. Read by looking for the few marks that matter, in one pass: no document is built and no pattern can hold us up. */
import { impactWord, type PageReading, type Reported } from './model.ts';

const MOST_ITEMS = 30;
/** What is older is history, whatever it says of its end. */
const RECENT_MS = 48 * 3_600_000;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function plain(text: string): string {
  let rest = text.trim();
  if (rest.startsWith('<![CDATA[')) rest = rest.slice(9, rest.endsWith(']]>') ? -3 : undefined);
  const entity = (whole: string, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 31 && code < 0x110000 ? String.fromCodePoint(code) : ' ';
  };
  // Twice: the text of a feed is HTML that was escaped once more.
  const decoded = rest.replace(/&(#?\w{1,10});/g, entity);
  let shown = '';
  for (let at = 0; at < decoded.length;) {
    const open = decoded.indexOf('<', at);
    if (open < 0) {
      shown += decoded.slice(at);
      break;
    }
    shown += `${decoded.slice(at, open)} `;
    const close = decoded.indexOf('>', open);
    if (close < 0) break;
    at = close + 1;
  }
  return shown
    .replace(/&(#?\w{1,10});/g, entity)
    .replace(/\s+/g, ' ')
    .trim();
}

/** What stands between a tag and its end; '' when it is not there. */
function inside(block: string, tag: string): string {
  const open = block.indexOf(`<${tag}`);
  if (open < 0) return '';
  const from = block.indexOf('>', open) + 1;
  const to = block.indexOf(`</${tag}>`, from);
  return from === 0 || to < 0 ? '' : block.slice(from, to);
}

function linkOf(block: string): string | null {
  const written = plain(inside(block, 'link'));
  const at = block.indexOf('href="');
  const href = at < 0 ? '' : block.slice(at + 6, block.indexOf('"', at + 6));
  const url = /^https?:\/\//.test(written) ? written : href;
  return /^https?:\/\//.test(url) ? url.slice(0, 2000) : null;
}

const OVER = /\b(resolved|completed|closed|operating normally|service is restored)\b/i;
const GOING_ON = /\b(investigating|identified|monitoring|in progress|update|verifying|degraded|scheduled)\b/i;

/** The word of the newest update: pages write the newest first. */
function statusOf(title: string, text: string): { status: string; over: boolean } {
  const first = `${title} ${text}`;
  const over = OVER.exec(first);
  const going = GOING_ON.exec(first);
  if (over && (!going || over.index < going.index)) return { status: 'resolved', over: true };
  return { status: going?.[0].toLowerCase() ?? '', over: false };
}

function itemOf(block: string, now: Date): Reported | undefined {
  const title = plain(inside(block, 'title')).slice(0, 300);
  const text = plain(
    inside(block, 'content') ||
      inside(block, 'content:encoded') ||
      inside(block, 'description') ||
      inside(block, 'summary'),
  );
  const when = (tag: string) => new Date(plain(inside(block, tag)));
  const times = [when('pubDate'), when('published'), when('updated')].filter((at) => !Number.isNaN(at.getTime()));
  const startedAt = times[0] ?? now;
  const newest = times.reduce((a, b) => (b > a ? b : a), startedAt);
  if (title === '' || now.getTime() - newest.getTime() > RECENT_MS) return undefined;
  const { status, over } = statusOf(title, text);
  // A maintenance that is only announced is not going on.
  if (status === 'scheduled') return undefined;
  return {
    ref: (plain(inside(block, 'guid')) || plain(inside(block, 'id')) || title).slice(0, 200),
    title,
    impact: impactWord(`${title} ${text.slice(0, 300)}`) ?? 'minor',
    status,
    said: text.slice(0, 2000),
    components: [],
    url: linkOf(block),
    startedAt,
    endedAt: over ? newest : null,
  };
}

/** Reads a feed; undefined when it is none. */
export function readFeed(text: string, now: Date): { format: string; reading: PageReading } | undefined {
  const tag =
    text.includes('<rss') || text.includes('<rdf:RDF') ? 'item' : text.includes('<feed') ? 'entry' : undefined;
  if (!tag) return undefined;
  const reports: Reported[] = [];
  let at = 0;
  for (let n = 0; n < MOST_ITEMS; n++) {
    const open = text.indexOf(`<${tag}`, at);
    const close = open < 0 ? -1 : text.indexOf(`</${tag}>`, open);
    if (close < 0) break;
    const item = itemOf(text.slice(open, close), now);
    if (item) reports.push(item);
    at = close + 1;
  }
  return { format: tag === 'item' ? 'rss' : 'atom', reading: { description: '', reports, complete: false } };
}
