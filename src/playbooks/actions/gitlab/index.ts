/** Connector `gitlab`: starts a pipeline that rolls back (or does anything else), and finds it again by a variable that holds the key. */
import { z } from 'zod';
import type { Ctx } from '#kernel';
import type { ReadBack } from '../contract.ts';
import { getJson, part, sendJson } from '../../systems/http.ts';
import { once } from '../../systems/once.ts';
import type { Reached } from '../../systems/stateful.ts';

const variables = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/), z.string().max(1_000));
const params = z.strictObject({
  system: z.string().min(1).max(63),
  project: z.union([z.string().min(1).max(200), z.number().int()]).transform(String),
  ref: z.string().min(1).max(200).default('main'),
  variables: variables.default({}),
  undo_variables: variables.optional(),
});
const auth = (secret: string | null): Record<string, string> => (secret ? { 'private-token': secret } : {});
const place = (given: Record<string, unknown>): string => `/api/v4/projects/${part(given.project)}`;
/** How many of the newest pipelines are searched for the key. */
const SEARCHED = 20;

async function find(ctx: Ctx, reached: Reached, key: string): Promise<ReadBack> {
  const base = place(reached.call.params);
  const found = await getJson<{ id: number }[]>(
    ctx,
    reached,
    auth(reached.secret),
    `${base}/pipelines?source=api&order_by=id&sort=desc&per_page=${SEARCHED}`,
  );
  for (const { id } of found) {
    const values = await getJson<{ key: string; value: string }[]>(
      ctx,
      reached,
      auth(reached.secret),
      `${base}/pipelines/${id}/variables`,
    );
    if (values.some((one) => one.key === 'EVENKEEL_KEY' && one.value === key)) return 'applied';
  }
  // Fewer than were asked for: all there are have been seen.
  return found.length < SEARCHED ? 'not_applied' : 'unreadable';
}

export const gitlab = once({
  name: 'gitlab',
  title: 'GitLab pipelines',
  kind: 'gitlab',
  actions: {
    'gitlab.pipeline': {
      title: 'Run a GitLab pipeline',
      risk: 'compensable',
      params,
      hint: '{system: gitlab, project: shop/checkout, ref: main, variables: {ROLLBACK_TO: previous}}',
      manual: (given) => `On GitLab, run a pipeline of ${String(given.project)} on ${String(given.ref)} by hand.`,
      find,
      start: (ctx, reached, key, undo) => {
        const given = (undo ? reached.call.params.undo_variables : reached.call.params.variables) as Record<
          string,
          string
        >;
        const list = Object.entries({ ...given, EVENKEEL_KEY: key }).map(([name, value]) => ({ key: name, value }));
        return sendJson(ctx, reached, auth(reached.secret), {
          method: 'POST',
          path: `${place(reached.call.params)}/pipeline`,
          body: { ref: reached.call.params.ref, variables: list },
        });
      },
      say: (given) => ({
        targets: [`${String(given.project)} (${String(given.ref)})`],
        effect: `Runs a pipeline of ${String(given.project)} on ${String(given.ref)} with ${JSON.stringify(given.variables ?? {})}.`,
        undo: given.undo_variables ? `Runs another with ${JSON.stringify(given.undo_variables)}.` : null,
      }),
    },
  },
});
