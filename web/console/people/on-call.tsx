/** Who is on call now, until when, who is next, and what is not covered in the next two weeks. */
import { Button, Group } from '@mantine/core';
import { IconBeach, IconCalendarPlus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type OnCall, endpoints as people, type Schedule } from '#contract/people';
import {
  EmptyState,
  Hint,
  LinkButton,
  Loaded,
  Page,
  PersonName,
  Section,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { IncomingCalendars } from './calendars.tsx';
import { Away, LeaveForm } from './leave.tsx';
import { OverrideForm } from './override-form.tsx';
import classes from './people.module.css';
import { sayGap, sayTurns } from './say.ts';
import { ShiftStrip } from './strip.tsx';
import { Swaps } from './swaps.tsx';

export function OnCallPage() {
  const onCall = useQueryOf(people.onCall);
  const schedules = useQueryOf(people.schedules);
  const mayCreate = useMay('people.createSchedule');
  const mayLeave = useMay('people.addAbsence');
  const [leaving, setLeaving] = useState(false);
  const [covering, setCovering] = useState<OnCall['schedule']>();
  const make = mayCreate && (
    <LinkButton to="/on-call/new" leftSection={<IconPlus size={16} />}>
      Make a schedule
    </LinkButton>
  );
  const leave = mayLeave && (
    <Button variant="default" leftSection={<IconBeach size={16} />} onClick={() => setLeaving(true)}>
      I am away
    </Button>
  );
  return (
    <Page
      title="On call"
      subtitle="Who is called first, and when that changes hands."
      actions={
        <>
          {leave}
          {make}
        </>
      }
    >
      <Swaps />
      <Loaded query={onCall}>
        {({ items, at }) =>
          items.length === 0 ? (
            <EmptyState title="No schedules yet" action={make}>
              A schedule says who is on call when, in one or more layers. Until there is one, pages go to whoever a
              policy names, and to the administrators when it names nobody.
            </EmptyState>
          ) : (
            items.map((item) => (
              <OneSchedule
                key={item.schedule.id}
                item={item}
                at={at}
                schedule={schedules.data?.items.find(({ id }) => id === item.schedule.id)}
                onCover={() => setCovering(item.schedule)}
              />
            ))
          )
        }
      </Loaded>
      <Away />
      <IncomingCalendars />
      {leaving && <LeaveForm onClose={() => setLeaving(false)} />}
      {covering && <OverrideForm schedule={covering} onClose={() => setCovering(undefined)} />}
    </Page>
  );
}

interface Props {
  item: OnCall;
  at: string;
  schedule: Schedule | undefined;
  onCover: () => void;
}

/** One layer is said in full; of several, how many there are. */
function describe(schedule: Schedule): string {
  const [layer, ...more] = schedule.layers;
  if (!layer) return schedule.zone;
  if (more.length > 0) return `${schedule.layers.length} layers, ${schedule.zone} time`;
  return `Hands over ${sayTurns(layer)}, ${layer.zone} time`;
}

function OneSchedule({ item, at, schedule, onCover }: Props) {
  const mayCover = useMay('people.addOverride');
  const { now, next, gaps } = item;
  return (
    <Section
      title={item.schedule.name}
      description={schedule && describe(schedule)}
      actions={
        <>
          {mayCover && (
            <Button variant="default" leftSection={<IconCalendarPlus size={16} />} onClick={onCover}>
              Override
            </Button>
          )}
          <LinkButton variant="default" to={`/on-call/${item.schedule.id}`} aria-label={`Open ${item.schedule.name}`}>
            Open
          </LinkButton>
        </>
      }
    >
      <dl className={classes.now}>
        <div>
          <dt>Now</dt>
          <dd>
            {now.person ? (
              <PersonName person={now.person} />
            ) : (
              <span className={classes.gapNow}>Nobody: {sayGap(now)}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>Until</dt>
          <dd>{next ? <When at={now.to} date /> : 'no change in sight'}</dd>
        </div>
        <div>
          <dt>Next</dt>
          <dd>
            <PersonName person={next?.person} plain none={next ? 'Nobody' : '–'} />
          </dd>
        </div>
      </dl>
      <ShiftStrip schedule={item.schedule} at={at} />
      {gaps.length > 0 && <Gaps gaps={gaps} />}
      {schedule?.warnings
        .filter(({ rule }) => rule !== 'people.schedule.empty')
        .map(({ message }) => (
          <Group key={message} mt="sm">
            <Hint tone="notice">{message}</Hint>
          </Group>
        ))}
    </Section>
  );
}

/** A schedule with office hours has a gap a night: the first ones, and how many more. */
const SHOWN = 3;

function Gaps({ gaps }: { gaps: OnCall['gaps'] }) {
  return (
    <Group mt="sm">
      <Hint tone="warn" title="Nobody is on call">
        {gaps.slice(0, SHOWN).map((gap, index) => (
          <span key={gap.from}>
            {index > 0 && '; '}from <When at={gap.from} date /> to <When at={gap.to} date />
            {gap.why && ` (${sayGap(gap)})`}
          </span>
        ))}
        {gaps.length > SHOWN && `; and ${gaps.length - SHOWN} more`}. A page in a gap goes to the next step at once, and
        to the emergency contact when no step has anybody.
      </Hint>
    </Group>
  );
}
