/** The pattern rules of customer messages: jargon, over-promises, blame, private data, tone. Data, not code. */

export type Audience = 'public' | 'developer' | 'executive' | 'partner' | 'internal';
/** `error` blocks publishing unless an approver overrides it with a reason; `warn` is shown. */
export type Level = 'error' | 'warn';
/** Lists an installation adds of its own; each is a list of plain words, never a pattern. */
export type ListName =
  | 'thirdPartyNames'
  | 'directoryNames'
  | 'customerNames'
  | 'publicHosts'
  | 'supportContacts'
  /** Names of our own hosts, systems and projects. */
  | 'internalNames'
  /** What would help an attacker, kept by security; checked while a security incident is not eradicated (S14). */
  | 'securityTerms';

export interface PatternRule {
  id: string;
  level: Level;
  /** Which readers it protects: everybody (`all`), non-specialists (`general`), or only the public page. */
  audience: 'all' | 'general' | 'public';
  /** What is wrong, as a short noun phrase. */
  why: string;
  /** JavaScript RegExp source. `{{list}}` is replaced by the words of that list. */
  pattern: string;
  /** Default `giu`. */
  flags?: string;
  /** A match overlapping a match of this pattern is let pass. */
  unless?: string;
  /** The rule is silent when the message says one of these. */
  allowIf?: {
    field: 'dataImpact' | 'phase' | 'componentStates' | 'thirdPartyHasPublished';
    in: string[];
  };
  /** A match equal to one of these is let pass. */
  except?: ('supportContacts' | 'isoTimes')[];
  /** A further test a match must pass to count. */
  check?: 'luhn' | 'iban';
  /** A secret: never stored, never overridden. */
  secret?: boolean;
}

