/** What a line typed into the war room means: a note, or one of a few commands that begin with a slash. Pure. */
import { readImpact, type SpokenImpact } from '#contract/incidents-impact';

export type Line =
  | { kind: 'note'; text: string }
  | { kind: 'action'; text: string }
  | { kind: 'restricted'; text: string; personId?: string }
  | { kind: 'hypothesis'; text: string }
  | { kind: 'decision'; question: string; choice: string }
  | { kind: 'severity'; severity: 1 | 2 | 3 | 4; reason?: string }
  | { kind: 'role'; role: string; userId?: string }
  | { kind: 'task'; text: string; personId?: string }
  | { kind: 'question'; text: string; ownerId?: string; minutes?: number }
  | ({ kind: 'impact' } & SpokenImpact)
  | { kind: 'update'; text: string }
  | { kind: 'unclear'; hint: string };

export interface SlashHelp {
  word: string;
  usage: string;
  help: string;
}

/** Who and what can be named in a line: the catalogue of roles, with those of the installation, and the people. */
export interface Known {
  roles: readonly { key: string; title: string }[];
  people: readonly { id: string; name: string }[];
}

export const SLASH: SlashHelp[] = [
  { word: 'did', usage: '/did switched the flag off', help: 'Something you did by hand; starts the containment clock' },
  {
    word: 'restricted',
    usage: '/restricted the leaked file is of a customer @lena',
    help: 'A note only command, security and who you name can read',
  },
  { word: 'hyp', usage: '/hyp the new build leaks memory', help: 'A hypothesis' },
  { word: 'decide', usage: '/decide Roll back? > yes', help: 'A decision, question and choice' },
  { word: 'question', usage: '/question Are refunds affected? @lena 20m', help: 'A question, its owner, its time' },
  { word: 'task', usage: '/task call the carrier @lena', help: 'A task, for somebody or for whoever takes it' },
  { word: 'impact', usage: '/impact 1200 customers 40%', help: 'How far it reaches now' },
  { word: 'update', usage: '/update We are sending traffic elsewhere', help: 'Write to customers, from this line' },
  { word: 'sev', usage: '/sev 1 all regions', help: 'Change the severity; lowering needs a reason' },
  {
    word: 'role',
    usage: '/role cl @lena',
    help: 'Take a role, or give it: ic, deputy, ol, cl, tl, scribe, sec, sme, or your own',
  },
];

const SHORT: Record<string, string> = {
  ic: 'incident_commander',
  deputy: 'deputy',
  ol: 'operations_lead',
  cl: 'communications_lead',
  tl: 'technical_liaison',
  sc: 'scribe',
  scribe: 'scribe',
  sec: 'security_officer',
  sme: 'subject_matter_expert',
};

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z0-9]+/g, '');

/** The role somebody means: its short form, its key, or its title, whole or begun, as long as only one fits. */
export function roleMeant(said: string, roles: Known['roles']): string | undefined {
  const word = plain(said);
  if (!word) return undefined;
  const short = SHORT[said.trim().toLowerCase()];
  if (short) return short;
  const exact = roles.find(({ key, title }) => plain(key) === word || plain(title) === word);
  if (exact) return exact.key;
  const begun = roles.filter(({ key, title }) => plain(key).startsWith(word) || plain(title).startsWith(word));
  return begun.length === 1 ? begun[0]!.key : undefined;
}

/** The person somebody means by `@lena`: the name without spaces, or the beginning of one of its words, if only one fits. */
export function personMeant(said: string, people: Known['people']): string | undefined {
  const word = plain(said.replace(/^@/, ''));
  if (!word) return undefined;
  const exact = people.filter(({ name }) => plain(name) === word);
  if (exact.length === 1) return exact[0]!.id;
  const begun = people.filter(({ name }) => name.split(/\s+/).some((part) => plain(part).startsWith(word)));
  return begun.length === 1 ? begun[0]!.id : undefined;
}

/** `… @lena 20m` → the text, the person, the minutes. A name that fits nobody, or several, stays unclear. */
function addressed(said: string, people: Known['people']): { text: string; who?: string; minutes?: number } | null {
  let text = said;
  let minutes: number | undefined;
  const time = /\s(\d{1,3})\s?(m|min|h)$/i.exec(text);
  if (time) {
    minutes = Number(time[1]) * (time[2]!.toLowerCase() === 'h' ? 60 : 1);
    text = text.slice(0, time.index);
  }
  const at = /(?:^|\s)@([\p{L}\p{N}._-]+)$/u.exec(text.trim());
  if (!at) return { text: said, ...(minutes && { text: text.trim(), minutes }) };
  const who = personMeant(at[1]!, people);
  if (!who) return null;
  return { text: text.trim().slice(0, at.index).trim(), who, ...(minutes && { minutes }) };
}

const usageOf = (word: string): string | undefined => SLASH.find((one) => one.word === word)?.usage;

/** Reads a line. Anything that does not begin with a known slash word is a note, so that no text is ever lost. */
export function readLine(typed: string, known: Known = { roles: [], people: [] }): Line {
  const text = typed.trim();
  const [, word = '', rest = ''] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  const said = rest.trim();
  const usage = usageOf(word);
  // A slip in the word must not lay open what was meant for a few.
  if (usage === undefined && /^\/rest/i.test(text)) return { kind: 'unclear', hint: usageOf('restricted') ?? '' };
  if (usage === undefined) return { kind: 'note', text };
  const unclear: Line = { kind: 'unclear', hint: usage };
  if (!said) return word === 'update' ? { kind: 'update', text: '' } : unclear;
  switch (word) {
    case 'did':
      return { kind: 'action', text: said };
    case 'hyp':
      return { kind: 'hypothesis', text: said };
    case 'update':
      return { kind: 'update', text: said };
    case 'impact': {
      const impact = readImpact(said);
      return impact ? { kind: 'impact', ...impact } : unclear;
    }
    case 'restricted': {
      const to = addressed(said, known.people);
      return to?.text ? { kind: 'restricted', text: to.text, ...(to.who && { personId: to.who }) } : unclear;
    }
    case 'task': {
      const to = addressed(said, known.people);
      return to?.text ? { kind: 'task', text: to.text, ...(to.who && { personId: to.who }) } : unclear;
    }
    case 'question': {
      const to = addressed(said, known.people);
      if (!to?.text) return unclear;
      return {
        kind: 'question',
        text: to.text,
        ...(to.who && { ownerId: to.who }),
        ...(to.minutes && { minutes: to.minutes }),
      };
    }
    case 'decide': {
      const at = said.indexOf('>');
      const [question, choice] = [said.slice(0, at).trim(), said.slice(at + 1).trim()];
      return at > 0 && question && choice ? { kind: 'decision', question, choice } : unclear;
    }
    case 'sev': {
      const found = /^(?:sev)?([1-4])(?:\s+([\s\S]+))?$/i.exec(said);
      if (!found) return unclear;
      const severity = Number(found[1]) as 1 | 2 | 3 | 4;
      return found[2] ? { kind: 'severity', severity, reason: found[2].trim() } : { kind: 'severity', severity };
    }
    default: {
      const to = addressed(said, known.people);
      const role = to && roleMeant(to.text, known.roles);
      return role ? { kind: 'role', role, ...(to.who && { userId: to.who }) } : unclear;
    }
  }
}

/** The commands whose word begins with what stands behind the slash; empty when no command is being typed. */
export function suggestions(typed: string): SlashHelp[] {
  const word = /^\/([a-z]*)$/.exec(typed)?.[1];
  return word === undefined ? [] : SLASH.filter((one) => one.word.startsWith(word));
}
