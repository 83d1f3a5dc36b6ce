/** The life of an exercise: when it may run, what ends it, what it needs to be closed, what the product saw by itself. Pure. */
import type { Inject, Scenario } from './scenarios/shape.ts';

export type ExerciseState = 'running' | 'ended' | 'aborted' | 'closed';

/** All texts that leave an exercise begin with these words. */
export const MARK = 'EXERCISE EXERCISE EXERCISE';

const MINUTE = 60_000;

/** When each inject is due, counted from the start. Those beyond the window are dropped: the exercise will be over. */
export function planInjects(
  scenario: Pick<Scenario, 'injects'>,
  startedAt: Date,
  endsBy: Date,
): { inject: Inject; plannedAt: Date }[] {
  return scenario.injects
    .map((inject) => ({ inject, plannedAt: new Date(startedAt.getTime() + inject.afterMinutes * MINUTE) }))
    .filter(({ plannedAt }) => plannedAt < endsBy)
    .sort((a, b) => a.plannedAt.getTime() - b.plannedAt.getTime());
}

/** Dedup key of a synthetic alert: unique to the exercise, so that it never folds into a real alert or an older drill. */
export const alertKey = (exerciseKey: string, injectKey: string) => `exercise:${exerciseKey}:${injectKey}`;

/** A real incident that ends every exercise: SEV1 or SEV2. Smaller ones leave the players in peace. */
export const realBeatsExercise = (incident: { exercise: boolean; severity: number }) =>
  !incident.exercise && incident.severity <= 2;

/** Why an exercise can not be closed yet; `null` = it can (M38). */
export function whyNotClosed(exercise: {
  state: ExerciseState;
  lessons: number;
  noneBecause: string | null | undefined;
}): { rule: string; title: string } | null {
  if (exercise.state === 'running')
    return { rule: 'drills.close.running', title: 'End the exercise before you close it' };
  if (exercise.state === 'closed') return { rule: 'drills.close.closed', title: 'This exercise is closed already' };
  if (exercise.lessons === 0 && !exercise.noneBecause?.trim()) {
    return {
      rule: 'drills.lessons',
      title: 'Note at least one lesson, or say why there is none',
    };
  }
  return null;
}

/** The instants the product itself knows of an exercise; `null` = has not happened. */
export interface Moments {
  paged: Date | null;
  acknowledged: Date | null;
  declared: Date | null;
  commander: Date | null;
  containmentStarted: Date | null;
  contained: Date | null;
  firstUpdate: Date | null;
  restored: Date | null;
}

const labels: Record<keyof Moments, string> = {
  paged: 'First page went out',
  acknowledged: 'Somebody acknowledged',
  declared: 'Incident declared',
  commander: 'Somebody took command',
  containmentStarted: 'First containment action started',
  contained: 'Contained',
  firstUpdate: 'First customer update written',
  restored: 'Restored',
};

/** What was observed, in the order of the path, in minutes after the start with one decimal. */
export function observed(moments: Moments, startedAt: Date) {
  return (Object.keys(labels) as (keyof Moments)[]).map((what) => {
    const at = moments[what];
    const minutes = at === null ? null : Math.round(((at.getTime() - startedAt.getTime()) / MINUTE) * 10) / 10;
    return { what, label: labels[what], at, minutes };
  });
}

/** What was still standing after the end and what was done about it. Not clean = somebody has to look. */
export interface SweepResult {
  clean: boolean;
  found: { what: string; done: string }[];
}
