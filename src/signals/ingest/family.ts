/** The one shape of every source family: a folder that describes itself. Adding a family adds a folder and one line in families.ts. */
import type { ChangeKind } from '#catalog';
import type { NormalEvent } from '../model.ts';
import type { JsonValue } from './json.ts';

/** What a door knows of a post before it knows who sent it. */
export interface Post {
  params: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  /** The body as read, or undefined when it is not JSON. */
  body: JsonValue | undefined;
  /** The body as text, or '' when it is not text. */
  text: string;
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
  { ok: true; events: NormalEvent[]; changes: NormalChange[]; key?: string } | { ok: false; errors: string[] };

export interface ReadContext {
  now: Date;
  /** For a trigger without a dedup key; the same for the same signal, whenever it is read. */
  newKey: string;
  /** Bytes or escapes were replaced on the way in. */
  sanitized: boolean;
}

/** An answer to the sender. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  type?: string;
}

export interface Door {
  /** Fastify path; `:key` where the vendor carries the key in the URL. */
  path: string;
  purpose: 'alerts' | 'changes';
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

export interface Family {
  /** Name of the folder; stored as the integration's kind. */
  kind: string;
  title: string;
  description: string;
  doors: Door[];
  /** The ingest key of a post, wherever this family carries it. */
  keyOf(post: Post): string | undefined;
  read(body: JsonValue, purpose: Door['purpose'], context: ReadContext): Reading;
  /** The 2xx, exactly as the family's clients expect it. */
  accepted(purpose: Door['purpose'], reading: Extract<Reading, { ok: true }>, signalId: string): Answer;
  /** A refusal in the vendor's own form; problem details when absent. */
  refused?(status: number, title: string, errors: string[]): Answer;
  snippets(setUp: SetUp): Snippet[];
  /** A body that raises (or resolves) one harmless test alert through the real path. */
  sample(action: 'trigger' | 'resolve', setUp: SetUp, at: Date): JsonValue;
}
