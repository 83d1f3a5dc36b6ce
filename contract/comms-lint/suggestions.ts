/** Plain words for technical ones: what the lint offers beside each mark. Data, not code. */

export interface Suggestion {
  /** What to write, or what to think about. */
  text: string;
  /** True when `text` can stand in place of the marked words as it is: one click. */
  replaces: boolean;
}

interface Entry {
  /** RegExp source tried on the marked words, whole, without case. */
  match: string;
  text: string;
  replaces?: boolean;
}

// Order matters: the first that matches wins. `{next}` becomes the time of the next update.
const entries: Entry[] = [
  { match: 'latency', text: 'slow responses', replaces: true },
  { match: 'time-?outs?', text: 'no answer in time', replaces: true },
  {
    match: '(?:HTTP\\s*)?[45](?:\\d{2}|xx)s?',
    text: 'requests that fail (say how many: “about 1 in 20”)',
  },
  { match: 'fail-?over', text: 'switch to our standby system', replaces: true },
  { match: 'roll-?backs?', text: 'undoing of a recent change', replaces: true },
  { match: 'rolled back', text: 'undid a recent change', replaces: true },
  { match: 'deploy', text: 'release', replaces: true },
  {
    match: 'deploys?|deployments?',
    text: 'release of a change',
    replaces: true,
  },
  { match: 'deployed', text: 'released', replaces: true },
  { match: 'replicas?|replication', text: 'a copy that is behind' },
  {
    match: 'throttl\\w+|rate[- ]limit\\w*',
    text: 'limiting how many requests we accept',
    replaces: true,
  },
  { match: 'redis|memcached', text: 'stored copies', replaces: true },
  { match: 'error rates?', text: 'requests that fail' },
  { match: 'root cause', text: 'what caused this', replaces: true },
  { match: 'cach(?:e|es|ed)', text: 'stored copies', replaces: true },
  { match: 'mitigat(?:e|es)', text: 'reduce', replaces: true },
  { match: 'mitigated', text: 'reduced', replaces: true },
  { match: 'mitigating', text: 'reducing', replaces: true },
  { match: 'mitigations?', text: 'first measures', replaces: true },
  { match: 'remediate', text: 'fix', replaces: true },
  { match: 'remediat\\w+', text: 'repair', replaces: true },
  { match: '(?:post-?mortem)', text: 'full report', replaces: true },
  { match: 'RCA', text: 'what caused this', replaces: true },
  { match: '(?:run|play)book', text: 'our procedure', replaces: true },
  { match: 'on-?call', text: 'people on duty', replaces: true },
  { match: 'hot-?fix(?:es)?', text: 'a correction', replaces: true },
  { match: 'feature flags?', text: 'a switch', replaces: true },
  {
    match: 'clusters?|nodes?|pods?|shards?',
    text: 'part of our system',
    replaces: true,
  },
  {
    match: 'load[ -]?balancers?|ingress|upstreams?|downstreams?|egress',
    text: 'the way requests reach us',
  },
  { match: 'DNS', text: 'the lookup of our address', replaces: true },
  { match: 'CDN', text: 'the network that delivers our pages', replaces: true },
  {
    match: 'postgres(?:ql)?|mysql|mongo(?:db)?',
    text: 'our database',
    replaces: true,
  },
  {
    match: '(?:kubernetes|k8s|kafka|etcd|consul)',
    text: 'an internal system',
    replaces: true,
  },
  { match: 'utili[sz]e', text: 'use', replaces: true },
  { match: 'leverage', text: 'use', replaces: true },
  { match: 'impacted', text: 'affected', replaces: true },
  { match: 'initiate', text: 'start', replaces: true },
  { match: 'initiated', text: 'started', replaces: true },
  { match: 'reach out', text: 'write', replaces: true },
  { match: 'actioned', text: 'done', replaces: true },
  { match: 'facilitate', text: 'help', replaces: true },
  { match: 'going forward', text: 'from now on', replaces: true },
  {
    match: 'degraded performance',
    text: 'slower than usual, with a number (“pages take about 10 seconds”)',
  },
  {
    match: '(?:intermittent|sporadic).*',
    text: 'say how many: “about 1 in 20 requests fails”',
  },
  {
    match: '.*connectivity issues?',
    text: 'say what cannot be reached: “the app cannot reach sign-in”',
  },
  {
    match: 'shortly|soon|momentarily|asap|as soon as possible|imminently',
    text: 'by {next}',
    replaces: true,
  },
  {
    match: 'outage|down(?:time)?',
    text: 'say what is not working: “orders cannot be sent”',
  },
  {
    match: '.*inconvenience.*',
    text: 'name the effect: “your deliveries were late”',
  },
  { match: 'small number of', text: 'say how many: “about 1 in 50 of”' },
];

