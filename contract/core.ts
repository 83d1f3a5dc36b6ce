/** How an endpoint is described. Server, console, CLI, OpenAPI and docs all read these descriptions. */
import { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call: nobody signed in (`public`), anyone signed in (`signed_in`), or a holder of the permission named. */
export type Access = 'public' | 'signed_in' | (string & {});

export interface Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  /** The command or query it leads to: `incidents.declare`. Unique; also the OpenAPI operationId. */
  id: string;
  method: Method;
  /** Path with `:name` parameters: `/api/v1/incidents/:id`. */
  path: string;
  summary: string;
  access: Access;
  params: P;
  query: Q;
  body: B;
  response: R;
  status: number;
}

const nothing = z.strictObject({});
type Nothing = typeof nothing;

/** Describes one endpoint. Omitted `params`, `query` and `body` mean "none", and unknown fields are refused. */
export function endpoint<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(description: {
  id: string;
  method: Method;
  path: string;
  summary: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  response: R;
  status?: number;
}): Endpoint<P, Q, B, R> {
  return {
    ...description,
    params: (description.params ?? nothing) as P,
    query: (description.query ?? nothing) as Q,
    body: (description.body ?? z.undefined()) as B,
    status: description.status ?? 200,
  };
}

/** RFC 9457 problem details, the one shape of every error. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
  /** The rule that refused: `recovery.criteria`, `access.permission` … One grep finds it in the code. */
  rule: z.string().optional(),
  /** Fields that are wrong, with their path. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  requestId: z.string().optional(),
});
export type ProblemBody = z.infer<typeof problem>;

/** An instant, ISO 8601 in UTC with milliseconds. */
export const instant = z.iso.datetime({ offset: true });
/** A prefixed, time-ordered id such as `inc_01k…`. */
export const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`), `not a ${prefix}_… id`);

/** Query of every list: a page of at most 200, and the opaque cursor of the page before. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
};
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A person as shown beside anything they did. */
export const personRef = z.object({ id: z.string(), name: z.string() });
export type PersonRef = z.infer<typeof personRef>;
