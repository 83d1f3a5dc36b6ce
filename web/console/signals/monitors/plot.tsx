/** Two small plots of our own: time taken with its range and failures, and a budget as it went down. No library for two lines. */
import type { SeriesPoint, SloDetail } from '#contract/signals';
import { useElementSize } from '@mantine/hooks';
import { formatInstant, useZone, serverNow } from '../../../kit/index.ts';
import classes from './monitors.module.css';
import { milliseconds } from './words.tsx';

export const HEIGHT = 220;
const H = HEIGHT;
const LEFT = 52;
const BOTTOM = 24;
const TOP = 8;

/** A round number at or above. */
export function niceCeil(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** Consecutive runs: where nobody looked, the line has a gap. */
export function runs<T extends { at: number }>(points: T[], gap: number): T[][] {
  const found: T[][] = [];
  for (const point of points) {
    const last = found.at(-1)?.at(-1);
    if (last && point.at - last.at <= gap) found.at(-1)!.push(point);
    else found.push([point]);
  }
  return found;
}

/** Points as a path of SVG. */
export const linePath = (points: [number, number][]) =>
  points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** The width there is: letters keep their size on a phone. */
export function useWidth() {
  const { ref, width } = useElementSize<HTMLDivElement>();
  return { ref, W: Math.max(260, Math.round(width) || 760) };
}

/** Instants at which the axis is written, about `count` of them. */
function ticks(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => from + ((to - from) * (n + 0.5)) / count);
}

export function Axis({ from, to, x, count }: { from: number; to: number; x: (at: number) => number; count: number }) {
  const zone = useZone();
  const long = to - from > 2 * 86_400_000;
  return (
    <>
      {ticks(from, to, count).map((at) => {
        const text = formatInstant(at, zone, serverNow());
        return (
          <text key={at} x={x(at)} y={H - 6} textAnchor="middle">
            {long ? text.replace(/, \d\d:\d\d.*/, '') : text}
          </text>
        );
      })}
    </>
  );
}

export function LatencyPlot({
  points,
  from,
  to,
  seconds,
}: {
  points: SeriesPoint[];
  from: string;
  to: string;
  seconds: number;
}) {
  const { ref, W } = useWidth();
  const [start, end] = [new Date(from).getTime(), new Date(to).getTime()];
  const rows = points.map((point) => ({ ...point, at: new Date(point.at).getTime() }));
  const top = niceCeil(Math.max(...rows.map((row) => row.max ?? 0), 10));
  const x = (at: number) => LEFT + ((at - start) / (end - start)) * (W - LEFT - 4);
  const y = (ms: number) => TOP + (1 - ms / top) * (H - TOP - BOTTOM);
  const slot = ((seconds * 1000) / (end - start)) * (W - LEFT - 4);
  const failed = rows.filter((row) => row.failed > 0);
  const mean =
    rows.reduce((sum, row) => sum + (row.avg ?? 0) * row.n, 0) /
    Math.max(
      1,
      rows.reduce((sum, row) => sum + row.n, 0),
    );
  const label = `Time taken, on average ${milliseconds(mean)}, at most ${milliseconds(Math.max(...rows.map((row) => row.max ?? 0)))}; failures in ${failed.length} of ${rows.length} stretches`;
  return (
    <div ref={ref}>
      <svg className={classes.plot} viewBox={`0 0 ${W} ${H}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line className={classes.grid} x1={LEFT} x2={W - 4} y1={y(share * top)} y2={y(share * top)} />
            <text x={LEFT - 6} y={y(share * top) + 4} textAnchor="end">
              {milliseconds(share * top)}
            </text>
          </g>
        ))}
        {runs(rows, seconds * 2500).map((run) => (
          <g key={run[0]!.at}>
            <path
              className={classes.band}
              d={`${linePath(run.map((row) => [x(row.at) + slot / 2, y(row.max ?? 0)]))}${linePath(run.toReversed().map((row) => [x(row.at) + slot / 2, y(row.min ?? 0)])).replace('M', 'L')}Z`}
            />
            <path className={classes.line} d={linePath(run.map((row) => [x(row.at) + slot / 2, y(row.avg ?? 0)]))} />
          </g>
        ))}
        {failed.map((row) => (
          <rect
            key={row.at}
            data-tone="danger"
            x={x(row.at)}
            width={Math.max(2, slot - 0.5)}
            y={H - BOTTOM - 2}
            height={6}
          />
        ))}
        <Axis from={start} to={end} x={x} count={W < 480 ? 2 : 5} />
      </svg>
      <div className={classes.legend}>
        <span>Line: mean</span>
        <span>Band: fastest to slowest</span>
        <span>Marks at the foot: failures</span>
      </div>
    </div>
  );
}

export function BudgetPlot({ slo }: { slo: Pick<SloDetail, 'burnDown' | 'windowStart'> }) {
  const { ref, W } = useWidth();
  const start = new Date(slo.windowStart).getTime();
  const end = serverNow();
  const rows = slo.burnDown.map((point) => ({ at: new Date(point.at).getTime(), left: point.left }));
  const least = Math.min(0, ...rows.map((row) => row.left));
  const low = least < 0 ? -niceCeil(-least) : 0;
  const x = (at: number) => LEFT + Math.max(0, Math.min(1, (at - start) / (end - start))) * (W - LEFT - 4);
  const y = (left: number) => TOP + ((1 - left) / (1 - low)) * (H - TOP - BOTTOM);
  const last = rows.at(-1);
  const line: [number, number][] = rows.flatMap((row, n) => [
    [x(row.at), y(n === 0 ? 1 : rows[n - 1]!.left)],
    [x(row.at + 3_600_000), y(row.left)],
  ]);
  const label = last
    ? `Error budget left over the window, now ${Math.round(last.left * 100)} %`
    : 'Nothing was counted yet';
  return (
    <div ref={ref}>
      <svg className={classes.plot} viewBox={`0 0 ${W} ${H}`} role="img" aria-label={label}>
        {[...new Set([1, 0.5, 0, low])].map((share) => (
          <g key={share}>
            <line
              className={share === 0 ? classes.limit : classes.grid}
              x1={LEFT}
              x2={W - 4}
              y1={y(share)}
              y2={y(share)}
            />
            <text x={LEFT - 6} y={y(share) + 4} textAnchor="end">
              {`${Math.round(share * 100)} %`}
            </text>
          </g>
        ))}
        <path className={classes.line} d={linePath(line)} />
        <Axis from={start} to={end} x={x} count={W < 480 ? 2 : 5} />
      </svg>
    </div>
  );
}
