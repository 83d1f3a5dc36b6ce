/** One schedule: layer by layer with the result, what is not covered, who stands in for whom, and how duty is spread. */
import { Button } from '@mantine/core';
import { IconArrowsExchange, IconBeach, IconCalendarPlus, IconPencil } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints as people, type Schedule, type Shift } from '#contract/people';
import {
  ConfirmButton,
  call,
  Hint,
  LinkButton,
  Loaded,
  Page,
  Section,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { CalendarSection } from './calendar.tsx';
import { CoverForm } from './cover.tsx';
import { FairnessSection } from './fairness.tsx';
import { LeaveForm } from './leave.tsx';
import { OverrideForm } from './override-form.tsx';
import classes from './people.module.css';
import { sayGap, sayTurns, sayWindow } from './say.ts';
import { SwapForm, Swaps } from './swaps.tsx';
import type { Stretch } from './range.tsx';
import { ScheduleTimeline } from './timeline.tsx';

export function SchedulePage() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(people.schedule, { params: { id } });
  return <Loaded query={query}>{(schedule) => <One schedule={schedule} />}</Loaded>;
}

type Dialog = 'override' | 'swap' | 'leave' | undefined;

function One({ schedule }: { schedule: Schedule }) {
  const [dialog, setDialog] = useState<Dialog>();
  const [stretch, setStretch] = useState<Stretch>();
  const close = () => {
    setDialog(undefined);
    setStretch(undefined);
  };
  const [mayCover, mayOffer, mayLeave, mayEdit] = [
    useMay('people.addOverride'),
    useMay('people.offerSwap'),
    useMay('people.addAbsence'),
    useMay('people.updateSchedule'),
  ];
  const action = (may: boolean, label: string, icon: React.ReactNode, opens: Dialog) =>
    may && (
      <Button variant="default" leftSection={icon} onClick={() => setDialog(opens)}>
        {label}
      </Button>
    );
  return (
    <Page
      title={schedule.name}
      subtitle={`Times of ${schedule.zone}`}
      crumbs={[{ label: 'On call', to: '/on-call' }]}
      actions={
        <>
          {action(mayLeave, 'I am away', <IconBeach size={16} />, 'leave')}
          {action(mayOffer, 'Offer my shift', <IconArrowsExchange size={16} />, 'swap')}
          {action(mayCover, 'Override', <IconCalendarPlus size={16} />, 'override')}
          {mayEdit && (
            <LinkButton to={`/on-call/${schedule.id}/edit`} leftSection={<IconPencil size={16} />}>
              Edit
            </LinkButton>
          )}
        </>
      }
    >
      <Swaps scheduleId={schedule.id} />
      <Section title="Who has duty when">
        <ScheduleTimeline
          id={schedule.id}
          name={schedule.name}
          zone={schedule.zone}
          onRange={
            mayCover
              ? (chosen) => {
                  setStretch(chosen);
                  setDialog('override');
                }
              : undefined
          }
        />
        <ul className={classes.lines} aria-label="Layers">
          {schedule.layers.map((layer) => (
            <li key={layer.id}>
              <span>
                <b>{layer.name}</b>: {layer.participants.map(({ name }) => name).join(', ') || 'nobody'}
                <span className={classes.sub}>
                  {' '}
                  · hands over {sayTurns(layer)}, {layer.zone} time
                  {layer.windows.length > 0 && ` · ${layer.windows.map(sayWindow).join(', ')}`}
                  {layer.onHolidays !== 'as_usual' &&
                    ` · ${layer.onHolidays === 'off' ? 'off on' : 'only on'} ${schedule.holidays.map(({ name }) => name).join(', ') || 'holidays (no calendar chosen)'}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Gaps schedule={schedule} />
      <Overrides schedule={schedule} />
      <FairnessSection scheduleId={schedule.id} />
      <CalendarSection schedule={schedule} />
      {dialog === 'override' && <OverrideForm schedule={schedule} stretch={stretch} onClose={close} />}
      {dialog === 'swap' && <SwapForm schedule={schedule} onClose={close} />}
      {dialog === 'leave' && <LeaveForm onClose={close} />}
    </Page>
  );
}

/** At most this many are listed at once; a schedule with office hours has one a night. */
const SHOWN = 5;

function Gaps({ schedule }: { schedule: Schedule }) {
  const onCall = useQueryOf(people.onCall);
  const [covering, setCovering] = useState<Shift>();
  const mayCover = useMay('people.addOverride');
  const gaps = onCall.data?.items.find((item) => item.schedule.id === schedule.id)?.gaps ?? [];
  if (gaps.length === 0) return null;
  return (
    <Section
      title="Not covered"
      description="In the next 14 days nobody is on call in these stretches. A page goes to the next step at once, and to the emergency contact when no step has anybody."
    >
      <ul className={classes.lines} aria-label="Gaps">
        {gaps.slice(0, SHOWN).map((gap) => (
          <li key={gap.from}>
            <span className={classes.gapNow}>
              <When at={gap.from} date /> to <When at={gap.to} date />: {sayGap(gap)}
            </span>
            {mayCover && (
              <Button size="compact-sm" variant="default" onClick={() => setCovering(gap)}>
                Find cover
              </Button>
            )}
          </li>
        ))}
      </ul>
      {gaps.length > SHOWN && <Hint>And {gaps.length - SHOWN} more.</Hint>}
      {covering && <CoverForm schedule={schedule} gap={covering} onClose={() => setCovering(undefined)} />}
    </Section>
  );
}

function Overrides({ schedule }: { schedule: Schedule }) {
  const mayRemove = useMay('people.removeOverride');
  const client = useQueryClient();
  if (schedule.overrides.length === 0) return null;
  return (
    <Section title="Overrides">
      <ul className={classes.lines} aria-label={`Overrides of ${schedule.name}`}>
        {schedule.overrides.map((override) => (
          <li key={override.id}>
            <span>
              {override.person.name} takes over{override.replaces && ` from ${override.replaces.name}`}:{' '}
              <When at={override.from} date /> to <When at={override.to} date />
              {override.reason && <span className={classes.sub}> · {override.reason}</span>}
            </span>
            {mayRemove && (
              <ConfirmButton
                size="compact-sm"
                title="Take this override back?"
                consequences={['The layers hold again for this stretch.']}
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
    </Section>
  );
}