// Run against the must-hit and must-not-hit sentences beside this file and against hostile text for runaway time;
// input is cut at 5,000 characters before any of these sees it.
export const patternRules: PatternRule[] = [
  // Jargon
  {
    id: 'J1',
    level: 'error',
    audience: 'general',
    why: 'status codes and units',
    pattern: String.raw`\b(?:HTTP\s*)?[45](?:\d{2}|xx)s?\b(?=\s*(?:error|response|status|s\b|from|rate)?)`,
    unless: String.raw`\b[45]\d{2}\s+(?:customers|orders|users|accounts|minutes|of)\b`,
  },
  {
    id: 'J2',
    level: 'error',
    audience: 'general',
    why: 'percentile talk',
    pattern: String.raw`\bp(?:50|75|90|95|99|999)\b`,
  },
  {
    id: 'J3',
    level: 'error',
    audience: 'general',
    why: 'infrastructure words',
    pattern: String.raw`\b(?:kubernetes|k8s|pods?|nodes?|clusters?|shards?|replicas?|replication|fail-?over|ingress|egress|load[ -]?balancers?|upstreams?|downstreams?|DNS|BGP|TLS|SSL|CDN|VPC|IAM|OOM|CPU|heap|garbage collection|packet loss|throughput|memcached|redis|kafka|postgres(?:ql)?|mysql|mongo(?:db)?|consul|etcd|thundering herd|split[- ]brain|idempoten\w+|circuit[- ]breakers?|canar(?:y|ies)|hot-?fix(?:es)?|regression|roll-?backs?|rolled back|deploy(?:s|ed|ment|ments)?|binary|config(?:uration)? push|feature flags?|rate[- ]limit\w*|throttl\w+|back-?pressure|latency|time-?outs?)\b`,
  },
  {
    id: 'J4',
    level: 'error',
    audience: 'general',
    why: 'process words',
    pattern: String.raw`\b(?:SEV[- ]?\d|P[0-4]\b|MTT[DARCR]|SLOs?|SLIs?|SLAs?|RCA|RPO|RTO|IC\b|war ?room|on-?call|runbook|playbook|post-?mortem|blast radius|mitigat\w+|remediat\w+)\b`,
  },
  {
    id: 'J5',
    level: 'error',
    audience: 'public',
    why: 'internal names',
    pattern: String.raw`\b[a-z]{1,20}(?:-[a-z0-9]{1,20}){0,6}?-(?:prod|prd|stg|db|api|svc|web|lb)?-?\d{1,4}\b|\b[\w-]+\.(?:internal|local|corp|svc|lan)\b|{{internalNames}}`,
  },
  {
    id: 'J6',
    level: 'warn',
    audience: 'all',
    why: 'office words',
    pattern: String.raw`\b(?:utili[sz]e|leverage|facilitate|going forward|robust|streamlin\w+|tackl\w+|liaise|initiat(?:e|ed)|impacted|impactful|actioned|reach out|touch base|deep dive|learnings)\b`,
  },
  {
    id: 'J7',
    level: 'warn',
    audience: 'general',
    why: 'vague symptom',
    pattern: String.raw`\b(?:some|certain|various|intermittent|sporadic|elevated|increased|degraded|abnormal)\s+(?:issues?|errors?|error rates?|problems?|performance|connectivity)\b|\bconnectivity issues?\b|\btechnical (?:difficulties|issues?)\b`,
  },
  {
    id: 'J8',
    level: 'warn',
    audience: 'all',
    why: 'unexplained short form',
    pattern: String.raw`\b(?!API\b|UTC\b|PDF\b|CSV\b|FAQ\b|EU\b|UK\b|US\b|ID\b|SMS\b|PIN\b|OK\b|CET\b|CEST\b)[A-Z]{2,6}\b(?!\s*\()`,
    flags: 'gu',
  },
  // Over-promise
  {
    id: 'O1',
    level: 'error',
    audience: 'all',
    why: 'hard promise of a time',
    pattern: String.raw`\b(?:will|shall|going to)\s+(?:be\s+)?(?:fully\s+)?(?:fixed|resolved?|restored?|recover(?:ed)?|back(?:\s+(?:up|online))?|working|normal|complete[d]?|live|up)\b[^.]{0,60}?\b(?:by|within|before|in)\b\s+(?:the\s+)?(?:next\s+)?(?:\d|noon|midnight|tonight|today|tomorrow|an?\s+hour|end of|few)`,
  },
  {
    id: 'O2',
    level: 'error',
    audience: 'all',
    why: 'absolute promise',
    pattern: String.raw`\b(?:never\s+(?:happen|occur)\w*\s+again|(?:will|can)\s+not\s+(?:happen|occur|recur)\s+again|won[’\x27]t\s+(?:happen|occur|recur)|guarantee[sd]?|100\s?%|zero\s+(?:downtime|impact|risk)|permanent(?:ly)?\s+(?:fix(?:ed)?|resolved?|solution)|completely\s+(?:safe|secure|resolved)|fully\s+secure)\b`,
  },
  {
    id: 'O3',
    level: 'error',
    audience: 'all',
    why: 'empty time word',
    pattern: String.raw`\b(?:shortly|soon|momentarily|imminent(?:ly)?|asap|as soon as possible|any (?:minute|moment)|in no time|very quickly)\b`,
  },
  {
    id: 'O4',
    level: 'error',
    audience: 'all',
    why: 'claim on data without evidence',
    pattern: String.raw`\bno\s+(?:\w+\s+){0,2}?(?:data|information|details|orders?|payments?|records?|files?|messages?|cards?)\s+(?:was|were|has been|have been|is|are)\s+(?:lost|affected|compromised|exposed|accessed|leaked|missing|charged twice)\b`,
    allowIf: { field: 'dataImpact', in: ['none_verified'] },
  },
  {
    id: 'O5',
    level: 'error',
    audience: 'all',
    why: 'says all is well before it is declared',
    pattern: String.raw`\b(?:all systems (?:are )?(?:operational|back)|back to normal|fully (?:restored|recovered|operational)|issue (?:is|has been) resolved)\b`,
    allowIf: { field: 'phase', in: ['restored', 'closed'] },
  },
  {
    id: 'O6',
    level: 'warn',
    audience: 'all',
    why: 'guess shown as fact',
    pattern: String.raw`\b(?:definitely|certainly|obviously|clearly|undoubtedly|of course)\b`,
  },
  // Blame
  {
    id: 'B1',
    level: 'error',
    audience: 'all',
    why: 'person as cause',
    pattern: String.raw`\b(?:human|operator|user|engineer(?:ing)?|employee|staff|developer|admin(?:istrator)?)(?:[’\x27]s)?\s+(?:error|mistake|fault|negligence|oversight)\b|\b(?:careless\w*|negligen\w+|incompeten\w+|sloppy|reckless\w*|rogue|lazy)\b`,
  },
  {
    id: 'B2',
    level: 'error',
    audience: 'all',
    why: 'who-did-it wording',
    pattern: String.raw`\b(?:an?|the|our|one of our)\s+(?:junior\s+|senior\s+|new\s+|on-?call\s+)?(?:engineer|developer|employee|operator|contractor|intern|administrator|technician|colleague|team member)s?\s+(?:\w+ly\s+)?(?:accidentally|mistakenly|forgot|failed|neglected|deleted|broke|caused|pushed|ran|typed|ignored|missed|overlooked)\b`,
  },
  {
    id: 'B3',
    level: 'warn',
    audience: 'all',
    why: 'counter-factual',
    pattern: String.raw`\b(?:should|could|would|ought to)(?:\s+not|n[’\x27]t)?\s+have\s+\w+|\bif\s+only\b|\bhad\s+(?:\w+\s+){1,3}(?:been|done|checked|noticed|followed)\b`,
  },
  {
    id: 'B4',
    level: 'warn',
    audience: 'all',
    why: 'judging verbs',
    pattern: String.raw`\b(?:forgot(?:ten)?|neglected|ignored|overlooked|failed to|bothered to|blame[sd]?|at fault|fault of|to blame|whose fault)\b`,
  },
  {
    id: 'B5',
    level: 'error',
    audience: 'public',
    why: 'blames a supplier or customer',
    pattern: String.raw`\b(?:caused by|due to|because of|fault of|blame)\s+(?:an?\s+|the\s+|our\s+|your\s+)?(?:\w+\s+){0,2}?(?:vendor|supplier|third[- ]party|provider|customer)\b|{{thirdPartyNames}}`,
    allowIf: { field: 'thirdPartyHasPublished', in: ['true'] },
  },
  // Private data and secrets
  {
    id: 'P1',
    level: 'error',
    audience: 'all',
    why: 'e-mail address',
    pattern: String.raw`\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b`,
    except: ['supportContacts'],
  },
  {
    id: 'P2',
    level: 'error',
    audience: 'all',
    why: 'phone number',
    pattern: String.raw`(?<![\w.])\+?\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]?\d{2,4}){2,4}(?![\w])`,
    except: ['supportContacts', 'isoTimes'],
  },
  {
    id: 'P3',
    level: 'error',
    audience: 'all',
    why: 'network address',
    pattern: String.raw`\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b`,
  },
  {
    id: 'P4',
    level: 'error',
    audience: 'all',
    why: 'secret or token',
    pattern: String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{22,}\b|\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}\b|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:password|passwd|secret|token|api[_-]?key)\s*[:=]\s*\S{6,}`,
    flags: 'gu',
    secret: true,
  },
  {
    id: 'P5',
    level: 'error',
    audience: 'all',
    why: 'card number (Luhn must pass)',
    pattern: String.raw`\b(?:\d[ -]?){13,19}\b`,
    check: 'luhn',
    secret: true,
  },
  {
    id: 'P6',
    level: 'error',
    audience: 'all',
    why: 'bank account',
    pattern: String.raw`\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b`,
    check: 'iban',
    flags: 'gu',
  },
  {
    id: 'P7',
    level: 'error',
    audience: 'public',
    why: 'staff or customer name',
    pattern: String.raw`{{directoryNames}}|{{customerNames}}`,
  },
  {
    id: 'P8',
    level: 'error',
    audience: 'public',
    why: 'account or ticket number',
    pattern: String.raw`\b(?:acct|account|tenant|org|customer|user|order|ticket|case)[ _-]?(?:id|no|number|#)?[ :#_-]*(?=[a-z0-9-]*\d)[a-z0-9-]{5,}\b|\b[A-Z]{2,6}-\d{2,6}\b|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b`,
  },
  {
    id: 'P9',
    level: 'error',
    audience: 'public',
    why: 'internal link',
    pattern: String.raw`https?://(?!(?:{{publicHosts}})(?:[/:]|\b))\S+`,
  },
  // Tone
  {
    id: 'T1',
    level: 'error',
    audience: 'public',
    why: 'empty sorry',
    pattern: String.raw`\b(?:any|the)\s+inconvenience(?:\s+(?:this|it)\s+may\s+have\s+caused)?\b|\bminor\s+(?:inconvenience|issue|blip|hiccup)\b|\bsmall number of\b`,
  },
  {
    id: 'T2',
    level: 'warn',
    audience: 'public',
    why: 'stock phrase',
    pattern: String.raw`\bwe\s+take\s+(?:\w+\s+){1,4}(?:very\s+|extremely\s+)?seriously\b|\bthank you for your patience\b|\bvalued customers?\b|\bout of an abundance of caution\b`,
  },
  {
    id: 'T3',
    level: 'warn',
    audience: 'public',
    why: '"outage" only for a full stop',
    pattern: String.raw`(?<![\w-])(?:outage|(?<!slow |slowed |cool )down(?:time)?)(?![\w-])`,
    allowIf: { field: 'componentStates', in: ['major_outage'] },
  },
  {
    id: 'T4',
    level: 'warn',
    audience: 'public',
    why: 'shouting or fun',
    pattern: String.raw`!{1,}|\b[A-Z]{4,}(?:\s+[A-Z]{4,})+\b|\p{Extended_Pictographic}`,
    flags: 'gu',
  },
  {
    id: 'T5',
    level: 'warn',
    audience: 'public',
    why: 'hidden actor',
    pattern: String.raw`\b(?:it has been determined|mistakes were made|an issue was (?:identified|experienced)|users may have experienced)\b`,
  },
];
