/** The one shape of every source family: a folder that describes itself. Adding a family adds a folder and one line in families.ts. */
import type { ChangeKind } from '#catalog';
import type { AnyRoute, Ctx, JobDefinition } from '#kernel';
import type { Integration } from '../integrations/store.ts';
import type { NormalEvent } from '../model.ts';
import type { JsonValue } from './json.ts';

/** What a door knows of a post before it knows who sent it. */
export interface Post {
  params: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  /** Exactly as received: signatures are checked on these. */
  bytes: Buffer;
  /** The body as read, or undefined when it is not JSON. */
  body: JsonValue | undefined;
  /** The body as text, or '' when it is not text. */
  text: string;
}

/** Where a post came in, kept with it (without its key), so that it can be read again later. */
export interface Wire {
  /** `Door.name`, or its path. */
  door: string;
  params: Record<string, string>;
  query: Record<string, string>;
  /** Headers that the family reads (`Family.headers`). */
  headers: Record<string, string>;
  /** Of families that answer before they act, for the question what became of it. */
  requestId?: string;
}

/** A change as a source reports it; goes to the catalogue and never pages. */
export interface NormalChange {
  kind: ChangeKind;
  summary: string;
  source: string;
  service: string | null;
  url: string | null;
  at: Date | null;
}

/** What a family made of a body: events and changes, or what is wrong with it, in words for the sender. */
export type Reading =
  | {
      ok: true;
      events: NormalEvent[];
      changes: NormalChange[];
      key?: string;
      /** Said on alerts at their source. */
      notes?: { key: string; fingerprint?: string; text: string; author: string }[];
      /** Not about an alert: a confirmation, a heartbeat. Done by `Family.act`. */
      act?: JsonValue;
    }
  | { ok: false; errors: string[]; status?: 400 | 401 | 415 | 422 };

export interface ReadContext {
  now: Date;
  /** For a trigger without a dedup key; the same for the same signal, whenever it is read. */
  newKey: string;
  /** Bytes or escapes were replaced on the way in. */
  sanitized: boolean;
  wire: Wire;
  /** What the owner of the integration has set (`Family.options`). */
  options: Record<string, string>;
}

/** A post that is not JSON, as JSON. */
export interface Translated {
  /** Stored and read in place of what came. */
  bytes: Buffer;
  /** Kept with it (`Wire.params`). */
  params?: Record<string, string>;
  /** As `Family.messageId`. */
  messageId?: string;
}

/** Whether a post is really from whom its key says. `messageId` makes a replay of it have no second effect. */
/** `later`: it cannot be judged just now, and the sender is asked to come again. */
export type Verdict = { ok: true; messageId?: string } | { ok: false; why: string; later?: true };

/** An answer to the sender. */
export interface Answer {
  status: number;
  /** Sent as JSON; null is an empty body. */
  body: unknown;
  type?: string;
  headers?: Record<string, string>;
}

export interface Door {
  /** Fastify path; `:key` where the vendor carries the key in the URL. */
  path: string;
  purpose: 'alerts' | 'changes';
  /** POST when absent. The query of a GET is read as its body. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** What the family calls it; its path when absent. */
  name?: string;
  /** An empty body is read as `{}`. */
  mayBeEmpty?: boolean;
}

/** Something the owner of an integration may or must set. */
export interface OptionField {
  name: string;
  label: string;
  help: string;
  /** Never shown again. */
  secret?: boolean;
  multiline?: boolean;
  /** Says what is wrong with a value, or nothing. */
  problem?(value: string): string | undefined;
}

export interface SetUp {
  /** Where this installation is reached, without a trailing slash. */
  url: string;
  key: string;
  name: string;
}

/** Text to copy into a sender's configuration. */
export interface Snippet {
  title: string;
  /** `yaml`, `bash`, `go`, `js`: for the screen. */
  language: string;
  text: string;
}

/** Where one field of an alert came from. */
export interface ExplainedField {
  name: string;
  text: string;
  from: 'mapping' | 'member' | 'nothing';
  /** The member that was taken, when no mapping said anything. */
  member: string | null;
  /** Why the mapping said nothing. */
  error: string | null;
}

export interface Family {
  /** Name of the folder; stored as the integration's kind. */
  kind: string;
  title: string;
  description: string;
  /** Heading under which the console lists it. */
  topic: 'Metrics and logs' | 'On-call tools' | 'Clouds' | 'Errors and checks' | 'Anything else';
  doors: Door[];
  /** Routes beside the doors: what the vendor's clients read. */
  routes?(): AnyRoute[];
  /** Work that the family does later. */
  jobs?: JobDefinition[];
  options?: OptionField[];
  /** Headers that reading needs, in small letters. Never one with a credential. */
  headers?: string[];
  /** Answers carry a request id that can be asked about later. */
  asynchronous?: boolean;
  /** The ingest key of a post, wherever this family carries it. */
  keyOf(post: Post): string | undefined;
  /** Checks a signature or an origin. Absent: the key is enough. */
  verify?(ctx: Ctx, post: Post, options: Record<string, string>): Promise<Verdict> | Verdict;
  /** Makes JSON of a known sender's post that is something else, or answers it at once. */
  translate?(
    ctx: Ctx,
    integration: Integration,
    post: Post,
    options: Record<string, string>,
  ): Promise<Translated | Answer>;
  /** The vendor's own id of a message that it may send again, unchanged. */
  messageId?(post: Post): string | undefined;
  /** Looks up what the address means (an alert's id to its key), before reading. Undefined: there is no such thing. */
  prepare?(ctx: Ctx, integration: Integration, wire: Wire): Promise<Wire | undefined>;
  read(body: JsonValue, purpose: Door['purpose'], context: ReadContext): Reading;
  /** Does what is not about an alert, in the transaction of the post. */
  act?(ctx: Ctx, integration: Integration, what: JsonValue, signalId: string): Promise<void>;
  /** The 2xx, exactly as the family's clients expect it. */
  accepted(purpose: Door['purpose'], reading: Extract<Reading, { ok: true }>, signalId: string, wire: Wire): Answer;
  /** The last word on an answer, for doors whose clients read a status differently. */
  atDoor?(answer: Answer, door: string): Answer;
  /** A refusal in the vendor's own form; problem details when absent. */
  refused?(status: number, title: string, errors: string[], requestId: string): Answer;
  /** Of families with a mapping: where each field of the first alert of a body came from. */
  explain?(body: JsonValue, context: ReadContext): ExplainedField[];
  snippets(setUp: SetUp): Snippet[];
  /** A body that raises (or resolves) one harmless test alert through the real path. */
  sample(action: 'trigger' | 'resolve', setUp: SetUp, at: Date): JsonValue;
  /** The door of the sample, where it is not the first. */
  sampleWire?(action: 'trigger' | 'resolve'): Partial<Wire>;
}
