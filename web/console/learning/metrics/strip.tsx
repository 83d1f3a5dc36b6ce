/** Dots on a logarithmic axis: every incident is one, none is hidden in a mean. */
import { useElementSize } from '@mantine/hooks';
import type { MeasureReport } from '#contract/learning';
import { formatDuration } from '../../../kit/index.ts';
import classes from '../learning.module.css';

const TICKS = [1, 5, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 10_080, 43_200];
const RADIUS = 5.5;
const PAD = 14;

/** Where a number of minutes stands between 0 and 1; everything up to a minute stands at the left end. */
export function place(minutes: number, most: number): number {
  const top = Math.log10(Math.max(most, 10));
  return Math.min(1, Math.max(0, Math.log10(Math.max(1, minutes)) / top));
}

/** The end of the axis: the next tick above the longest case. */
export const axisEnd = (longest: number) => TICKS.find((tick) => tick >= longest) ?? longest;

/** Stacks dots that would cover each other: each goes to the lowest free level. */
export function levels(xs: readonly number[]): number[] {
  const placed: { x: number; level: number }[] = [];
  return xs.map((x) => {
    let level = 0;
    while (placed.some((other) => other.level === level && Math.abs(other.x - x) < RADIUS * 2)) level++;
    placed.push({ x, level });
    return level;
  });
}

export function Strip({ report }: { report: MeasureReport }) {
  const { ref, width } = useElementSize();
  const end = axisEnd(Math.max(10, ...report.dots.map((dot) => dot.minutes)));
  const at = (minutes: number) => PAD + place(minutes, end) * Math.max(0, width - 2 * PAD);
  const dots = [...report.dots].sort((a, b) => a.minutes - b.minutes);
  const rows = levels(dots.map((dot) => at(dot.minutes)));
  const base = 14 + Math.max(0, ...rows) * RADIUS * 2 + RADIUS;
  const { median, p75, n } = report.summary;
  const label = `${report.name}: ${n} incidents on a logarithmic axis${median === null ? '' : `, median ${formatDuration(median * 60)}`}`;
  return (
    <div className={classes.strip} ref={ref}>
      {width > 0 && (
        <svg width={width} height={base + 30} role="img" aria-label={label}>
          <g className={classes.axis}>
            {ticksFor(end, width).map((tick) => (
              <g key={tick} transform={`translate(${at(tick)} 0)`}>
                <line y1={4} y2={base + 10} />
                <text y={base + 26} textAnchor={tick === 1 ? 'start' : tick === end ? 'end' : 'middle'}>
                  {tick === 1 ? '≤ 1 min' : formatDuration(tick * 60)}
                </text>
              </g>
            ))}
          </g>
          {p75 !== null && <line className={classes.p75} x1={at(p75)} x2={at(p75)} y1={4} y2={base + 10} />}
          {median !== null && <line className={classes.median} x1={at(median)} x2={at(median)} y1={4} y2={base + 10} />}
          {dots.map((dot, i) => (
            <circle
              key={dot.incidentId}
              className={classes.dot}
              data-severity={dot.severity}
              cx={at(dot.minutes)}
              cy={base - (rows[i] ?? 0) * RADIUS * 2}
              r={RADIUS}
            >
              <title>{`${dot.key} ${dot.title}: ${dot.note ? 'seen before any impact' : formatDuration(dot.minutes * 60)}`}</title>
            </circle>
          ))}
        </svg>
      )}
    </div>
  );
}

/** As many ticks as fit without touching. */
function ticksFor(end: number, width: number): number[] {
  const inside = TICKS.filter((tick) => tick <= end);
  const room = Math.max(2, Math.floor(width / 90));
  if (inside.length <= room) return inside;
  const step = Math.ceil(inside.length / room);
  return inside.filter((tick, i) => i === 0 || tick === end || (i % step === 0 && i < inside.length - step));
}
