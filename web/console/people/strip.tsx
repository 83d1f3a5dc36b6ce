/** Two weeks of a schedule as one strip: who has which stretch, gaps in red. Read by ear it is a list. */
import { Tooltip } from '@mantine/core';
import { type OnCall, endpoints as people, type Shift } from '#contract/people';
import { formatInstant, Loaded, useQueryOf, useZone } from '../../kit/index.ts';
import classes from './people.module.css';
import { sayGap } from './say.ts';

const DAY = 86_400_000;
const DAYS = 14;

/** The window begins at the full hour of `at` (the server's time), so that the question stays the same for a while. */
export function ShiftStrip({ schedule, at }: { schedule: OnCall['schedule']; at: string }) {
  const start = Math.floor(Date.parse(at) / 3_600_000) * 3_600_000;
  const end = start + DAYS * DAY;
  const query = useQueryOf(people.shifts, {
    params: { id: schedule.id },
    query: { from: new Date(start).toISOString(), to: new Date(end).toISOString() },
  });
  return (
    <div className={classes.strip}>
      <Loaded query={query} lines={2}>
        {({ shifts, zone }) => (
          <>
            <Days start={start} end={end} zone={zone} />
            <ol className={classes.shifts} aria-label={`${schedule.name}, the next two weeks`}>
              {shifts.map((shift, index) => (
                <Stretch key={shift.from} shift={shift} odd={index % 2 === 1} share={length(shift) / (end - start)} />
              ))}
            </ol>
          </>
        )}
      </Loaded>
    </div>
  );
}

const length = (shift: Shift): number => Date.parse(shift.to) - Date.parse(shift.from);

function Stretch({ shift, odd, share }: { shift: Shift; odd: boolean; share: number }) {
  const zone = useZone();
  const now = Date.parse(shift.from);
  const from = formatInstant(now, zone, 0);
  const to = formatInstant(Date.parse(shift.to), zone, 0);
  const name = shift.person?.name ?? 'Nobody';
  const more = [
    shift.source === 'override' ? 'override' : '',
    sayGap(shift),
    shift.replaces ? `for ${shift.replaces.name}` : '',
    shift.person && !shift.reachable ? 'no confirmed contact method' : '',
  ].filter(Boolean);
  const label = `${name}, ${from} to ${to}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
  return (
    <Tooltip label={label} events={{ hover: true, focus: true, touch: true }}>
      <li
        className={classes.shift}
        data-source={shift.source}
        data-odd={odd || undefined}
        data-small={share <= 0.05 || undefined}
        style={{ flex: `${share} 1 0` }}
      >
        <span aria-hidden="true">{share > 0.05 ? name : ''}</span>
        <span className={classes.hidden}>{label}</span>
      </li>
    </Tooltip>
  );
}

/** Midnights on the wall of the schedule's zone; only every other one is written. */
function Days({ start, end, zone }: { start: number; end: number; zone: string }) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric' });
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
  const marks: number[] = [];
  for (let at = start; at < end; at += 3_600_000) if (Number(hour.format(at)) === 0) marks.push(at);
  return (
    <ol className={classes.days} aria-hidden="true">
      {marks.map((at, index) => (
        <li key={at} data-minor={index % 2 || undefined} style={{ left: `${((at - start) / (end - start)) * 100}%` }}>
          {format.format(at).replace(',', '')}
        </li>
      ))}
    </ol>
  );
}
