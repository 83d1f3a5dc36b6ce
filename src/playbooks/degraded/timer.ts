/** Where a mode that is being left is looked at. Commands wake it by address, so that neither imports the other. */
import { type Ctx, defineJob, enqueue } from '#kernel';
import { z } from 'zod';

const elsewhere = () => Promise.reject(new Error('this is only the address of a job'));
const looker = defineJob('playbooks.lookAtMode', z.object({ modeId: z.string() }), elsewhere);
export const wakeModes = (ctx: Ctx, modeId: string): Promise<void> =>
  enqueue(ctx, looker, { modeId }, { key: `degraded:${modeId}` });
