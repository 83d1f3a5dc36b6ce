/** What the subject of an alert mail says: which alert, how bad, and whether it is over. Pure. */
import { type Severity, severityOf } from '../../model.ts';

export interface SubjectWords {
  action: 'trigger' | 'resolve';
  /** Undefined when the subject does not say. */
  severity: Severity | undefined;
  /** The subject without those words. */
  title: string;
  /** The same for “[CRITICAL] Disk full” and “Re: RESOLVED: disk  full”. */
  normal: string;
}

const OVER = new Set(['resolved', 'recovered', 'recovery', 'ok', 'cleared', 'closed', 'up']);
const ON = new Set(['firing', 'problem', 'alert', 'alerting', 'triggered', 'open', 'down']);
const REPLY = /^\s*(?:re|aw|sv|antw|fwd?|wg)\s*(?:\[\d+\])?\s*:\s*/i;
/** `RESOLVED: …`, `Recovered …`; the short words only with a colon, because sentences begin with them. */
const OVER_FIRST = /^(?:(?:resolved|recovered)\b\s*[:\-–]?|(?:ok|recovery|cleared)\s*:)\s*/i;
const ON_FIRST = /^(?:problem|firing|alert|critical|error|warning|info)\s*:\s*/i;
/** Nagios, Icinga and their kin: `** PROBLEM Service Alert: db/disk is CRITICAL **`. */
const NAGIOS = /^\*\* *(problem|recovery|acknowledgement|flapping\w*|downtime\w*) +(.+?) +is +(\w+) *\*\*$/i;

/** Reads a subject. Everything that is not understood stays in the title. */
export function readSubject(subject: string): SubjectWords {
  let rest = subject.replace(/\s+/g, ' ').trim().slice(0, 2000);
  for (let n = 0; n < 10 && REPLY.test(rest); n++) rest = rest.replace(REPLY, '');
  const nagios = NAGIOS.exec(rest);
  if (nagios) return ofNagios(nagios[1] ?? '', nagios[2] ?? '', nagios[3] ?? '');
  let action: SubjectWords['action'] = 'trigger';
  let severity: Severity | undefined;
  rest = rest.replace(/\[([^[\]]{1,40})\]/g, (whole, inside: string) => {
    const word = (inside.split(':')[0] ?? '').trim().toLowerCase();
    const meant = severityOf(word) ?? undefined;
    if (OVER.has(word)) action = 'resolve';
    else if (meant) severity ??= meant;
    else if (!ON.has(word)) return whole;
    return ' ';
  });
  rest = rest.replace(/\s+/g, ' ').trim();
  if (OVER_FIRST.test(rest)) {
    action = 'resolve';
    rest = rest.replace(OVER_FIRST, '');
  }
  const first = ON_FIRST.exec(rest);
  if (first) {
    severity ??= severityOf(first[0].replace(/[\s:]+$/, '')) ?? undefined;
    rest = rest.slice(first[0].length);
  }
  return words(action, severity, rest);
}

function ofNagios(kind: string, what: string, state: string): SubjectWords {
  const over = kind.toLowerCase() === 'recovery';
  const severity = /^down|unreachable$/i.test(state) ? 'critical' : (severityOf(state) ?? undefined);
  return words(over ? 'resolve' : 'trigger', over ? undefined : severity, what);
}

const words = (action: SubjectWords['action'], severity: Severity | undefined, rest: string): SubjectWords => ({
  action,
  severity,
  title: rest.trim(),
  normal: rest.trim().toLowerCase().normalize('NFC'),
});
