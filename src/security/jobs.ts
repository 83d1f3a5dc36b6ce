/** Periodic work of security: signing where the chains stand, and sending that outside. */
import { z } from 'zod';
import { defineJob, unveiled } from '#kernel';
import { signHeads } from './audit/heads.ts';
import { deliverHeads } from './audit/places.ts';

/** Every minute. What has not moved is not signed again. */
export const signHeadsJob = defineJob(
  'security.signHeads',
  z.object({}),
  async (ctx) => {
    await signHeads(unveiled(ctx.db), ctx.now);
    await deliverHeads(ctx);
  },
  { every: 60_000 },
);

export const jobs = [signHeadsJob];
