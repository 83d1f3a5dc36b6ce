/** Where the engine and the check sampler are called. Commands wake them by address, so that neither imports the other. */

import { z } from 'zod';
import { type Ctx, defineJob, enqueue } from '#kernel';

const elsewhere = () => Promise.reject(new Error('this is only the address of a job'));
const engine = defineJob('playbooks.runAction', z.object({ actionRunId: z.string() }), elsewhere);
const sampler = defineJob('playbooks.sampleCheck', z.object({ stepRunId: z.string() }), elsewhere);

/** Wakes the engine for an action, now or at an instant. One wake-up is kept per action. */
export const wakeEngine = (ctx: Ctx, actionRunId: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, engine, { actionRunId }, { key: `action:${actionRunId}`, ...(runAt && { runAt }) });

/** A second, separate alarm for the end of the lease: it stays although the engine wakes itself in between. */
export const watchEngine = (ctx: Ctx, actionRunId: string, runAt: Date): Promise<void> =>
  enqueue(ctx, engine, { actionRunId }, { key: `action-watch:${actionRunId}`, runAt });

const guards = defineJob('playbooks.watchGuards', z.object({ actionRunId: z.string() }), elsewhere);
const taker = defineJob('playbooks.takeStep', z.object({ stepRunId: z.string() }), elsewhere);

/** Lets the guards of an action that has begun be looked at, now or at an instant. */
export const wakeGuards = (ctx: Ctx, actionRunId: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, guards, { actionRunId }, { key: `action-guards:${actionRunId}`, ...(runAt && { runAt }) });

/** Lets the engine look at a step that has become the next: pass over it, wait, or propose its action. */
export const wakeTaker = (ctx: Ctx, stepRunId: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, taker, { stepRunId }, { key: `step-take:${stepRunId}`, ...(runAt && { runAt }) });

/** Lets a check be taken, now or at an instant. */
export const wakeSampler = (ctx: Ctx, stepRunId: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, sampler, { stepRunId }, { key: `check:${stepRunId}`, ...(runAt && { runAt }) });
