/** Policies in words: whom a step calls, when it applies, and what a page of this policy does in time. */
import type { Policy, PolicyStep, PolicyStepNow, StepCondition } from '#contract/people';
import { formatDuration } from '../../kit/index.ts';
import { sayWindow } from './say.ts';

const list = (words: string[]): string =>
  words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '');

/** `only urgent pages`, `only P1 and P2`, `Mon–Fri 09:00–17:00 (Europe/Berlin); a page waits for it`. */
export function sayCondition(when: StepCondition | null): string[] {
  if (!when) return [];
  const words: string[] = [];
  if (when.urgency) words.push(when.urgency === 'high' ? 'Only urgent pages' : 'Only pages of low urgency');
  if (when.priorities) words.push(`Only ${list(when.priorities.toSorted().map((n) => `P${n}`))}`);
  if (when.hours) {
    const { zone, windows, outside } = when.hours;
    const rest = outside === 'wait' ? 'a page waits for it' : 'passed over otherwise';
    words.push(`${list(windows.map(sayWindow))} (${zone}), ${rest}`);
  }
  return words;
}

/** A step nobody would be called by at this moment: a page does not wait for it. */
export const isPassed = (step: PolicyStep, { gate }: PolicyStepNow): boolean => {
  const tells = step.targets.every(({ kind }) => kind === 'webhook' || kind === 'room');
  return gate.state === 'closed' || (step.now.length === 0 && !tells);
};

/** When each step is called if nobody answers, as it is now: seconds after the start, null when it is passed over. */
export function stepTimes({ steps, stepsNow }: Policy): (number | null)[] {
  let at = 0;
  return steps.map((step, i) => {
    if (isPassed(step, stepsNow[i]!)) return null;
    const mine = at;
    at += step.delaySeconds;
    return mine;
  });
}

/** `at once`, `after 5 min`. */
export const sayAfter = (seconds: number): string => (seconds === 0 ? 'at once' : `after ${formatDuration(seconds)}`);

/** What a target is, when its name alone does not say it. */
export const sayKind: Partial<Record<Policy['steps'][number]['targets'][number]['kind'], string>> = {
  team: 'the whole team',
  team_on_call: 'on call in the team',
  role: 'incident role',
  webhook: 'webhook',
  room: 'chat room',
};
