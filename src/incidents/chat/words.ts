/**
 * What a command typed in a chat means: the same words as in the war room's composer, with or without `/incident` before them.
 * Pure.
 */
import { readImpact, type SpokenImpact } from '#contract/incidents-impact';

export type Spoken =
  | { kind: 'declare'; title: string; severity?: 1 | 2 | 3 | 4 }
  | { kind: 'status' }
  | { kind: 'help' }
  | { kind: 'note'; text: string }
  | { kind: 'action'; text: string }
  | { kind: 'hypothesis'; text: string }
  | { kind: 'task'; text: string }
  | { kind: 'question'; text: string }
  | ({ kind: 'impact' } & SpokenImpact)
  | { kind: 'decision'; question: string; choice: string }
  | { kind: 'severity'; severity: 1 | 2 | 3 | 4; reason?: string }
  /** `chatId`: the member it is given to; absent: whoever says it. */
  | { kind: 'role'; role: string; chatId?: string }
  /** A draft for customers; comms hears it. */
  | { kind: 'update'; text: string }
  | { kind: 'unclear'; usage: string };

/** Every word with how it is used. */
export const WORDS: Record<string, { usage: string; help: string }> = {
  declare: {
    usage: '/incident declare sev2 Checkout is down',
    help: 'Declare an incident; the severity may be left out',
  },
  status: { usage: '/incident status', help: 'How things stand' },
  note: { usage: '/note the provider confirmed', help: 'A note into the record' },
  did: { usage: '/did switched the flag off', help: 'Something you did by hand; starts the containment clock' },
  hyp: { usage: '/hyp the new build leaks memory', help: 'A hypothesis' },
  decide: { usage: '/decide Roll back? > yes', help: 'A decision, question and choice' },
  task: { usage: '/task call the carrier', help: 'A task' },
  question: { usage: '/question Are refunds affected?', help: 'A question that somebody has to answer' },
  impact: { usage: '/impact 1200 customers 40%', help: 'How far it reaches now' },
  sev: { usage: '/sev 1 all regions', help: 'Change the severity; lowering needs a reason' },
  role: { usage: '/role cl @lena', help: 'Give or take a role: ic, deputy, ol, cl, tl, scribe, sec, sme' },
  update: {
    usage: '/update Payments fail for some customers',
    help: 'Start a draft for customers; a person publishes it',
  },
  help: { usage: '/incident help', help: 'These words' },
};

const ROLES: Record<string, string> = {
  ic: 'incident_commander',
  deputy: 'deputy',
  ol: 'operations_lead',
  cl: 'communications_lead',
  tl: 'technical_liaison',
  scribe: 'scribe',
  sec: 'security_officer',
  sme: 'subject_matter_expert',
};

/** Slack escapes three characters on the way in. */
const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim();

const severityOf = (text: string) => {
  const found = /^(?:sev)?([1-4])(?:\s+([\s\S]+))?$/i.exec(text);
  return found && { severity: Number(found[1]) as 1 | 2 | 3 | 4, rest: found[2]?.trim() };
};

/** Reads `/sev` with `1 all regions`, or `/incident` with `sev 1 all regions`. */
export function readSpoken(command: string, typed: string): Spoken {
  let word = command.replace(/^\//, '').toLowerCase();
  let said = unescape(typed);
  if (word === 'incident' || word === 'inc') {
    const [, first = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(said) ?? [];
    word = first.replace(/^\//, '').toLowerCase() || 'help';
    said = rest.trim();
  }
  const known = WORDS[word];
  if (!known || word === 'help') return { kind: 'help' };
  if (word === 'status') return { kind: 'status' };
  return said === '' ? { kind: 'unclear', usage: known.usage } : withText(word, said, known.usage);
}

function withText(word: string, said: string, usage: string): Spoken {
  const unclear: Spoken = { kind: 'unclear', usage };
  switch (word) {
    case 'declare': {
      const found = /^sev([1-4])\s+([\s\S]+)$/i.exec(said);
      if (!found) return /^sev[1-4]?$/i.test(said) ? unclear : { kind: 'declare', title: said };
      return { kind: 'declare', title: (found[2] as string).trim(), severity: Number(found[1]) as 1 | 2 | 3 | 4 };
    }
    case 'note':
      return { kind: 'note', text: said };
    case 'did':
      return { kind: 'action', text: said };
    case 'hyp':
      return { kind: 'hypothesis', text: said };
    case 'task':
      return { kind: 'task', text: said };
    case 'update':
      return { kind: 'update', text: said };
    case 'question':
      return { kind: 'question', text: said };
    case 'impact': {
      const impact = readImpact(said);
      return impact ? { kind: 'impact', ...impact } : unclear;
    }
    case 'decide': {
      const at = said.indexOf('>');
      const [question, choice] = [said.slice(0, at).trim(), said.slice(at + 1).trim()];
      return at > 0 && question && choice ? { kind: 'decision', question, choice } : unclear;
    }
    case 'sev': {
      const found = severityOf(said);
      if (!found) return unclear;
      return { kind: 'severity', severity: found.severity, ...(found.rest ? { reason: found.rest } : {}) };
    }
    default: {
      const [name = '', who = ''] = said.split(/\s+/);
      const role = ROLES[name.toLowerCase()];
      const chatId = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(who)?.[1];
      if (!role || (who && !chatId)) return unclear;
      return { kind: 'role', role, ...(chatId ? { chatId } : {}) };
    }
  }
}

/** The words as a list for a person. */
export const helpText = (): string =>
  Object.values(WORDS)
    .map(({ usage, help }) => `\`${usage.replaceAll('>', '&gt;')}\` ${help}`)
    .join('\n');
