/** What a silence would have hidden in the last seven days, before anybody sets it. */
import { setImmediate } from 'node:timers/promises';
import { addMs, type Ctx } from '#kernel';
import { matchable, type Matcher, matchesAll } from './model.ts';

/** Alerts looked at: the newest. */
const MOST = 10_000;

export interface Preview {
  /** Alerts that would not have paged, of all that came. */
  hidden: number;
  total: number;
  /** Titles of the newest five hidden ones. */
  examples: string[];
}

/** Counts in slices, so that the house goes on answering. */
export async function previewSilence(ctx: Ctx, matchers: Matcher[]): Promise<Preview> {
  const alerts = await ctx.db
    .selectFrom('signals.alerts')
    .select(['title', 'source', 'severity', 'labels'])
    .where('lastAt', '>', addMs(ctx.now, -7 * 86_400_000))
    .where('exercise', '=', false)
    .where('test', '=', false)
    .orderBy('lastAt', 'desc')
    .limit(MOST)
    .execute();
  const preview: Preview = { hidden: 0, total: alerts.length, examples: [] };
  for (const [n, alert] of alerts.entries()) {
    if (n % 200 === 199) await setImmediate();
    if (!matchesAll(matchers, matchable(alert))) continue;
    preview.hidden++;
    if (preview.examples.length < 5) preview.examples.push(alert.title);
  }
  return preview;
}
