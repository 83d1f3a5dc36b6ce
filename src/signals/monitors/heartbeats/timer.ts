/** The timer of a heartbeat: one job at the instant it is due. A ping does not touch it; the job looks again. */
import { defineJob } from '#kernel';
import { z } from 'zod';

export const checkHeartbeat = defineJob('signals.checkHeartbeat', z.object({ id: z.string() }), async (ctx, { id }) => {
  const { missHeartbeat } = await import('./commands/missHeartbeat.ts');
  await missHeartbeat(ctx, { id });
});

export const jobKey = (id: string) => `signals.heartbeat:${id}`;
