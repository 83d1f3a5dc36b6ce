/** What a line typed into the war room means: a note, or one of a few commands that begin with a slash. Pure. */

export type Line =
  | { kind: 'note'; text: string }
  | { kind: 'action'; text: string }
  | { kind: 'hypothesis'; text: string }
  | { kind: 'decision'; question: string; choice: string }
  | { kind: 'severity'; severity: 1 | 2 | 3 | 4; reason?: string }
  | { kind: 'role'; role: string }
  | { kind: 'task'; text: string }
  | { kind: 'unclear'; hint: string };

export interface SlashHelp {
  word: string;
  usage: string;
  help: string;
}

export const SLASH: SlashHelp[] = [
  { word: 'did', usage: '/did switched the flag off', help: 'Something you did by hand; starts the containment clock' },
  { word: 'hyp', usage: '/hyp the new build leaks memory', help: 'A hypothesis' },
  { word: 'decide', usage: '/decide Roll back? > yes', help: 'A decision, question and choice' },
  { word: 'task', usage: '/task call the carrier', help: 'A task' },
  { word: 'sev', usage: '/sev 1 all regions', help: 'Change the severity; lowering needs a reason' },
  { word: 'role', usage: '/role cl', help: 'Take a role: ic, deputy, ol, cl, tl, scribe, sec, sme' },
];

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

/** Reads a line. Anything that does not begin with a known slash word is a note, so that no text is ever lost. */
export function readLine(typed: string): Line {
  const text = typed.trim();
  const [, word = '', rest = ''] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  const said = rest.trim();
  const known = SLASH.find((one) => one.word === word);
  if (!known) return { kind: 'note', text };
  const unclear: Line = { kind: 'unclear', hint: known.usage };
  switch (word) {
    case 'did':
      return said ? { kind: 'action', text: said } : unclear;
    case 'hyp':
      return said ? { kind: 'hypothesis', text: said } : unclear;
    case 'task':
      return said ? { kind: 'task', text: said } : unclear;
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
      const role = ROLES[said.toLowerCase()];
      return role ? { kind: 'role', role } : unclear;
    }
  }
}

/** The commands whose word begins with what stands behind the slash; empty when no command is being typed. */
export function suggestions(typed: string): SlashHelp[] {
  const word = /^\/([a-z]*)$/.exec(typed)?.[1];
  return word === undefined ? [] : SLASH.filter((one) => one.word.startsWith(word));
}
