/** The alerts of an objective: one that pages when the budget burns fast, one that waits for the morning when it burns slowly. */
import { config, type Ctx } from '#kernel';
import { integrationOf } from '../../integrations/store.ts';
import { eventOf, ownSignal } from '../../own-signal.ts';
import { MONITOR_INTEGRATION } from '../store.ts';
import { type BurnCheck, type BurnRule, keyOfSlo, SEVERITY_OF, type Slo } from './model.ts';

const sayWindow = (minutes: number) =>
  minutes < 60 ? `${minutes} min` : minutes < 1440 ? `${minutes / 60} h` : `${minutes / 1440} d`;
const rate = (value: number | undefined) => (value === undefined ? 'unknown' : value.toFixed(1));

/** `14.4 times as fast as allowed over 1 h and 16.2 over 5 min (alarm above 14.4)`. */
export const sayCheck = (check: BurnCheck): string =>
  `${rate(check.long)} times as fast as allowed over ${sayWindow(check.longMinutes)} and ${rate(check.short)} over ${sayWindow(check.shortMinutes)} (alarm above ${check.burn})`;

/** Opens or ends one of the two alerts. */
export async function tell(
  ctx: Ctx,
  slo: Slo,
  alarm: BurnRule['alarm'],
  on: boolean,
  checks: BurnCheck[],
): Promise<void> {
  const own = checks.filter((check) => check.alarm === alarm);
  const key = keyOfSlo(slo.id, alarm);
  const title =
    alarm === 'page'
      ? `${slo.name}: the error budget burns fast`
      : `${slo.name}: the error budget burns too fast to last`;
  const why = on
    ? own
        .filter((check) => check.exceeds)
        .map(sayCheck)
        .join('; ')
    : `${slo.name}: the burning has ended`;
  const origin = { ...(await integrationOf(ctx, MONITOR_INTEGRATION)), serviceId: slo.serviceId };
  await ownSignal(ctx, origin, why, [
    on
      ? eventOf({
          action: 'trigger',
          key,
          title,
          severity: SEVERITY_OF[alarm],
          description: `The budget burns ${why}. Target ${(slo.target * 100).toFixed(3).replace(/\.?0+$/, '')} % over ${slo.windowDays} days.`,
          source: slo.name,
          labels: { slo: slo.slug, alarm },
          details: Object.fromEntries(
            own.map((check) => [
              `${sayWindow(check.longMinutes)}/${sayWindow(check.shortMinutes)}`,
              { long: check.long ?? null, short: check.short ?? null, above: check.burn },
            ]),
          ),
          links: [{ href: `${config.publicUrl}/monitors/slos/${slo.id}`, text: 'The objective' }],
          group: { key: `slo:${slo.id}`, title: slo.name },
        })
      : eventOf({ action: 'resolve', key }),
  ]);
}
