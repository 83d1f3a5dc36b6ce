/** The watches on the clock: gaps, shifts that start, test pages, pages without a next step, changes that hide trouble. */
import { z } from 'zod';
import { addMs, type Ctx, defineJob, reaction } from '#kernel';
import { rosterChanged } from '../events.ts';
import { stuckPages } from './auditor.ts';
import { closeTestPages } from './commands/closeTestPages.ts';
import { mendPage } from './commands/mendPage.ts';
import { noteGaps } from './commands/noteGaps.ts';
import { sendWeeklyTests } from './commands/sendWeeklyTests.ts';
import { tellHiding } from './commands/tellHiding.ts';
import { warnShifts } from './commands/warnShifts.ts';
import { coverSum, readMark, saveMark } from './marks.ts';

const none = z.object({});
const SUM = 'cover.sum';
/** Even if nothing seems to have changed: the window moves on, and shifts begin and end. */
const AT_LEAST_MS = 5 * 60_000;

/** Something about cover was changed: the next look calculates, whatever the sum says. */
export const onRosterChanged = reaction('people.onRosterChanged', rosterChanged, async (ctx, { what }) => {
  // What a test says about a method decides nobody's cover.
  if (what !== 'proof') await saveMark(ctx, SUM, 'changed');
});

/** Within ten seconds of a change, whoever made it and by whichever door, its gaps are known and told. */
export const watchGaps = defineJob('people.watchGaps', none, lookForGaps, { every: 10_000 });

async function lookForGaps(ctx: Ctx): Promise<void> {
  const sum = await coverSum(ctx.db);
  const mark = await readMark(ctx.db, SUM);
  if (mark && mark.seen === sum && mark.lookedAt > addMs(ctx.now, -AT_LEAST_MS)) return;
  // First the mark: a change that comes in between is seen by the next look.
  await saveMark(ctx, SUM, sum);
  try {
    await noteGaps(ctx, {});
  } catch (error) {
    await saveMark(ctx, SUM, 'changed');
    throw error;
  }
}

export const watchShifts = defineJob('people.watchShifts', none, (ctx) => warnShifts(ctx, {}), { every: 60_000 });

export const runTests = defineJob(
  'people.runTests',
  none,
  async (ctx) => {
    await closeTestPages(ctx, {});
    await sendWeeklyTests(ctx, {});
  },
  { every: 60_000 },
);

/** Every open page has a future step, or somebody is told within a minute. */
export const auditPages = defineJob(
  'people.auditPages',
  none,
  async (ctx) => {
    for (const page of await stuckPages(ctx)) {
      ctx.log.error({ page: page.id, jobless: page.jobless }, 'an open page has no next step');
      try {
        await mendPage({ ...ctx, exercise: page.exercise }, { pageId: page.id });
      } catch (error) {
        // One page that cannot be mended must not hide the others.
        ctx.log.error(
          { page: page.id, error: (error as Error).message },
          'a page without a next step could not be mended',
        );
      }
    }
  },
  { every: 15_000, urgent: true },
);

export const watchHiding = defineJob('people.watchHiding', none, (ctx) => tellHiding(ctx, {}), { every: 60_000 });

export const proofJobs = [watchGaps, watchShifts, runTests, auditPages, watchHiding];