/** What to offer when no entry knows the words: advice per rule. */
const advice: Record<string, string> = {
  J1: 'Say what people see, and how many: “about 1 in 20 requests fails”.',
  J2: 'Say it in everyday numbers: “1 in 20 pages takes over 10 seconds”.',
  J3: 'Say what people notice instead of how we build it.',
  J4: 'Say it without our process words.',
  J5: 'Leave out names of our systems.',
  J6: 'Use an everyday word.',
  J7: 'Name the effect and give a number.',
  J8: 'Write the short form out once.',
  O1: 'Give a range, what it is based on and when you will confirm it: “We expect … between 14:30 and 15:30 UTC; we will confirm at {next}.”',
  O2: 'Say what you have changed, not what can never happen.',
  O3: 'Say a time: “by {next}”.',
  O4: 'Say what is checked and what is not; say “none” only with evidence.',
  O5: 'Say which part works again and what is still being checked.',
  O6: 'Say how you know it, or leave the word out.',
  B1: 'Say what made it possible, not who.',
  B2: 'Say what happened in our system, not who did it.',
  B3: 'Say what happened, not what might have.',
  B4: 'Describe the event without judging.',
  B5: 'Our service is our job: say what we do about it.',
  P1: 'Use the support contact of the page.',
  P2: 'Use the support contact of the page.',
  P3: 'Leave network addresses out.',
  P4: 'A secret must never be written here. Remove it, and replace it at its source: it counts as leaked.',
  P5: 'Card numbers must never be written here. Remove it.',
  P6: 'Bank accounts do not belong in a message.',
  P7: 'Leave names of people and customers out.',
  P8: 'Leave account and ticket numbers out.',
  P9: 'Link only to public pages.',
  T1: 'Name the effect you are sorry for.',
  T2: 'Say something only you can say today.',
  T3: 'Keep this word for a full stop; otherwise say what does not work.',
  T4: 'Calm words, no exclamation marks, capitals or pictures.',
  T5: 'Say who does it: “we found”, “we changed”.',
  S14: 'Leave out what would help an attacker until the cause is gone.',
};

/** What stands around the marked words, and what does not work in the reader's words. */
export interface Around {
  before: string;
  after: string;
  what: string | null;
}

/** Replacements that hang on the sentence: a promise, an empty sorry, a supplier's name, the word “outage”. */
function inSentence(ruleId: string, marked: string, next: string | null, around: Around): Suggestion | null {
  const { before, after, what } = around;
  if (ruleId === 'O1' && next !== null && /^(?:will|shall|going to)\b/i.test(marked))
    return { text: `is being worked on, and we will say more by ${next}`, replaces: true };
  if (ruleId === 'T1' && /inconvenience/i.test(marked))
    return what
      ? {
          text: `the trouble this gives you: ${what} ${PLURAL.test(what) ? 'do' : 'does'} not work as usual`,
          replaces: true,
        }
      : null;
  if (ruleId === 'B5' && !/^(?:caused by|due to|because of|fault of|blame)/i.test(marked))
    return /^\s+(?:outage|downtime|is down|problem|failure|incident)/i.test(after)
      ? { text: 'our service', replaces: true }
      : { text: 'a service we rely on', replaces: true };
  if (ruleId === 'T3' && /outage/i.test(marked)) {
    if (/\b(?:an?|the|this|our|one)\s+$/i.test(before)) return { text: 'disruption', replaces: true };
    if (/[\p{L}\d]\s+$/u.test(before) && /^\s*(?:[.,;]|$)/.test(after))
      return { text: 'does not work as usual', replaces: true };
  }
  return null;
}
const PLURAL = /s$| and /i;

/** The suggestion for marked words; `next` is the time of the next update as text (`14:30 UTC`), or null. */
export function suggestFor(ruleId: string, marked: string, next: string | null, around?: Around): Suggestion | null {
  const time = next ?? 'hh:mm UTC';
  const fitting = around && inSentence(ruleId, marked, next, around);
  if (fitting) return fitting;
  for (const entry of entries) {
    if (!new RegExp(`^(?:${entry.match})$`, 'iu').test(marked.slice(0, 120))) continue;
    const open = entry.text.includes('{next}') && next === null;
    return {
      text: entry.text.replace('{next}', time),
      replaces: Boolean(entry.replaces) && !open,
    };
  }
  const words = advice[ruleId];
  return words ? { text: words.replace('{next}', time), replaces: false } : null;
}
