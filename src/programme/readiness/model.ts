/** Whether a service is ready: marks from evidence only. No evidence is no mark; what is old is half of one. Pure. */
import type { MarkId, ReadinessMark, ServiceReadiness } from '#contract/programme-readiness';

export interface ServiceFacts {
  id: string;
  slug: string;
  name: string;
  tier: number;
  team: string | null;
  policy: string | null;
  /** Approved playbooks that name it. */
  playbooks: { id: string; title: string; approvedAt: Date; reviewBy: string | null }[];
  /** What looks at it: monitors, watched metrics, heartbeats. */
  eyes: { all: number; blind: number };
  slos: number;
  /** Of observe, isolate, recover: those that nothing is registered for. */
  lacks: string[];
  /** Schedules that its policy calls, with what is not covered in the next 14 days; null without a policy. */
  cover: {
    schedules: number;
    people: number;
    gaps: { schedule: string; id: string; from: Date; zone: string }[];
  } | null;
  /** Whoever is called first and next, with their last answered test. */
  called: { name: string; testedAt: Date | null }[];
  /** The last exercise on it that went to its end. */
  drilledAt: Date | null;
}

export interface Policy {
  drillDays: number;
  playbookDays: number;
  testDays: number;
}

const DAY = 86_400_000;
type Found = Pick<ReadinessMark, 'state' | 'says' | 'step'>;

const fine = (says: string): Found => ({ state: 'ok', says, step: null });
const gap = (state: 'weak' | 'missing', says: string, label: string, to: string): Found => ({
  state,
  says,
  step: { label, to },
});
const ago = (at: Date, now: Date): string => {
  const days = Math.floor((now.getTime() - at.getTime()) / DAY);
  return days <= 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
};
const aged = (at: Date, now: Date, days: number): ReadinessMark['state'] => {
  const age = (now.getTime() - at.getTime()) / DAY;
  return age <= days ? 'ok' : age <= 2 * days ? 'weak' : 'missing';
};

function playbook(one: ServiceFacts, now: Date, policy: Policy): Found {
  const newest = one.playbooks.toSorted((a, b) => b.approvedAt.getTime() - a.approvedAt.getTime())[0];
  if (!newest) return gap('missing', 'No approved playbook names it', 'Write a playbook', '/playbooks/new');
  const to = `/playbooks/${newest.id}`;
  if (newest.reviewBy && newest.reviewBy < now.toISOString().slice(0, 10))
    return gap('weak', `“${newest.title}” was to be reviewed by ${newest.reviewBy}`, 'Review it', to);
  const state = aged(newest.approvedAt, now, policy.playbookDays);
  const says = `“${newest.title}”, approved ${ago(newest.approvedAt, now)}`;
  return state === 'ok' ? fine(says) : gap(state, says, 'Review it', to);
}

function cover({ cover: found }: ServiceFacts): Found {
  if (!found) return gap('missing', 'No policy says who is called', 'Choose a policy', '/escalation');
  const [first] = found.gaps;
  if (first)
    return gap(
      'missing',
      `${first.schedule}: nobody on call from ${first.from.toLocaleString('en-GB', { timeZone: first.zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })} (${first.zone})`,
      'Fill the shift',
      `/on-call/${first.id}`,
    );
  if (found.schedules === 0 && found.people === 0)
    return gap('missing', 'The policy calls nobody', 'Change the policy', '/escalation');
  if (found.schedules === 0)
    return gap('weak', 'People are named one by one, without a rota', 'Make a rota', '/on-call/new');
  return fine('Covered for the next 14 days');
}

function tested({ called }: ServiceFacts, now: Date, policy: Policy): Found {
  if (called.length === 0) return gap('missing', 'Nobody would be called now', 'Look at who is on call', '/on-call');
  const late = called.filter(({ testedAt }) => !testedAt || aged(testedAt, now, policy.testDays) !== 'ok');
  if (late.length === 0) return fine(`${called.map(({ name }) => name).join(' and ')} answered a test page lately`);
  const never = late.filter(({ testedAt }) => !testedAt);
  return gap(
    never.length === called.length ? 'missing' : 'weak',
    `${late.map(({ name }) => name).join(', ')}: ${never.length === late.length ? 'never answered a test page' : 'no test page answered lately'}`,
    'Test the page',
    '/reachability',
  );
}

