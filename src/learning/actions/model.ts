/** What an improvement may become, and what it needs before anybody can rely on it. Pure. */
export type ActionState = 'proposed' | 'confirmed' | 'in_progress' | 'done' | 'rejected' | 'superseded';
export type ActionType = 'code' | 'process' | 'training' | 'tooling' | 'docs' | 'supplier' | 'capacity';

export const actionTypes: Record<ActionType, string> = {
  code: 'Code',
  process: 'Process',
  training: 'Training',
  tooling: 'Tooling',
  docs: 'Documentation',
  supplier: 'Supplier',
  capacity: 'Capacity',
};

/** Prefer the strongest that is feasible: a reminder wears off, a removed hazard does not. */
export const strengths: Record<number, string> = {
  5: 'Removes the hazard',
  4: 'Safe by design, or an automatic guard',
  3: 'Detects and limits',
  2: 'Procedure or checklist',
  1: 'Training or reminder',
};

const next: Record<ActionState, readonly ActionState[]> = {
  proposed: ['confirmed', 'rejected', 'superseded'],
  confirmed: ['in_progress', 'done', 'rejected', 'superseded'],
  in_progress: ['done', 'rejected', 'superseded'],
  done: [],
  rejected: [],
  superseded: [],
};

/** Whether the step exists at all. */
export const mayBecome = (from: ActionState, to: ActionState) => next[from].includes(to);
/** Somebody still has to decide. */
export const isUndecided = (state: ActionState) => state === 'proposed';
/** Somebody still has to work. */
export const isOpen = (state: ActionState) => state === 'confirmed' || state === 'in_progress';
export const isSettled = (state: ActionState) => !isUndecided(state) && !isOpen(state);

export interface Commitment {
  ownerId: string | null;
  dueOn: string | null;
  type: ActionType | null;
}

/** What is missing before an action can be confirmed: exactly one owner, a day, a type (invariant 20). */
export function missingForConfirmation(promise: Commitment): { path: string; message: string }[] {
  const missing: { path: string; message: string }[] = [];
  if (!promise.ownerId) missing.push({ path: 'ownerId', message: 'name the one person who is accountable' });
  if (!promise.dueOn) missing.push({ path: 'dueOn', message: 'set the day by which it is done' });
  if (!promise.type) missing.push({ path: 'type', message: `choose a type: ${Object.keys(actionTypes).join(', ')}` });
  return missing;
}

/** Late = still open after the end of its day. */
export const isOverdue = (action: { state: ActionState; dueAt: Date | null }, now: Date) =>
  isOpen(action.state) && action.dueAt !== null && action.dueAt.getTime() <= now.getTime();

/**
 * Whether the loop of a review has ended: finished, and nothing left to decide or to do.
 * Without a confirmed action it ends with the review itself, which is a result too.
 */
export function loopHasEnded(reviewFinished: boolean, states: readonly ActionState[]): boolean {
  return reviewFinished && states.every(isSettled);
}
