/** The one shape of every refusal: a sentence a person can act on, the id of the rule that refused, and the fields at fault. */

export interface FieldError {
  /** Dotted path of the field: `steps.0.delay`. */
  path: string;
  message: string;
}

export interface ProblemOptions {
  rule?: string;
  detail?: string;
  errors?: FieldError[];
  /** Extra members for programs, such as the current state. Never secrets. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/** Thrown anywhere, answered as RFC 9457 problem details. `status` is the HTTP status. */
export class Problem extends Error {
  readonly status: number;
  readonly rule: string;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly extra: Record<string, unknown> | undefined;

  constructor(status: number, title: string, options: ProblemOptions = {}) {
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.status = status;
    this.rule = options.rule ?? `http.${status}`;
    this.detail = options.detail;
    this.errors = options.errors;
    this.extra = options.extra;
  }
}

/** 404, the same for "absent" and for "not yours". */
export const notFound = (what: string, id?: string) =>
  new Problem(404, `${what} not found`, {
    rule: 'not_found',
    detail: id && id.length < 80 ? `No ${what.toLowerCase()} “${id}”.` : undefined,
  });

/** 409: the state of the world refuses; `rule` names why. */
export const conflict = (title: string, rule: string, detail?: string, extra?: Record<string, unknown>) =>
  new Problem(409, title, { rule, detail, extra });

/** 422: well-formed, but it cannot be meant. */
export const invalid = (title: string, rule: string, errors?: FieldError[]) =>
  new Problem(422, title, { rule, errors });
