/** Reads the YAML of a playbook: strict, bounded, and every error with its line and column. Pure. */
import { yaml } from '#kernel';
import { lint } from './lint/index.ts';
import { type Playbook, playbookSchema } from './schema.ts';

/** One thing that is wrong (`error`: blocks approval) or worth a look (`warning`). Lines and columns start at 1. */
export interface SourceProblem {
  rule: string;
  level: 'error' | 'warning';
  message: string;
  path: string;
  line: number;
  column: number;
}

export interface ParsedPlaybook {
  /** Null when the source cannot be read as a playbook at all. */
  playbook: Playbook | null;
  problems: SourceProblem[];
}

const maxCharacters = 262_144;

/** Reads and checks a playbook's source, its dates as seen on `today`. Never throws; see {@link SourceProblem}. */
export function parsePlaybook(source: string, today: Date | null = null): ParsedPlaybook {
  if (source.length > maxCharacters) return refuse('PB01', `a playbook may have at most ${maxCharacters} characters`);
  const depth = deepest(source);
  if (depth > 64) return refuse('PB01', 'the brackets are nested deeper than 64 levels');
  const lines = new yaml.LineCounter();
  let document: yaml.Document.Parsed;
  try {
    document = yaml.parseDocument(source, {
      version: '1.2',
      strict: true,
      uniqueKeys: true,
      lineCounter: lines,
      logLevel: 'silent',
    });
  } catch {
    return refuse('PB01', 'the file is nested too deeply to be read');
  }
  const at = (offset: number) => {
    const position = lines.linePos(offset);
    return {
      line: Math.max(1, position.line),
      column: Math.max(1, position.col),
    };
  };
  const problems: SourceProblem[] = [...document.errors, ...document.warnings].map((error) => ({
    rule: 'PB01',
    level: 'error',
    message: error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''),
    path: '',
    ...at(error.pos[0]),
  }));
  problems.push(
    ...foreignScalars(document).map(({ offset, ...problem }) => ({
      ...problem,
      ...at(offset),
    })),
  );
  if (problems.length > 0) return { playbook: null, problems };
  return readTree(document, at, today);
}

type At = (offset: number) => { line: number; column: number };

/** What a playbook for a situation has, whatever it says in it (domain.md 3.2, "required"). A runbook is steps only. */
const REQUIRED =
  'scope normal_operation severity roles raci decisions guardrails communications rollback_plan recovery readiness security review'.split(
    ' ',
  );

function readTree(document: yaml.Document.Parsed, at: At, today: Date | null): ParsedPlaybook {
  const place = (path: PropertyKey[]) => at(offsetOf(document, path));
  const read = playbookSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (!read.success) {
    const problems = read.error.issues.flatMap((issue): SourceProblem[] => {
      const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      return paths.map((path) => ({
        rule: 'PB01',
        level: 'error',
        message: issue.code === 'unrecognized_keys' ? `unknown field "${String(path.at(-1))}"` : issue.message,
        path: path.join('.'),
        ...place(path),
      }));
    });
    return { playbook: null, problems };
  }
  const missing = read.data.kind === 'Runbook' ? [] : REQUIRED.filter((block) => !document.hasIn(['spec', block]));
  const lacks = missing.map((block) => ({
    rule: 'PB01',
    level: 'error' as const,
    message: `a playbook has the block "${block}"; a plan of steps only is a Runbook`,
    path: ['spec'],
  }));
  const problems = [...lacks, ...lint(read.data, today)].map(({ path, ...problem }) => ({
    ...problem,
    path: path.join('.'),
    ...place(path),
  }));
  return { playbook: read.data, problems };
}

function refuse(rule: string, message: string): ParsedPlaybook {
  return {
    playbook: null,
    problems: [{ rule, level: 'error', message, path: '', line: 1, column: 1 }],
  };
}

/** Depth of flow brackets and of indentation, counted without recursion: a parser must not meet 200,000 of them. */
function deepest(source: string): number {
  let depth = 0;
  let most = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source.charCodeAt(i);
    if (c === 91 || c === 123) most = Math.max(most, ++depth);
    else if (c === 93 || c === 125) depth = Math.max(0, depth - 1);
    else if (c === 10) {
      let indent = 0;
      while (source[i + 1] === ' ' || source[i + 1] === '-') {
        indent++;
        i++;
      }
      most = Math.max(most, indent / 2);
    }
  }
  return most;
}

/**
 * Values that YAML 1.1 and 1.2 read differently, tags and aliases (domain.md 3.1, row 82): refused with their position
 * instead of guessed, since playbooks are also read by other people's tools.
 */
function foreignScalars(
  document: yaml.Document.Parsed,
): (Omit<SourceProblem, 'line' | 'column'> & { offset: number })[] {
  const found: { offset: number; message: string }[] = [];
  const start = (node: yaml.Node) => node.range?.[0] ?? 0;
  yaml.visit(document, {
    Alias: (_key, node) =>
      void found.push({
        offset: start(node),
        message: 'anchors and aliases are not allowed: write it out',
      }),
    Node: (_key, node) => {
      if (!yaml.isAlias(node) && (node as { anchor?: string }).anchor) {
        found.push({
          offset: start(node),
          message: 'anchors and aliases are not allowed: write it out',
        });
      }
      if (
        !yaml.isAlias(node) &&
        (node as { tag?: string }).tag &&
        !yaml.isScalar(node) &&
        !String(node.tag).startsWith('tag:yaml.org,2002:')
      ) {
        found.push({
          offset: start(node),
          message: `the tag ${node.tag} is not allowed`,
        });
      }
      if (yaml.isScalar(node) && node.type === 'PLAIN' && ambiguous(node)) {
        found.push({
          offset: start(node),
          message: `put ${node.source} in quotes: YAML 1.1 and 1.2 read it differently`,
        });
      }
      if (yaml.isScalar(node) && node.tag && !['tag:yaml.org,2002:str', undefined].includes(node.tag)) {
        found.push({
          offset: start(node),
          message: `the tag ${node.tag} is not allowed`,
        });
      }
    },
  });
  return found.map((one) => ({
    rule: 'PB01',
    level: 'error',
    path: '',
    ...one,
  }));
}

const ambiguousText =
  /^(?:on|off|yes|no|[-+]?0\d+|0o[0-7]+|[-+]?\d+(?::[0-5]?\d)+|[-+]?\d+(?:\.\d*)?[eE][-+]?\d+|[-+]?\d[\d_]*_[\d_]*)$/i;
function ambiguous(node: yaml.Scalar): boolean {
  return node.source !== undefined && node.source.length < 40 && ambiguousText.test(node.source);
}

/** Where a path stands in the text: at its key, or at the nearest ancestor that exists. */
function offsetOf(document: yaml.Document.Parsed, path: PropertyKey[]): number {
  const keys = path.map((key) => (typeof key === 'number' ? key : String(key)));
  for (let length = keys.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(keys.slice(0, length - 1), true);
    const last = String(keys[length - 1]);
    const key = yaml.isMap(parent)
      ? parent.items.find((item) => yaml.isScalar(item.key) && String(item.key.value) === last)?.key
      : null;
    const node = (key ?? document.getIn(keys.slice(0, length), true)) as yaml.Node | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
