/** How far it reached, over time: a small plot of our own with the peak and the value at containment. */
import { Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { Incident } from '#contract/incidents';
import { Ago, formatInstant, serverNow, useZone } from '../../../kit/index.ts';
import classes from './room.module.css';

const H = 96;
const TOP = 10;
const BOTTOM = 18;

type Sample = Incident['impact']['samples'][number];

/** One reading in words: customers, share, where. */
const inWords = ({
  customers,
  pctRequests,
  region,
}: Pick<Sample, 'customers' | 'pctRequests'> & { region?: string }): string =>
  [
    customers !== null && `${customers.toLocaleString('en')} customers`,
    pctRequests !== null && `${pctRequests} % of requests`,
    region && `in ${region}`,
  ]
    .filter(Boolean)
    .join(', ');

export function Impact({ incident }: { incident: Incident }) {
  const { impact } = incident;
  const latest = impact.samples.at(-1);
  if (!latest) return null;
  const peak = inWords({ customers: impact.peakCustomers, pctRequests: impact.peakPctRequests });
  return (
    <div>
      <Text fz="sm">
        {inWords(latest)}{' '}
        <Text span fz="xs" c="dimmed">
          <Ago at={latest.at} />
          {latest.method && ` (${latest.method})`}
        </Text>
      </Text>
      {impact.samples.length > 1 && (
        <>
          <Plot incident={incident} />
          <Text fz="xs" c="dimmed">
            at most {peak}
            {impact.atContainment && `; when contained ${inWords(impact.atContainment)}`}
          </Text>
        </>
      )}
      {impact.minutes.value !== null && (
        <Text fz="xs" c="dimmed">
          {Math.round(impact.minutes.value).toLocaleString('en')} {impact.minutes.unit}{' '}
          {impact.minutes.running ? 'so far' : 'in all'}
        </Text>
      )}
    </div>
  );
}

/** Steps, because each reading holds until the next; customers when they were counted, otherwise the share. */
function Plot({ incident }: { incident: Incident }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const zone = useZone();
  const { samples, peakCustomers, peakPctRequests } = incident.impact;
  const counted = peakCustomers !== null;
  const valueOf = (sample: Sample) => (counted ? sample.customers : sample.pctRequests);
  const known = samples.flatMap((sample) => {
    const value = valueOf(sample);
    return value === null ? [] : [{ at: Date.parse(sample.at), value }];
  });
  const W = Math.max(200, Math.round(width) || 320);
  const from = known[0]!.at;
  const ended = incident.times.impactEndedAt;
  const to = Math.max(ended ? Date.parse(ended) : serverNow(), known.at(-1)!.at, from + 60_000);
  const top = Math.max(1, counted ? peakCustomers : (peakPctRequests ?? 1));
  const x = (at: number) => ((at - from) / (to - from)) * (W - 8) + 4;
  const y = (value: number) => TOP + (1 - value / top) * (H - TOP - BOTTOM);
  const line = known
    .map(
      ({ at, value }, i) =>
        `${i === 0 ? 'M' : 'H'}${x(at).toFixed(1)}${i === 0 ? ` ${y(value).toFixed(1)}` : `V${y(value).toFixed(1)}`}`,
    )
    .join('');
  const contained = incident.times.containedAt;
  const label = `${counted ? 'Customers' : 'Share of requests'} affected: ${known.length} readings, at most ${top}${counted ? '' : ' %'}, now ${known.at(-1)!.value}`;
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${W} ${H}`} className={classes.plot} role="img" aria-label={label}>
        <path d={`M4 ${H - BOTTOM}H${W - 4}`} className={classes.axis} />
        <path d={`${line}H${x(to).toFixed(1)}V${H - BOTTOM}H4Z`} className={classes.area} />
        <path d={`${line}H${x(to).toFixed(1)}`} className={classes.line} />
        {contained && Date.parse(contained) >= from && (
          <g>
            <path d={`M${x(Date.parse(contained))} ${TOP}V${H - BOTTOM}`} className={classes.mark} />
            <text
              x={x(Date.parse(contained))}
              y={TOP}
              textAnchor={x(Date.parse(contained)) > W / 2 ? 'end' : 'start'}
              dx={x(Date.parse(contained)) > W / 2 ? -4 : 4}
            >
              contained
            </text>
          </g>
        )}
        <text x={4} y={H - 4}>
          {formatInstant(from, zone, serverNow())}
        </text>
        <text x={W - 4} y={H - 4} textAnchor="end">
          {formatInstant(to, zone, serverNow())}
        </text>
      </svg>
    </div>
  );
}
