/** Words and badges of monitors, the same on every screen. */
import type { Monitor } from '#contract/signals';
import { StateBadge, TextLink, type Tone } from '../../../kit/index.ts';
import classes from './monitors.module.css';

export type MonitorState = Monitor['state'];

const LABELS: Record<MonitorState, string> = { up: 'Up', down: 'Down', unknown: 'Unknown' };
const TONES: Record<MonitorState, Tone> = { up: 'ok', down: 'danger', unknown: 'idle' };

export function MonitorBadge({ state, enabled = true }: { state: MonitorState; enabled?: boolean }) {
  if (!enabled) return <StateBadge state="paused" label="Paused" tone="idle" />;
  return <StateBadge state={state} label={LABELS[state]} tone={TONES[state]} />;
}

/** `99.95 %`; never rounded up to 100. */
export function percent(share: number | null, digits = 2): string {
  if (share === null) return '–';
  const factor = 10 ** (digits + 2);
  const cut = Math.floor(share * factor + 1e-9) / 10 ** digits;
  return `${share < 0 ? (share * 100).toFixed(digits) : cut.toFixed(digits).replace(/\.?0+$/, '')} %`;
}

export const milliseconds = (ms: number | null): string =>
  ms === null
    ? '–'
    : ms >= 10_000
      ? `${(ms / 1000).toFixed(0)} s`
      : ms >= 1000
        ? `${(ms / 1000).toFixed(1)} s`
        : `${Math.round(ms)} ms`;

const TABS = [
  { to: '/monitors', label: 'Monitors' },
  { to: '/monitors/heartbeats', label: 'Heartbeats' },
  { to: '/monitors/slos', label: 'Objectives' },
  { to: '/monitors/metrics', label: 'Metrics' },
  { to: '/monitors/places', label: 'Places' },
];

/** The pages of own eyes. */
export function EyesTabs({ here }: { here: string }) {
  return (
    <nav className={classes.tabs} aria-label="Own eyes">
      {TABS.map(({ to, label }) => (
        <span key={to}>
          <TextLink to={to} {...(to === here ? { 'data-here': true, 'aria-current': 'page' } : {})}>
            {label}
          </TextLink>
        </span>
      ))}
    </nav>
  );
}
