/** A schedule at a glance: each layer as a row, what holds in the end under them, gaps in red, a line for now. By ear: lists. */
import { Button, Group, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as people, type Shift, type Timeline as TimelineOfApi } from '#contract/people';
import { formatInstant, Hint, Loaded, serverNow, useNow, useQueryOf, useZone } from '../../kit/index.ts';
import { daysFrom, isWeekend, startOfWeek } from './days.ts';
import { type Stretch, useRange } from './range.tsx';
import { sayGap } from './say.ts';
import classes from './timeline.module.css';

export interface Window {
  from: number;
  to: number;
  days: number[];
}

/** Fortnight or month, from a Monday on the schedule's wall, and the buttons that move it. */
export function useTimelineWindow(zone: string) {
  const [length, setLength] = useState<'14' | '35'>('14');
  const [moved, setMoved] = useState(0);
  const [monday] = useState(() => startOfWeek(zone, serverNow()));
  const start = startOfWeek(zone, monday + moved * 7 * 86_400_000 + 43_200_000);
  const days = daysFrom(zone, start, Number(length));
  const window: Window = { from: start, to: days.at(-1) ?? start, days };
  const weeks = Number(length) / 7;
  const controls = (
    <Group gap="xs" className={classes.controls}>
      <SegmentedControl
        size="xs"
        aria-label="How much is shown"
        value={length}
        onChange={(value) => setLength(value as '14' | '35')}
        data={[
          { value: '14', label: 'Fortnight' },
          { value: '35', label: 'Month' },
        ]}
      />
      <Button.Group>
        <Button size="compact-sm" variant="default" aria-label="Earlier" onClick={() => setMoved(moved - weeks)}>
          <IconChevronLeft size={14} />
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setMoved(0)}>
          Today
        </Button>
        <Button size="compact-sm" variant="default" aria-label="Later" onClick={() => setMoved(moved + weeks)}>
          <IconChevronRight size={14} />
        </Button>
      </Button.Group>
    </Group>
  );
  return { window, controls };
}

const iso = (at: number) => new Date(at).toISOString();
export const queryOf = ({ from, to }: Window) => ({ from: iso(from), to: iso(to) });

/** The timeline of a saved schedule. */
export function ScheduleTimeline({
  id,
  name,
  zone,
  onRange,
}: {
  id: string;
  name: string;
  zone: string;
  /** When given, a stretch of the result can be chosen. */
  onRange?: ((stretch: Stretch) => void) | undefined;
}) {
  const { window, controls } = useTimelineWindow(zone);
  const query = useQueryOf(people.timeline, { params: { id }, query: queryOf(window) }, { keepPrevious: true });
  return (
    <>
      {controls}
      <Loaded query={query} lines={4}>
        {(timeline) => <TimelineView timeline={timeline} window={window} name={name} onRange={onRange} />}
      </Loaded>
      {onRange && (
        <Text fz="xs" c="dimmed" mt={6} visibleFrom="sm">
          Drag over the row “On call” to override a stretch; with the keyboard, Tab to it, then arrows, Shift and
          arrows, Enter.
        </Text>
      )}
    </>
  );
}

/** The drawing itself, for saved schedules and drafts. */
interface ViewProps {
  timeline: TimelineOfApi;
  window: Window;
  name: string;
  onRange?: ((stretch: Stretch) => void) | undefined;
}

export function TimelineView({ timeline, window, name, onRange }: ViewProps) {
  const now = useNow(60);
  const place = (at: number) => `${(((at - window.from) / (window.to - window.from)) * 100).toFixed(3)}%`;
  const hues = huesOf(timeline);
  const several = timeline.layers.length > 1;
  return (
    <>
      <section className={classes.scroll} tabIndex={0} aria-label={`Timeline of ${name}`}>
        <div className={classes.chart} data-long={window.days.length > 20 || undefined}>
          <div className={classes.head} aria-hidden="true">
            <span className={classes.zone}>{timeline.zone}</span>
            <DayNames window={window} zone={timeline.zone} place={place} />
          </div>
          {timeline.layers.map((layer) => (
            <Row
              key={layer.id}
              label={layer.name}
              sub={layer.zone === timeline.zone ? '' : layer.zone}
              {...{ window, place, hues }}
              zone={timeline.zone}
              shifts={layer.shifts}
              quiet={several}
            />
          ))}
          <Row
            label="On call"
            sub={several ? 'the result' : ''}
            result
            {...{ window, place, hues }}
            zone={timeline.zone}
            shifts={timeline.result}
            onRange={onRange}
          />
          {window.from <= now && now < window.to && (
            <div className={classes.nowTrack} aria-hidden="true">
              <div className={classes.now} style={{ left: place(now) }} />
            </div>
          )}
        </div>
      </section>
      <ul className={classes.legend} aria-hidden="true">
        {[...peopleIn(timeline)].map(([id, person]) => (
          <li key={id} className={classes.tag} data-hue={hues.get(id)}>
            {person}
          </li>
        ))}
      </ul>
      {timeline.notes.map((note) => (
        <Group key={`${note.at}${note.zone}`} mt="xs">
          <Hint tone={note.layers.length > 0 ? 'notice' : 'progress'} title={note.layers.join(', ')}>
            {note.text}
          </Hint>
        </Group>
      ))}
    </>
  );
}

