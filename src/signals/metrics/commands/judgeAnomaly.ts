/** What a person thought of an anomaly. It moves the threshold of that series; taking it back moves it back. */
import { notFound } from '#kernel';
import { command } from '#security';
import { thresholdAfter } from '../model.ts';
import { votesOf, watchById } from '../store.ts';

export interface JudgeAnomaly {
  id: string;
  /** Null takes the vote back. */
  useful: boolean | null;
}

export const judgeAnomaly = command(
  'signals.judgeAnomaly',
  { allow: 'responder', subject: (input: JudgeAnomaly) => input.id },
  async (ctx, input: JudgeAnomaly): Promise<{ seriesId: string; threshold: number }> => {
    const found = await ctx.db
      .selectFrom('signals.anomalies as a')
      .innerJoin('signals.metricSeries as s', 's.id', 'a.seriesId')
      .select(['a.id', 'a.seriesId', 'a.useful', 's.watchId', 's.threshold'])
      .where('a.id', '=', input.id)
      .forUpdate()
      .executeTakeFirst();
    if (!found) throw notFound('Anomaly', input.id);
    await ctx.db
      .updateTable('signals.anomalies')
      .set({
        useful: input.useful,
        judgedBy: input.useful === null || ctx.actor.kind !== 'user' ? null : ctx.actor.id,
        judgedAt: input.useful === null ? null : ctx.now,
      })
      .where('id', '=', input.id)
      .execute();
    const { sensitivity } = await watchById(ctx, found.watchId);
    const threshold = thresholdAfter(sensitivity, await votesOf(ctx, found.seriesId));
    await ctx.db.updateTable('signals.metricSeries').set({ threshold }).where('id', '=', found.seriesId).execute();
    ctx.audit.before = { useful: found.useful, threshold: found.threshold };
    ctx.audit.after = { useful: input.useful, threshold };
    return { seriesId: found.seriesId, threshold };
  },
);
