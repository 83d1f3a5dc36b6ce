/** The job that carries an import over: named apart from its work, because the command that starts it is used by the work too. */
import { defineJob } from '#kernel';
import { z } from 'zod';

export const runImport = defineJob('programme.runImport', z.object({ id: z.string() }), async (ctx, { id }) => {
  const { run } = await import('./run.ts');
  await run(ctx, id);
});
