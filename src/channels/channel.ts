/** The shape of every channel: a folder of its own that describes itself; `registry.ts` lists them. */
import { type Ctx, type Db, Problem } from '#kernel';
import { EXERCISE_PURPOSES, type Message, type Outcome, type Purpose } from './model.ts';

/** A message on its way, as an adapter sees it. */
export interface Envelope {
  /** The delivery's id: the same in every try, so that a receiver can recognise a repeat. */
  id: string;
  to: string;
  purpose: Purpose;
  exercise: boolean;
  message: Message;
  /** An urgent page to a confirmed address: no limit of cost holds it back. */
  essential: boolean;
  createdAt: Date;
  /** Which try this is, from 1. */
  attempts: number;
  /** What `Channel.lookUp` found for this recipient, when it was asked. */
  known?: unknown;
  /** Give up on this try after so many milliseconds, when that is sooner than the channel would. */
  patienceMs?: number;
  /** What `Channel.prepare` made of this envelope, when there was time for it. */
  ready?: unknown;
  /** Throws when this process was asleep for so long that another may be sending by now. Call it last before the bytes leave. */
  stillHeld?: () => void;
}

/** The rule of the problem that `stillHeld` throws: the try ends, and nothing more is sent by it. */
export const LEASE_LOST = 'channels.lease';

/** The field under which a person enters where they are reached. Says everything the console needs to draw it. */
export interface ContactField {
  /** `Phone number`. */
  label: string;
  placeholder: string;
  help: string;
  /** `browser`: not typed; the browser gives it out when it is asked. */
  type: 'email' | 'url' | 'tel' | 'text' | 'browser';
  /** The recipient as it is stored: a number without spaces. Throws 422 like `checkRecipient`. */
  clean?: (typed: string) => string;
  /** Minutes after which a page uses it unless the person says otherwise; null never. */
  after: { high: number | null; low: number | null };
  /** For recipients that are more than a text: makes what messages go to. Throws 422 and 409. `secret` is shown once. */
  register?: (ctx: Ctx, typed: string, owner: string) => Promise<{ id: string; shown: string; secret?: string }>;
  /** Ends what `register` made. */
  unregister?: (ctx: Ctx, id: string) => Promise<void>;
  /** At most so many messages to one person in a quarter of an hour (promise P11). */
  mostPerQuarterHour?: number;
}

export interface Channel {
  name: string;
  label: string;
  /** What it may carry. */
  purposes: Purpose[];
  /**
   * Set when somebody says later whether a message arrived: milliseconds after which one without a receipt counts as
   * unconfirmed.
   */
  receiptWithinMs?: number;
  /** Of the product itself: nobody chooses it, and no list shows it. */
  internal?: boolean;
  /** How a person adds it to their contact methods; absent, it is none. */
  contact?: ContactField;
  /** Why it cannot send at all just now, in words, or null when it can. */
  whyNotReady(ctx: Ctx): Promise<string | null>;
  /** Checks a recipient before anything is stored. Throws 422. */
  checkRecipient(to: string): void;
  /** Why nothing goes to this recipient although it can be one: a country that is not allowed. In words, or null. */
  whyNotTo?: (ctx: Ctx, to: string) => Promise<string | null>;
  /** Reads what `send` needs to know of recipients, for many at once and before it is their turn. */
  lookUp?(db: Db, recipients: string[]): Promise<Map<string, unknown>>;
  /** The parts of a message that `send` uses; the others are not stored. Absent: all. */
  keeps?(message: Message): Message;
  /** Makes of a message what `send` will need, while its commit is under way. Nothing leaves the house here. */
  prepare?(ctx: Ctx, envelope: Envelope): unknown;
  /** One try. Says what came of it; a thrown error counts as a failure that may be tried again. */
  send(ctx: Ctx, envelope: Envelope): Promise<Outcome>;
}

/** The adapter's own lock against drills that reach outside. First line of every `send`. */
export function refuseExercise(envelope: Envelope): void {
  if (envelope.exercise && !EXERCISE_PURPOSES.includes(envelope.purpose)) {
    throw new Problem(409, `An exercise may not send “${envelope.purpose}” messages`, { rule: 'channels.exercise' });
  }
}
