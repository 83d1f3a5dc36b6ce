/** What comes first on the home screen, and the one sentence that says how things stand. Pure. */
export type NeedKind =
  | 'page'
  | 'incident'
  | 'update'
  | 'approval'
  | 'handover'
  | 'role'
  | 'task'
  | 'exercise'
  | 'review'
  | 'action'
  | 'bench'
  | 'supplier'
  | 'setup';

/** One thing that waits for one person. Instants are ISO 8601 in UTC. */
export interface Need {
  id: string;
  kind: NeedKind;
  title: string;
  reason: string;
  step: string;
  to: string;
  since: string | null;
  due: string | null;
  urgency: 'now' | 'soon' | 'later';
  exercise: boolean;
  pageId: string | null;
}

export interface SetupStep {
  step: string;
  title: string;
  why: string;
  to: string;
  state: 'open' | 'done' | 'skipped';
}

const kinds: NeedKind[] = [
  'page',
  'incident',
  'update',
  'approval',
  'handover',
  'role',
  'task',
  'exercise',
  'review',
  'action',
  'bench',
  'supplier',
  'setup',
];
const urgencies: Need['urgency'][] = ['now', 'soon', 'later'];

/** `now` before `soon` before `later`; a drill after the real thing; then by kind; then what has waited longest. */
export function inOrder(needs: readonly Need[]): Need[] {
  const rank = (need: Need) => [
    urgencies.indexOf(need.urgency),
    need.exercise ? 1 : 0,
    kinds.indexOf(need.kind),
    need.due ? Date.parse(need.due) : Number.MAX_SAFE_INTEGER,
    need.since ? Date.parse(need.since) : Number.MAX_SAFE_INTEGER,
  ];
  return [...needs].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, i) => value !== right[i]);
    return at < 0 ? a.id.localeCompare(b.id) : left[at]! - right[at]!;
  });
}

/** Something due is `now` when late, `soon` within the day before, else `later`. */
export function urgencyOf(due: Date | null, now: Date): Need['urgency'] {
  if (!due) return 'later';
  if (due <= now) return 'now';
  return due.getTime() - now.getTime() <= 86_400_000 ? 'soon' : 'later';
}

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

export interface Standing {
  services: number;
  openGroups: number;
  activeIncidents: number;
  onCallUntil: string | null;
  onCall: boolean;
}

/** How many things need the person; when none does, how much of the set-up is left; when nothing is, calm. */
export function headline(needs: number, openSteps: number): string {
  if (needs > 0) return needs === 1 ? 'One thing needs you' : `${needs} things need you`;
  if (openSteps > 0) return openSteps === 1 ? 'One step left to set up' : `${openSteps} steps left to set up`;
  return 'Nothing needs you';
}

/** "3 services, all quiet. You are on call until Mon 09:00." Every part of it is counted, not assumed. */
export function standing(house: Standing): string {
  const parts: string[] = [];
  if (house.services === 0) parts.push('No service is watched yet.');
  else if (house.activeIncidents > 0) parts.push(`${count(house.activeIncidents, 'incident')} under way.`);
  else if (house.openGroups > 0) parts.push(`${count(house.openGroups, 'alert')} open, no incident.`);
  else parts.push(`${count(house.services, 'service')}, all quiet.`);
  if (house.onCall)
    parts.push(
      house.onCallUntil
        ? `You are on call until ${house.onCallUntil}.`
        : 'You are on call for the next two weeks and longer.',
    );
  return parts.join(' ');
}

/** What an installation needs before a page can reach anybody and a customer can read anything. */
export interface Installed {
  services: number;
  onCallPeople: number;
  integrations: number;
  mailConfigured: boolean;
  components: number;
  playbooks: number;
}

const steps: { step: string; title: string; why: string; to: string; done: (installed: Installed) => boolean }[] = [
  {
    step: 'service',
    title: 'Add a service',
    why: 'Alerts and incidents belong to a service, and its team answers for it.',
    to: '/services',
    done: (installed) => installed.services > 0,
  },
  {
    step: 'oncall',
    title: 'Put somebody on call',
    why: 'Without a rotation and a policy, a page has nobody to reach.',
    to: '/on-call',
    done: (installed) => installed.onCallPeople > 0,
  },
  {
    step: 'mail',
    title: 'Connect a mail server',
    why: 'Pages, invitations and customer updates go out by e-mail.',
    to: '/settings/installation',
    done: (installed) => installed.mailConfigured,
  },
  {
    step: 'integration',
    title: 'Connect your monitoring',
    why: 'Point Alertmanager or a PagerDuty client here: two lines of configuration.',
    to: '/settings/integrations',
    done: (installed) => installed.integrations > 0,
  },
  {
    step: 'status',
    title: 'Name what customers see',
    why: 'The status page is empty until it has a component.',
    to: '/status-page',
    done: (installed) => installed.components > 0,
  },
  {
    step: 'playbook',
    title: 'Write a first playbook',
    why: 'What to do first, decided while it is quiet.',
    to: '/playbooks',
    done: (installed) => installed.playbooks > 0,
  },
];

export const stepNames = steps.map(({ step }) => step);

/** The set-up as it stands. `null` when nothing is open: then nobody needs to see it. */
export function setupSteps(installed: Installed, skipped: ReadonlySet<string>): SetupStep[] | null {
  const list = steps.map(({ step, title, why, to, done }): SetupStep => {
    const state = done(installed) ? 'done' : skipped.has(step) ? 'skipped' : 'open';
    return { step, title, why, to, state };
  });
  return list.some((step) => step.state === 'open') ? list : null;
}
