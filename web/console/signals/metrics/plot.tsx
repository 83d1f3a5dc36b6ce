/** A series with the band in which it was expected, and the anomalies found in it. */
import type { MetricSeriesDetail } from '#contract/signals';
import classes from '../monitors/monitors.module.css';
import { Axis, HEIGHT as H, linePath, runs, useWidth } from '../monitors/plot.tsx';
import { number } from './words.tsx';

const [LEFT, BOTTOM, TOP] = [60, 24, 8];

/** The values an axis has to reach; wild bands do not press the line flat. */
function rangeOf(series: MetricSeriesDetail): { low: number; high: number } {
  const values = series.points.map((point) => point.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(most - least, Math.abs(most) * 0.02, 1e-9);
  const lows = series.points.flatMap((point) => (point.low === null ? [] : [Math.max(point.low, least - room)]));
  const highs = series.points.flatMap((point) => (point.high === null ? [] : [Math.min(point.high, most + room)]));
  const low = Math.min(least, ...lows);
  const high = Math.max(most, ...highs);
  const pad = Math.max((high - low) * 0.05, room * 0.05);
  return { low: low >= 0 && low - pad < 0 ? 0 : low - pad, high: high + pad };
}

export function SeriesPlot({ series }: { series: MetricSeriesDetail }) {
  const { ref, W } = useWidth();
  const [start, end] = [new Date(series.from).getTime(), new Date(series.to).getTime()];
  const { low, high } = rangeOf(series);
  const x = (at: number) => LEFT + ((at - start) / (end - start)) * (W - LEFT - 8);
  const y = (value: number) =>
    TOP + (1 - (Math.max(low, Math.min(high, value)) - low) / (high - low)) * (H - TOP - BOTTOM);
  const rows = series.points.map((point) => ({ ...point, at: new Date(point.at).getTime() }));
  const gap = series.stepSeconds * 3500;
  const banded = rows.filter((row) => row.low !== null || row.high !== null);
  const found = series.anomalies.filter((one) => new Date(one.at).getTime() >= start);
  const last = rows.at(-1);
  const label = `Values over time, now ${number(last?.value ?? null)}, expected ${number(last?.low ?? null)} to ${number(last?.high ?? null)}; ${found.length} anomalies`;
  return (
    <div ref={ref}>
      <svg className={classes.plot} viewBox={`0 0 ${W} ${H}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line
              className={classes.grid}
              x1={LEFT}
              x2={W - 8}
              y1={y(low + share * (high - low))}
              y2={y(low + share * (high - low))}
            />
            <text x={LEFT - 6} y={y(low + share * (high - low)) + 4} textAnchor="end">
              {number(low + share * (high - low))}
            </text>
          </g>
        ))}
        {runs(banded, gap).map((run) => (
          <path
            key={run[0]!.at}
            className={classes.band}
            d={`${linePath(run.map((row) => [x(row.at), y(row.high ?? high)]))}${linePath(run.toReversed().map((row) => [x(row.at), y(row.low ?? low)])).replace('M', 'L')}Z`}
          />
        ))}
        {runs(rows, gap).map((run) => (
          <path key={run[0]!.at} className={classes.line} d={linePath(run.map((row) => [x(row.at), y(row.value)]))} />
        ))}
        {found.map((one) => (
          <circle
            key={one.id}
            data-tone="danger"
            cx={x(new Date(one.at).getTime())}
            cy={y(one.value)}
            r={4.5}
            fillOpacity={one.useful === false ? 0.35 : 1}
          />
        ))}
        <Axis from={start} to={end} x={x} count={W < 480 ? 2 : 5} />
      </svg>
      <div className={classes.legend}>
        <span>Line: value</span>
        <span>Band: where 98 of 100 were at this time of day</span>
        <span>Dots: anomalies</span>
      </div>
    </div>
  );
}
