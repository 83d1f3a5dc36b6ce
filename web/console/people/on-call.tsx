/** Who is on call now, until when, who is next, and what is not covered in the next two weeks. */
import { Button, Group } from '@mantine/core';
import { IconCalendarPlus, IconPencil, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type OnCall, endpoints as people, type Schedule } from '#contract/people';
import {
  ConfirmButton,
  call,
  EmptyState,
  Hint,
  Loaded,
  Page,
  PersonName,
  Section,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { OverrideForm } from './override-form.tsx';
import classes from './people.module.css';
import { ScheduleForm } from './schedule-form.tsx';
import { sayGap, sayTurns } from './say.ts';
import { ShiftStrip } from './strip.tsx';

export function OnCallPage() {
  const onCall = useQueryOf(people.onCall);
  const schedules = useQueryOf(people.schedules);
  const mayCreate = useMay('people.createSchedule');
  const [editing, setEditing] = useState<Schedule | 'new'>();
  const [covering, setCovering] = useState<OnCall['schedule']>();
  const make = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Make a schedule
    </Button>
  );
  return (
    <Page title="On call" subtitle="Who is called first, and when that changes hands." actions={make}>
      <Loaded query={onCall}>
        {({ items, at }) =>
          items.length === 0 ? (
            <EmptyState title="No schedules yet" action={make}>
              A schedule is a weekly rotation with a hand-over time. Until there is one, pages go to whoever a policy
              names, and to the administrators when it names nobody.
            </EmptyState>
          ) : (
            items.map((item) => (
              <OneSchedule
                key={item.schedule.id}
                item={item}
                at={at}
                schedule={schedules.data?.items.find(({ id }) => id === item.schedule.id)}
                onEdit={setEditing}
                onCover={() => setCovering(item.schedule)}
              />
            ))
          )
        }
      </Loaded>
      {editing && (
        <ScheduleForm schedule={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
      {covering && <OverrideForm schedule={covering} onClose={() => setCovering(undefined)} />}
    </Page>
  );
}

interface Props {
  item: OnCall;
  at: string;
  schedule: Schedule | undefined;
  onEdit: (schedule: Schedule) => void;
  onCover: () => void;
}

function OneSchedule({ item, at, schedule, onEdit, onCover }: Props) {
  const mayCover = useMay('people.addOverride');
  const mayEdit = useMay('people.updateSchedule');
  const { now, next, gaps } = item;
  return (
    <Section
      title={item.schedule.name}
      description={schedule?.layers
        .map(
          (layer) =>
            `${schedule.layers.length > 1 ? `${layer.name}: hands over` : 'Hands over'} ${sayTurns(layer)}, ${layer.zone} time`,
        )
        .join('. ')}
      actions={
        <>
          {mayEdit && schedule?.layers.length === 1 && schedule.layers[0]?.unit === 'week' && (
            <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => onEdit(schedule)}>
              Edit
            </Button>
          )}
          {mayCover && (
            <Button variant="default" leftSection={<IconCalendarPlus size={16} />} onClick={onCover}>
              Override
            </Button>
          )}
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
          <dd>
            <When at={now.to} date />
          </dd>
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
      {schedule && schedule.overrides.length > 0 && <Overrides schedule={schedule} />}
    </Section>
  );
}

function Gaps({ gaps }: { gaps: OnCall['gaps'] }) {
  return (
    <Group mt="sm">
      <Hint tone="warn" title="Nobody is on call">
        {gaps.map((gap, index) => (
          <span key={gap.from}>
            {index > 0 && '; '}from <When at={gap.from} date /> to <When at={gap.to} date />
            {gap.why && ` (${sayGap(gap)})`}
          </span>
        ))}
        . A page in a gap goes to the next step at once, and to the emergency contact when no step has anybody.
      </Hint>
    </Group>
  );
}

function Overrides({ schedule }: { schedule: Schedule }) {
  const mayRemove = useMay('people.removeOverride');
  const client = useQueryClient();
  return (
    <ul className={classes.lines} aria-label={`Overrides of ${schedule.name}`}>
      {schedule.overrides.map((override) => (
        <li key={override.id}>
          <span>
            {override.person.name} takes over from <When at={override.from} date /> to <When at={override.to} date />
            {override.reason && <span className={classes.sub}> · {override.reason}</span>}
          </span>
          {mayRemove && (
            <ConfirmButton
              size="compact-sm"
              title="Take this override back?"
              consequences={['The rotation holds again for this stretch.']}
              confirm="Take it back"
              onConfirm={async () => {
                await call(people.removeOverride, { params: { id: schedule.id, overrideId: override.id } });
                await client.invalidateQueries();
              }}
            >
              Take back
            </ConfirmButton>
          )}
        </li>
      ))}
    </ul>
  );
}
