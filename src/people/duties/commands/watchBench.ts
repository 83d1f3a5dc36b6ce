/** Looks at the bench by the clock: certifications end and quarters move although nobody touches anything. */
import { command } from '#security';
import { refreshBench } from '../bench.ts';

export const watchBench = command('people.watchBench', { allow: 'internal' }, async (ctx, _input: object) => {
  const { raised, cleared } = await refreshBench(ctx);
  ctx.audit.skip = raised === 0 && cleared === 0;
  ctx.audit.after = { raised, cleared };
  return { raised, cleared };
});
