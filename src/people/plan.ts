/** What an escalation policy says: steps, whom each calls, when it applies, how long it waits. Types and limits only. */
import type { Window } from './schedules/layer.ts';

/**
 * Whom a step calls. People: a `schedule` (whoever is on call; the rota of a role is a schedule too), a `user`, a `team`
 * (all its members), `team_on_call` (whoever is on call in the team's schedules), a `role` (whoever holds it in the page's
 * incident, else whoever is on its rota). Not people: a `webhook` (`whk_…`), a
 * `room` of a chat (`mattermost:on-call`); they are told, and never count as somebody called.
 */
export interface Target {
  kind: PeopleTarget | 'webhook' | 'room';
  id: string;
}
export type PeopleTarget = 'schedule' | 'user' | 'team' | 'team_on_call' | 'role';

export const leadsToPeople = (target: Target): target is Target & { kind: PeopleTarget } =>
  target.kind !== 'webhook' && target.kind !== 'room';

/** Hours on the wall of a place. `outside`: what a page does that comes at another time. */
export interface Hours {
  zone: string;
  windows: Window[];
  /** `skip`: on to the next step at once. `wait`: the page waits for the hours and then calls this step. */
  outside: 'skip' | 'wait';
}

/** When a step applies; what is left out does not matter. A page whose priority nobody knows meets every priority. */
export interface When {
  hours?: Hours | undefined;
  urgency?: 'high' | 'low' | undefined;
  /** 1 (highest) to 4. */
  priorities?: number[] | undefined;
}

export interface Step {
  /** Seconds to wait for an answer before the next step. */
  delaySeconds: number;
  targets: Target[];
  /** `round_robin`: one of its people, the one whose turn was longest ago. Left out: all of them. */
  call?: 'all' | 'round_robin' | undefined;
  when?: When | null | undefined;
}

/** The policy as frozen on the page when it starts. */
export interface Plan {
  policyId: string | null;
  /** Version of the policy used (domain M7d). */
  version: number | null;
  name: string;
  teamId: string | null;
  steps: Step[];
  /** How often the steps are gone through again after the first time. */
  repeat: number;
  /** The watchdog's own page: it goes to the sink, and to no human whatever happens. */
  sink?: true | undefined;
}

/** The target of the watchdog's pages. */
export const SINK_KEY = 'sink';

/** Two steps into the sink: the first at once, the second when the timer of the page fires. */
export const sinkPlan = (stepSeconds: number): Plan => ({
  policyId: null,
  version: null,
  name: 'the watchdog',
  teamId: null,
  steps: [1, 2].map(() => ({ delaySeconds: stepSeconds, targets: [{ kind: 'room', id: 'sink:watchdog' }] })),
  repeat: 0,
  sink: true,
});

/** What conditions ask about a page. */
export interface PageFacts {
  /** For steps that call a role. */
  incidentId?: string | null | undefined;
  /** The incident its subject became part of later. */
  roleIncidentId?: string | null | undefined;
  urgency: 'high' | 'low';
  /** 1 (highest) to 4; null: nobody knows. */
  priority: number | null;
}

export const MIN_DELAY_SECONDS = 30;
export const MAX_DELAY_SECONDS = 24 * 3600;
/** Wait after the team's leads, the emergency contact, or the holder of a page were called. */
export const LAST_RESORT_SECONDS = 300;

/** A delay a person typed, made safe: never under 30 s (a page must have time to be read), never over a day. */
export const clampDelay = (seconds: number) =>
  Math.min(MAX_DELAY_SECONDS, Math.max(MIN_DELAY_SECONDS, Math.round(seconds)));