function drill(one: ServiceFacts, now: Date, policy: Policy): Found {
  const to = `/drills?start=1&service=${one.id}`;
  if (!one.drilledAt) return gap('missing', 'Never drilled', 'Start a drill', to);
  const state = aged(one.drilledAt, now, policy.drillDays);
  const says = `Last drilled ${ago(one.drilledAt, now)}`;
  return state === 'ok' ? fine(says) : gap(state, says, 'Start a drill', to);
}

function monitors({ eyes, id }: ServiceFacts): Found {
  if (eyes.all === 0) return gap('missing', 'Nothing of ours looks at it', 'Watch it', '/monitors/new');
  if (eyes.blind === eyes.all)
    return gap('weak', 'What looks at it cannot see just now', 'Look', `/monitors?service=${id}`);
  return fine(eyes.all === 1 ? 'One monitor looks at it' : `${eyes.all} monitors look at it`);
}

/** Which marks are asked of a tier: what customers notice first has to have all of them. */
const ASKED: Record<number, MarkId[]> = {
  1: ['owner', 'policy', 'playbook', 'monitors', 'slo', 'abilities', 'cover', 'tested', 'drill'],
  2: ['owner', 'policy', 'playbook', 'monitors', 'cover', 'tested'],
  3: ['owner', 'policy', 'monitors', 'cover'],
};

const LABELS: Record<MarkId, { label: string; pillar: ReadinessMark['pillar'] }> = {
  owner: { label: 'Owner', pillar: 'plan' },
  policy: { label: 'Escalation', pillar: 'plan' },
  playbook: { label: 'Playbook', pillar: 'plan' },
  monitors: { label: 'Monitors', pillar: 'plan' },
  slo: { label: 'Objective', pillar: 'plan' },
  abilities: { label: 'Abilities', pillar: 'plan' },
  cover: { label: 'On call', pillar: 'people' },
  tested: { label: 'Tested page', pillar: 'people' },
  drill: { label: 'Drill', pillar: 'practice' },
};

/** The strip of one service. */
export function readinessOf(one: ServiceFacts, now: Date, policy: Policy): ServiceReadiness {
  const edit = `/services/${one.slug}/edit`;
  const looks: Record<MarkId, () => Found> = {
    owner: () => (one.team ? fine(`Owned by ${one.team}`) : gap('missing', 'Nobody owns it', 'Name a team', edit)),
    policy: () => (one.policy ? fine(one.policy) : gap('missing', 'No escalation policy', 'Choose a policy', edit)),
    playbook: () => playbook(one, now, policy),
    monitors: () => monitors(one),
    slo: () =>
      one.slos > 0
        ? fine(one.slos === 1 ? 'One objective' : `${one.slos} objectives`)
        : gap('missing', 'Nothing is promised', 'Set an objective', '/monitors/slos'),
    abilities: () =>
      one.lacks.length === 0
        ? fine('Can be observed, isolated and recovered')
        : gap(
            one.lacks.length === 3 ? 'missing' : 'weak',
            `Nothing is registered to ${one.lacks.join(', ')}`,
            'Register it',
            `/services/${one.slug}`,
          ),
    cover: () => cover(one),
    tested: () => tested(one, now, policy),
    drill: () => drill(one, now, policy),
  };
  const marks = (ASKED[one.tier] ?? ASKED[3]!).map((id) => ({ id, ...LABELS[id], ...looks[id]() }));
  const { id, slug, name, tier } = one;
  return {
    service: { id, slug, name, tier },
    ok: marks.filter(({ state }) => state === 'ok').length,
    of: marks.length,
    marks,
  };
}
