/** The last day of a monitor in 48 bars: low and green where all was well, full height where it failed, a stub where nobody looked. */
import type { Monitor } from '#contract/signals';
import classes from './monitors.module.css';
import { percent } from './words.tsx';

const WIDTH = 240;
const HEIGHT = 22;

export function Strip({ monitor, wide }: { monitor: Pick<Monitor, 'strip' | 'uptime'>; wide?: boolean }) {
  const step = WIDTH / monitor.strip.length;
  const failing = monitor.strip.filter((cell) => cell.failed > 0).length;
  const label =
    monitor.uptime === null
      ? 'Not looked at in the last 24 hours'
      : `Last 24 hours: ${percent(monitor.uptime)} of looks were good, failures in ${failing} of 48 half hours`;
  return (
    <svg
      className={classes.strip}
      data-wide={wide || undefined}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      {monitor.strip.map((cell, n) => {
        const share = cell.n > 0 ? cell.failed / cell.n : 0;
        const tone = cell.n === 0 ? 'idle' : share === 0 ? 'ok' : share < 0.5 ? 'warn' : 'danger';
        const height = cell.n === 0 ? 4 : share === 0 ? 11 : 14 + share * 8;
        return (
          <rect key={n} data-tone={tone} x={n * step} y={HEIGHT - height} width={step - 1.2} height={height} rx={1} />
        );
      })}
    </svg>
  );
}
