/** Connector `unleash`: turns a feature on or off in one environment, by Unleash's admin API. */
import { z } from 'zod';
import type { Ctx } from '#kernel';
import { getJson, part, sendJson } from '../../systems/http.ts';
import { type Reached, type State, stateful } from '../../systems/stateful.ts';

const word = z.string().regex(/^[\w.~-]{1,100}$/);
const params = z.strictObject({
  system: z.string().min(1).max(63),
  feature: word,
  environment: word.default('production'),
  project: word.default('default'),
  enabled: z.boolean(),
});
// An admin token of Unleash is sent as it is, without "Bearer".
const auth = (secret: string | null): Record<string, string> => (secret ? { authorization: secret } : {});
const place = (given: Record<string, unknown>): string =>
  `/api/admin/projects/${part(given.project)}/features/${part(given.feature)}/environments/${part(given.environment)}`;

async function look(ctx: Ctx, reached: Reached): Promise<State> {
  const found = await getJson(ctx, reached, auth(reached.secret), place(reached.call.params));
  if (typeof found.enabled !== 'boolean') throw new Error('the answer does not say whether it is enabled');
  return { enabled: found.enabled };
}

export const unleash = stateful({
  name: 'unleash',
  title: 'Unleash',
  kind: 'unleash',
  actions: {
    'unleash.toggle': {
      title: 'Turn an Unleash feature on or off',
      risk: 'reversible',
      params,
      hint: '{system: flags, feature: new-checkout, environment: production, enabled: false}',
      manual: (given) =>
        `In Unleash, turn ${String(given.feature)} ${given.enabled ? 'on' : 'off'} in ${String(given.environment)}.`,
      look,
      want: (given) => ({ enabled: given.enabled }),
      send: (ctx, reached, _from, to) =>
        sendJson(ctx, reached, auth(reached.secret), {
          method: 'POST',
          path: `${place(reached.call.params)}/${to.enabled ? 'on' : 'off'}`,
        }),
      say: (given) => ({
        targets: [`${String(given.feature)} (${String(given.environment)})`],
        effect: `Turns the feature ${String(given.feature)} ${given.enabled ? 'on' : 'off'} in ${String(given.environment)}; clients follow within their polling time.`,
        undo: `Turns it ${given.enabled ? 'off' : 'on'} again, if that is how it was.`,
      }),
    },
  },
});
