/** The alert of a watched series: what came, what was expected and why it is unusual, through the same door as monitors. */
import { config, type Ctx } from '#kernel';
import { integrationOf } from '../integrations/store.ts';
import { type Reading, reasons } from '../detection/model.ts';
import type { NormalEvent } from '../model.ts';
import { MONITOR_INTEGRATION } from '../monitors/store.ts';
import { eventOf, ownSignal } from '../own-signal.ts';
import { directionOf, keyOfAnomaly, nameOfSeries, sayBand, sayNumber, type Series, type Watch } from './model.ts';
import type { NewAnomaly } from './store.ts';

/** The anomaly of a step, in numbers and words. */
export function anomalyOf(
  series: Series,
  reading: Reading,
  { at, value }: { at: number; value: number },
  told: boolean,
): NewAnomaly & { direction: 'high' | 'low' | '' } {
  const said = reasons(reading, value, sayNumber);
  return {
    seriesId: series.id,
    at: new Date(at),
    value,
    low: series.low,
    high: series.high,
    score: Math.round(reading.score * 100) / 100,
    threshold: series.threshold,
    reasons: said.length > 0 ? said : ['several small oddities at once'],
    told,
    direction: directionOf(reading, value),
  };
}

/** What is told of it. */
export function anomalyEvent(watch: Watch, series: Series, found: ReturnType<typeof anomalyOf>): NormalEvent {
  const name = watch.source === 'query' && !series.labels.__name__ ? watch.name : nameOfSeries(series.labels);
  const band = sayBand(found.low, found.high);
  const expected = band ? `expected ${band}` : 'what is usual at this time of day is not known yet';
  const unit = watch.reading === 'rate' ? ' a second' : '';
  const { __name__: metric, ...labels } = series.labels;
  return eventOf({
    action: 'trigger',
    key: keyOfAnomaly(series.id),
    title: `${name} is unusual${found.direction ? `ly ${found.direction}` : ''}: ${sayNumber(found.value)}${unit}`,
    severity: watch.severity,
    description: `${sayNumber(found.value)}${unit}, ${expected}. Why: ${found.reasons.join('; ')}.`,
    source: watch.name,
    labels: { ...labels, ...(metric ? { metric } : {}), watch: watch.name },
    details: {
      value: found.value,
      expected_low: found.low,
      expected_high: found.high,
      score: found.score,
      threshold: found.threshold,
      why: found.reasons,
    } as NormalEvent['details'],
    links: [{ href: `${config.publicUrl}/monitors/metrics/${series.id}`, text: 'The series, with its band' }],
    startedAt: found.at,
    group: { key: `watch:${watch.id}`, title: `${watch.name}: unusual values` },
  });
}

export const calmEvent = (series: Pick<Series, 'id'>, endedAt: Date): NormalEvent =>
  eventOf({ action: 'resolve', key: keyOfAnomaly(series.id), endedAt });

/** Passes on what opened and what ended, as one signal. */
export async function tellAnomalies(ctx: Ctx, watch: Watch, events: NormalEvent[], why: string): Promise<void> {
  if (events.length === 0) return;
  const origin = { ...(await integrationOf(ctx, MONITOR_INTEGRATION)), serviceId: watch.serviceId };
  await ownSignal(ctx, origin, why, events);
}
