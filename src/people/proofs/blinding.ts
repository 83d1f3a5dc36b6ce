/**
 * Which changes can hide trouble, judged from the audit log's entry of the change. Pure. Everything that changes the world
 * leaves an entry, so no door to a change can be forgotten here.
 */
export interface AuditEntry {
  seq: number;
  action: string;
  subject: string | null;
  actorKind: string;
  actorName: string;
  before: unknown;
  after: unknown;
  reason: string | null;
  exercise: boolean;
  at: Date;
}
export interface Hiding {
  kind: 'silence' | 'policy' | 'schedule' | 'contact' | 'integration' | 'heartbeat' | 'service' | 'setting' | 'person';
  text: string;
  /** Whose leads are told, beside those who answer for the installation. */
  teamId: string | null;
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const words = (value: unknown) => (typeof value === 'string' ? value : '');
const teamOf = (value: Fields) => words(value.teamId ?? value.team_id) || null;

type Judge = (entry: {
  before: Fields;
  after: Fields;
  entry: AuditEntry;
}) => (Omit<Hiding, 'teamId'> & { teamId?: string | null }) | null;

const targets = (steps: unknown): number =>
  (Array.isArray(steps) ? steps : []).reduce(
    (sum: number, step) => sum + ((fields(step).targets as unknown[]) ?? []).length,
    0,
  );
const participants = (value: Fields): Set<string> => {
  const layers = Array.isArray(value.layers) ? value.layers : [];
  const all = [...layers.map((layer) => fields(layer).participants), value.participants];
  return new Set(all.flatMap((list) => (Array.isArray(list) ? list.map(String) : [])));
};

/** What is said of each command that can hide something; null: this time it hides nothing. */
const JUDGES: Record<string, Judge> = {
  'signals.createSilence': ({ after, entry }) => ({
    kind: 'silence',
    text: `Alerts are silenced until ${words(after.endsAt)}: ${matchers(after.matchers)}. Reason: ${entry.reason ?? 'none'}`,
  }),
  'signals.updateIntegration': ({ before, after }) =>
    before.enabled === true && after.enabled === false
      ? {
          kind: 'integration',
          text: `The integration “${words(after.name)}” was switched off: what it sends is refused`,
        }
      : null,
  'signals.removeIntegration': ({ before }) => ({
    kind: 'integration',
    text: `The integration “${words(before.name)}” was removed`,
  }),
  'signals.rotateKey': ({ after }) =>
    Number(after.overlapHours ?? 0) === 0
      ? {
          kind: 'integration',
          text: 'The key of an integration was changed at once: senders with the old key are refused',
        }
      : null,
  'signals.saveHeartbeat': ({ before, after }) =>
    before.enabled === true && after.enabled === false
      ? { kind: 'heartbeat', text: `The heartbeat “${words(after.name)}” is watched no more` }
      : null,
  'signals.removeHeartbeat': ({ before }) => ({
    kind: 'heartbeat',
    text: `The heartbeat “${words(before.name)}” was removed`,
  }),
  'people.updatePolicy': ({ before, after }) =>
    targets(after.steps) < targets(before.steps)
      ? {
          kind: 'policy',
          text: `The escalation policy ${words(after.name)} calls fewer: ${targets(before.steps)} targets became ${targets(after.steps)}`,
          teamId: teamOf(before),
        }
      : null,
  'people.deletePolicy': ({ before }) => ({
    kind: 'policy',
    text: `The escalation policy ${words(before.name)} was deleted`,
    teamId: teamOf(before),
  }),
  'people.updateSchedule': ({ before, after }) => {
    const [was, is] = [participants(before), participants(after)];
    const lost = [...was].filter((id) => !is.has(id)).length;
    if (lost === 0) return null;
    const text = is.size === 0 ? 'has nobody any more' : `lost ${lost} of ${was.size} people`;
    return {
      kind: 'schedule',
      text: `The schedule ${words(after.name) || words(before.name)} ${text}`,
      teamId: teamOf(before),
    };
  },
  'people.deleteSchedule': ({ before }) => ({
    kind: 'schedule',
    text: `The schedule ${words(before.name)} was deleted`,
    teamId: teamOf(before),
  }),
  'people.removeContactMethod': ({ before, entry }) => ({
    kind: 'contact',
    text: `${entry.actorName} removed a contact method (${words(before.kind)})`,
  }),
  'people.setContactRules': ({ before, after, entry }) =>
    before.highAfter !== null && after.highAfter === null
      ? { kind: 'contact', text: `${entry.actorName} gets urgent pages by one method less` }
      : null,
  'catalog.updateService': ({ before, after }) =>
    before.policyId && !after.policyId
      ? {
          kind: 'service',
          text: `The service ${words(before.name)} has no escalation policy any more`,
          teamId: teamOf(before),
        }
      : null,
  'catalog.removeService': ({ before }) => ({
    kind: 'service',
    text: `The service ${words(before.name)} was removed`,
    teamId: teamOf(before),
  }),
  'security.saveSetting': ({ entry }) =>
    /^(channels\.|people\.|signals\.)/.test(entry.subject ?? '')
      ? { kind: 'setting', text: `The setting ${entry.subject} was changed` }
      : null,
  'security.updateUser': ({ before, after }) =>
    before.active === true && after.active === false
      ? { kind: 'person', text: `${words(before.name)} was switched off` }
      : null,
};

const matchers = (list: unknown): string =>
  (Array.isArray(list) ? list : [])
    .map((one) => `${words(fields(one).name)} ${words(fields(one).value)}`.trim())
    .join(', ') || 'everything';

/** Later doors to the same thing: maintenance windows, mutes, suppressions. */
const LATER = /\.(create|start|add|save|open)\w*(Maintenance|Mute|Suppression|Silence|Pause)/i;

/** Whether a change can hide trouble, and how one says it. Drills and the product's own doing are none. */
export function judgeChange(entry: AuditEntry): Hiding | null {
  if (entry.exercise || entry.actorKind === 'system') return null;
  const judge = JUDGES[entry.action];
  const hiding = judge?.({ before: fields(entry.before), after: fields(entry.after), entry });
  if (hiding) return { teamId: null, ...hiding };
  if (!judge && LATER.test(entry.action))
    return {
      kind: 'silence',
      text: `Alerts are held back (${entry.action}). Reason: ${entry.reason ?? 'none'}`,
      teamId: null,
    };
  return null;
}

/** The commands that are looked at, for those who want to know what is not. */
export const judgedActions = () => Object.keys(JUDGES).sort();
