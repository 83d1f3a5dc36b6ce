/** The shape of every channel: a folder of its own that describes itself; `registry.ts` lists them. */
import { type Ctx, Problem } from '#kernel';
import { EXERCISE_PURPOSES, type Message, type Outcome, type Purpose } from './model.ts';

/** A message on its way, as an adapter sees it. */
export interface Envelope {
  /** The delivery's id: the same in every try, so that a receiver can recognise a repeat. */
  id: string;
  to: string;
  purpose: Purpose;
  exercise: boolean;
  message: Message;
  createdAt: Date;
  /** Throws when this process was asleep for so long that another may be sending by now. Call it last before the bytes leave. */
  stillHeld?: () => void;
}

export interface Channel {
  name: string;
  label: string;
  /** What it may carry. */
  purposes: Purpose[];
  /** Why it cannot send at all just now, in words, or null when it can. */
  whyNotReady(ctx: Ctx): Promise<string | null>;
  /** Checks a recipient before anything is stored. Throws 422. */
  checkRecipient(to: string): void;
  /** One try. Says what came of it; a thrown error counts as a failure that may be tried again. */
  send(ctx: Ctx, envelope: Envelope): Promise<Outcome>;
}

/** The adapter's own lock against drills that reach outside. First line of every `send`. */
export function refuseExercise(envelope: Envelope): void {
  if (envelope.exercise && !EXERCISE_PURPOSES.includes(envelope.purpose)) {
    throw new Problem(409, `An exercise may not send “${envelope.purpose}” messages`, { rule: 'channels.exercise' });
  }
}
