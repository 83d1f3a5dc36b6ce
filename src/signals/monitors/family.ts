/** The shape of every kind of monitor: it describes its form, checks what was typed, and looks once. Used on nodes and in probes alike. */
import type { z } from 'zod';
import type { Ctx } from '#kernel';

/** One field of a kind's form; consoles draw it, nothing else needs to know the kind. */
export interface Field {
  name: string;
  label: string;
  help?: string;
  /** How it is typed. `secret` values are stored sealed and never shown; `secrets` are named ones, used as `{{name}}`. */
  type:
    | 'text'
    | 'url'
    | 'long'
    | 'code'
    | 'number'
    | 'choice'
    | 'switch'
    | 'pairs'
    | 'assertions'
    | 'steps'
    | 'actions'
    | 'secret'
    | 'secrets';
  choices?: { value: string; label: string }[];
  /** Of assertions: what can be looked at. */
  subjects?: string[];
  placeholder?: string;
  required?: boolean;
  /** Folded away at first. */
  advanced?: boolean;
}

/** One thing that was asked of the answer, and whether it held. */
export interface Checked {
  text: string;
  ok: boolean;
  actual: string;
}

export interface Outcome {
  /** Null: it could not be looked at from here. Neither up nor down. */
  ok: boolean | null;
  /** Milliseconds the answer took. */
  ms: number;
  /** What is wrong, in words a person can act on; '' when nothing is. */
  reason: string;
  /** Small facts worth showing: status, dns_ms, tls_days … */
  facts: Record<string, string | number>;
  checked?: Checked[];
  /** The beginning of what came back, for “try it now”. Never stored. */
  sample?: string;
}

export interface Look {
  timeoutMs: number;
  secrets: Record<string, string>;
  /** The present, for ages. */
  now: Date;
  log: Ctx['log'];
}

export interface FieldProblem {
  path: string;
  message: string;
}

export interface MonitorKind<S = Record<string, unknown>> {
  kind: string;
  title: string;
  description: string;
  fields: Field[];
  /** What the form starts with. */
  start: Record<string, unknown>;
  spec: z.ZodType<S>;
  /** What the schema cannot say: addresses that may not be called, patterns that cannot be run. */
  check?(spec: S, secrets: Record<string, string>): FieldProblem[];
  /** Where it goes, short: for lists. */
  target(spec: S): string;
  /** Hosts and ports that are sent the secrets: when these change, the secrets must be typed again. */
  goesTo(spec: S, secrets: Record<string, string>): string[];
  /** True when only an administrator may save this. */
  adminOnly?(spec: S): string | undefined;
  /** Why it cannot look from this machine; undefined when it can. */
  lacks?(): Promise<string | undefined>;
  run(spec: S, look: Look): Promise<Outcome>;
}

/** An outcome of something that went wrong. */
export const failed = (ms: number, reason: string, facts: Outcome['facts'] = {}): Outcome => ({
  ok: false,
  ms,
  reason,
  facts,
});

/** Puts named values into a text: `{{token}}`. A name that is not known stays as it is written. */
export const fill = (text: string, values: Record<string, string>): string =>
  text.replaceAll(/\{\{\s*([A-Za-z_]\w{0,59})\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  );
