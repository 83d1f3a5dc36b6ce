/** Connector `github`: starts a workflow that rolls back (or does anything else), and finds its run again by the key in the run's name. */
import { z } from 'zod';
import type { Ctx } from '#kernel';
import type { ReadBack } from '../contract.ts';
import { bearer, getJson, part, sendJson } from '../../systems/http.ts';
import { once } from '../../systems/once.ts';
import type { Reached } from '../../systems/stateful.ts';

const repo = z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, 'owner/name');
const inputs = z.record(z.string().max(100), z.string().max(1_000));
const params = z.strictObject({
  system: z.string().min(1).max(63),
  repo,
  /** File name or id of a workflow with `workflow_dispatch`, an input `evenkeel_key`, and `run-name: … ${{ inputs.evenkeel_key }}`. */
  workflow: z.string().regex(/^[\w.-]{1,100}$/),
  ref: z.string().min(1).max(200).default('main'),
  inputs: inputs.default({}),
  /** Inputs of the run that takes it back; without them there is no undo. */
  undo_inputs: inputs.optional(),
});
const headers = { 'x-github-api-version': '2022-11-28' };
const place = (given: Record<string, unknown>): string => {
  const [owner, name] = String(given.repo).split('/');
  return `/repos/${part(owner)}/${part(name)}/actions/workflows/${part(given.workflow)}`;
};

/** The run whose name carries the key. Runs appear a moment after they were asked for, so absence is not certain. */
async function find(ctx: Ctx, reached: Reached, key: string): Promise<ReadBack> {
  const { workflow_runs: runs } = await getJson<{ workflow_runs: { display_title?: string; name?: string }[] }>(
    ctx,
    reached,
    bearer(reached.secret),
    `${place(reached.call.params)}/runs?event=workflow_dispatch&per_page=100`,
    headers,
  );
  const named = (one: { display_title?: string; name?: string }) =>
    [one.display_title, one.name].some((text) => text?.split(/\s+/).includes(key));
  return runs.some(named) ? 'applied' : 'unreadable';
}

export const github = once({
  name: 'github',
  title: 'GitHub Actions',
  kind: 'github',
  actions: {
    'github.workflow': {
      title: 'Run a GitHub workflow',
      risk: 'compensable',
      params,
      hint: '{system: github, repo: shop/checkout, workflow: rollback.yml, inputs: {to: previous}}',
      manual: (given) => `On GitHub, run the workflow ${String(given.workflow)} of ${String(given.repo)} by hand.`,
      find,
      start: (ctx, reached, key, undo) =>
        sendJson(ctx, reached, bearer(reached.secret), {
          method: 'POST',
          path: `${place(reached.call.params)}/dispatches`,
          headers,
          body: {
            ref: reached.call.params.ref,
            inputs: {
              ...((undo ? reached.call.params.undo_inputs : reached.call.params.inputs) as object),
              evenkeel_key: key,
            },
          },
        }),
      say: (given) => ({
        targets: [`${String(given.repo)} ${String(given.workflow)}`],
        effect: `Runs the workflow ${String(given.workflow)} of ${String(given.repo)} on ${String(given.ref)} with ${JSON.stringify(given.inputs ?? {})}.`,
        undo: given.undo_inputs ? `Runs it again with ${JSON.stringify(given.undo_inputs)}.` : null,
      }),
    },
  },
});
