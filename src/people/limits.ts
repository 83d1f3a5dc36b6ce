/** How many messages a person gets on a channel that rings or costs (promise P11), decided without touching anything. */
import { addMs } from '#kernel';

export const WINDOW_MS = 15 * 60_000;

export interface Load {
  /** At most so many in a quarter of an hour. */
  most: number;
  /** When the last ones left, within the window. */
  sent: Date[];
  /** Nothing about this service has gone to the person on this channel within the window. */
  firstOfService: boolean;
  /** The same page goes to the person at this moment by a channel without a limit. */
  otherWay: boolean;
}

export type Verdict = { go: true; over: boolean } | { go: false; until: Date };

/**
 * One third of the allowance is kept for the first page of a service, so that the storm of one does not bury its
 * neighbours. A first page that is the person's only message about it leaves even over the limit.
 */
export function mayLeave({ most, sent, firstOfService, otherWay }: Load, now: Date): Verdict {
  const recent = sent.filter((at) => at > addMs(now, -WINDOW_MS)).sort((a, b) => a.getTime() - b.getTime());
  const allowed = firstOfService ? most : most - Math.floor(most / 3);
  if (recent.length < allowed) return { go: true, over: false };
  if (firstOfService && !otherWay) return { go: true, over: true };
  const freeing = recent[recent.length - allowed] ?? now;
  return { go: false, until: addMs(freeing, WINDOW_MS) };
}
