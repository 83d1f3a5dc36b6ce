/** Once a minute: does everything that was accepted come to an end? */
import { defineJob } from '#kernel';
import { z } from 'zod';
import { raiseStuck } from './commands/raiseStuck.ts';

export const watchEnds = defineJob('signals.watchEnds', z.object({}), (ctx) => raiseStuck(ctx, {}), { every: 60_000 });