interface RowProps {
  label: string;
  sub: string;
  window: Window;
  place: (at: number) => string;
  hues: Map<string, number>;
  zone: string;
  shifts: Shift[];
  result?: boolean;
  /** In a layer, hours without duty are quiet: only the result has gaps. */
  quiet?: boolean;
  onRange?: ((stretch: Stretch) => void) | undefined;
}

function Row({ label, sub, window, place, hues, zone, shifts, result, quiet, onRange }: RowProps) {
  const range = useRange(window, zone, (stretch) => {
    onRange?.(stretch);
    range.clear();
  });
  return (
    <div className={classes.row} data-result={result || undefined}>
      <span className={classes.label}>
        {label}
        {sub && <small>{sub}</small>}
      </span>
      <div className={classes.track} data-choose={onRange ? true : undefined} {...(onRange ? range.track : {})}>
        {window.days.slice(0, -1).map((day, i) => (
          <span
            key={day}
            aria-hidden="true"
            className={classes.day}
            data-weekend={isWeekend(zone, day) || undefined}
            style={{ left: place(day), right: `calc(100% - ${place(window.days[i + 1] ?? window.to)})` }}
          />
        ))}
        <ol className={classes.shifts} aria-label={label}>
          {shifts.map((shift) => (
            <Cell key={shift.from} {...{ shift, window, place, hues }} quiet={Boolean(quiet)} />
          ))}
        </ol>
        {onRange && range.handle}
      </div>
    </div>
  );
}

type CellProps = Pick<RowProps, 'window' | 'place' | 'hues'> & { shift: Shift; quiet: boolean };

function Cell({ shift, window, place, hues, quiet }: CellProps) {
  const zone = useZone();
  const [from, to] = [Date.parse(shift.from), Date.parse(shift.to)];
  const share = (to - from) / (window.to - window.from);
  const name = shift.person?.name ?? 'Nobody';
  const more = [
    shift.replaces ? `for ${shift.replaces.name}` : shift.source === 'override' ? 'override' : '',
    sayGap(shift),
    shift.person && !shift.reachable ? 'no confirmed contact method' : '',
  ].filter(Boolean);
  const label = `${name}, ${formatInstant(from, zone, 0)} to ${formatInstant(to, zone, 0)}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
  const idle = !shift.person && (quiet ? shift.why !== 'person_away' && shift.why !== 'person_inactive' : false);
  return (
    <Tooltip label={label} events={{ hover: true, focus: true, touch: true }} multiline maw={320}>
      <li
        className={classes.cell}
        data-kind={idle ? 'idle' : shift.person ? shift.source : 'gap'}
        data-hue={shift.person ? hues.get(shift.person.id) : undefined}
        style={{ left: place(from), width: `${(share * 100).toFixed(3)}%` }}
      >
        <span aria-hidden="true">
          {idle ? '' : shift.person ? textFor(shift.person.name, share) : share > 0.055 ? 'Nobody' : '!'}
        </span>
        <span className={classes.hidden}>{label}</span>
      </li>
    </Tooltip>
  );
}

/** The full name where it fits, the first name, initials, or nothing. */
function textFor(name: string, share: number): string {
  const words = name.split(' ');
  if (share > 0.12) return name;
  if (share > 0.055) return words[0] ?? '';
  return share > 0.02 ? words.map((word) => word[0]).join('') : '';
}

/** Everybody who has duty in the picture, in the order of their colours. */
const peopleIn = (timeline: TimelineOfApi): Map<string, string> =>
  new Map(
    [...timeline.layers.flatMap((layer) => layer.shifts), ...timeline.result].flatMap(({ person }) =>
      person ? [[person.id, person.name] as const] : [],
    ),
  );

/** Each person keeps one colour through the whole picture. */
function huesOf(timeline: TimelineOfApi): Map<string, number> {
  const hues = new Map<string, number>();
  for (const shift of [...timeline.layers.flatMap((layer) => layer.shifts), ...timeline.result])
    if (shift.person && !hues.has(shift.person.id)) hues.set(shift.person.id, hues.size % 8);
  return hues;
}

function DayNames({ window, zone, place }: { window: Window; zone: string; place: (at: number) => string }) {
  const long = window.days.length > 20;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric' });
  const first = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short' });
  return (
    <ol className={classes.days}>
      {window.days.slice(0, -1).map((day, index) => {
        if (long && index % 7 !== 0) return null;
        const text = long || index === 0 ? first.format(day) : format.format(day).replace(',', '');
        return (
          <li key={day} style={{ left: place(day) }}>
            {text}
          </li>
        );
      })}
    </ol>
  );
}
