/** Times on the screen: local with the zone's name, UTC and the other form on hover, ticking without moving the layout. */
import { Tooltip } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { serverNow, useNow } from './clock.ts';
import { formatAgo, formatDay, formatDuration, formatFull, formatInstant } from './format.ts';
import { useZone } from './session.ts';
import classes from './time.module.css';

type Instant = string | number | Date | null | undefined;

const toMs = (at: Instant): number => (at === null || at === undefined ? Number.NaN : new Date(at).getTime());

interface TimeProps {
  /** ISO 8601 text, or nothing: then `none` is shown. */
  at: Instant;
  none?: ReactNode;
}

/** The hint is made when somebody asks for it: a long list of times is on the screen in half of the time. */
function Time({ at, hint, children }: { at: number; hint: string; children: ReactNode }) {
  const [asked, setAsked] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const forget = () => clearTimeout(timer.current);
  useEffect(() => forget, []);
  const time = (
    <time
      dateTime={new Date(at).toISOString()}
      className={classes.time}
      onPointerEnter={asked ? undefined : () => (timer.current = setTimeout(() => setAsked(true), 250))}
      onPointerLeave={asked ? undefined : forget}
    >
      {children}
    </time>
  );
  return asked ? (
    <Hint at={at} hint={hint}>
      {time}
    </Hint>
  ) : (
    time
  );
}

function Hint({ at, hint, children }: { at: number; hint: string; children: ReactNode }) {
  const zone = useZone();
  const label = (
    <span className={classes.hint}>
      <span>{hint}</span>
      {zone !== 'UTC' && <span>{formatFull(at, zone)}</span>}
      <span>{formatFull(at, 'UTC')}</span>
    </span>
  );
  return (
    <Tooltip label={label} events={{ hover: true, focus: true, touch: true }} openDelay={250} defaultOpened>
      {children}
    </Tooltip>
  );
}

/** An instant: `14:03 CET` today, `Mon 23 Nov, 14:03 CET` on other days. `day` shows the date alone, `seconds` the second too. */
export function When({
  at,
  none = '–',
  day,
  seconds,
  date,
}: TimeProps & { day?: boolean; seconds?: boolean; date?: boolean }) {
  const zone = useZone();
  const now = useNow(60);
  const ms = toMs(at);
  if (Number.isNaN(ms)) return <>{none}</>;
  return (
    <Time at={ms} hint={formatAgo(ms, now)}>
      {day ? formatDay(ms, zone, now) : breakable(formatInstant(ms, zone, now, { seconds, date }))}
    </Time>
  );
}

/** Where it must break, it breaks between the day and the time. */
function breakable(text: string): ReactNode {
  const at = text.indexOf(', ');
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at + 1)} <span className={classes.part}>{text.slice(at + 2)}</span>
    </>
  );
}

/** How long ago, or how far ahead: `3 min ago`, `in 12 min`. */
export function Ago({ at, none = '–' }: TimeProps) {
  const zone = useZone();
  const ms = toMs(at);
  // The tick is rounded down; what came in since would otherwise seem to lie ahead.
  const now = Math.max(useNow(15), serverNow());
  if (Number.isNaN(ms)) return <>{none}</>;
  return (
    <Time at={ms} hint={formatInstant(ms, zone, now)}>
      {formatAgo(ms, now)}
    </Time>
  );
}

/**
 * A length of time: `seconds`, or from one instant to another. Without `to` it runs on, second by second under an hour.
 * `none` when there is no beginning.
 */
export function Duration({
  seconds,
  from,
  to,
  none = '–',
}: {
  seconds?: number | null;
  from?: Instant;
  to?: Instant;
  none?: ReactNode;
}) {
  const start = toMs(from);
  const running = seconds === undefined && (to === null || to === undefined);
  const now = useNow(running ? 1 : 3_600);
  if (seconds === null || (seconds === undefined && Number.isNaN(start))) return <>{none}</>;
  const length = seconds ?? ((running ? now : toMs(to)) - start) / 1_000;
  return <span className={classes.duration}>{formatDuration(length, { exact: running })}</span>;
}

/** Time left until `at`, second by second in the last hour: `12 min 05 s left`, then `3 min overdue`. */
export function Countdown({
  at,
  none = '–',
  left = 'left',
  over = 'overdue',
}: TimeProps & { left?: string; over?: string }) {
  const ms = toMs(at);
  const now = useNow(1);
  if (Number.isNaN(ms)) return <>{none}</>;
  const seconds = (ms - now) / 1_000;
  const text =
    seconds >= 0 ? `${formatDuration(seconds, { exact: true })} ${left}` : `${formatDuration(-seconds)} ${over}`;
  return (
    <Time at={ms} hint={seconds >= 0 ? 'due' : 'was due'}>
      <span className={classes.duration}>{text}</span>
    </Time>
  );
}
