/** Connector `launchdarkly`: turns a flag on or off, or sets the variation it serves when off, by the shape of LaunchDarkly's REST API. */
import { z } from 'zod';
import type { Ctx } from '#kernel';
import { getJson, part, sendJson } from '../../systems/http.ts';
import { type Reached, type State, stateful } from '../../systems/stateful.ts';

const word = z.string().regex(/^[\w.-]{1,100}$/);
const params = z.strictObject({
  system: z.string().min(1).max(63),
  flag: word,
  project: word.default('default'),
  environment: word.default('production'),
  on: z.boolean(),
});
const auth = (secret: string | null): Record<string, string> => (secret ? { authorization: secret } : {});
const place = (given: Record<string, unknown>): string => `/api/v2/flags/${part(given.project)}/${part(given.flag)}`;

async function look(ctx: Ctx, reached: Reached): Promise<State> {
  const { environment } = reached.call.params;
  const found = await getJson(
    ctx,
    reached,
    auth(reached.secret),
    `${place(reached.call.params)}?env=${part(environment)}`,
  );
  const on = found.environments?.[String(environment)]?.on;
  if (typeof on !== 'boolean') throw new Error(`the answer says nothing about ${String(environment)}`);
  return { on };
}

export const launchdarkly = stateful({
  name: 'launchdarkly',
  title: 'LaunchDarkly',
  kind: 'launchdarkly',
  actions: {
    'launchdarkly.toggle': {
      title: 'Turn a LaunchDarkly flag on or off',
      risk: 'reversible',
      params,
      hint: '{system: ld, flag: new-checkout, environment: production, on: false}',
      manual: (given) =>
        `In LaunchDarkly, turn ${String(given.flag)} ${given.on ? 'on' : 'off'} in ${String(given.environment)}.`,
      look,
      want: (given) => ({ on: given.on }),
      send: (ctx, reached, _from, to) =>
        sendJson(ctx, reached, auth(reached.secret), {
          method: 'PATCH',
          path: place(reached.call.params),
          contentType: 'application/json; domain-model=launchdarkly.semanticpatch',
          body: {
            environmentKey: reached.call.params.environment,
            comment: `${reached.call.incident.key}: ${reached.call.title}`,
            instructions: [{ kind: to.on ? 'turnFlagOn' : 'turnFlagOff' }],
          },
        }),
      say: (given) => ({
        targets: [`${String(given.flag)} (${String(given.environment)})`],
        effect: `Turns the flag ${String(given.flag)} ${given.on ? 'on' : 'off'} in ${String(given.environment)}.`,
        undo: `Turns it ${given.on ? 'off' : 'on'} again, if that is how it was.`,
      }),
    },
  },
});
