/** Where the engine of a course is called. Commands wake it by address, so that neither imports the other. */
import { type Ctx, defineJob, enqueue } from '#kernel';
import { z } from 'zod';

const elsewhere = () => Promise.reject(new Error('this is only the address of a job'));
const engine = defineJob('recovery.runCourse', z.object({ courseId: z.string() }), elsewhere);

/** Lets a course take its next step, now or at an instant; one wake-up is kept per course. */
export const wakeCourse = (ctx: Ctx, courseId: string, runAt?: Date): Promise<void> =>
  enqueue(ctx, engine, { courseId }, { key: `recovery-course:${courseId}`, ...(runAt && { runAt }) });
