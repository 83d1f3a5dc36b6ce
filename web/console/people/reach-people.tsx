/** Shifts, gaps and people of the next 14 days, each with what proves or spoils it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReachGap, ReachMethod, ReachPerson, ReachShift } from '#contract/people';
import { Ago, DataList, EmptyState, PersonName, Section, StateBadge, TextLink, When } from '../../kit/index.ts';
import classes from './people.module.css';
import { methodTone, personState } from './reach-words.ts';

const FEW = 8;

/** The first few, and the rest when asked for. */
function useFew<T>(all: T[]): [T[], React.ReactNode] {
  const [open, setOpen] = useState(false);
  const rest = all.length - FEW;
  if (open || rest <= 0) return [all, null];
  const more = (
    <Button variant="subtle" size="compact-sm" m="xs" onClick={() => setOpen(true)}>
      Show {rest} more
    </Button>
  );
  return [all.slice(0, FEW), more];
}

export function Gaps({ gaps }: { gaps: ReachGap[] }) {
  const real = gaps.filter(({ intended }) => !intended);
  const intended = gaps.length - real.length;
  const [shown, more] = useFew(real);
  if (gaps.length === 0) return null;
  const hours = `${intended} ${intended === 1 ? 'stretch lies' : 'stretches lie'} outside the hours of every layer, as the schedules say.`;
  return (
    <Section
      title="Nobody is on call"
      description={`A page then goes to the next step at once, and to the emergency contact when no step has anybody.${intended > 0 ? ` ${hours}` : ''}`}
      flush={real.length > 0}
    >
      {real.length > 0 && (
        <>
          <DataList
            label="Gaps"
            items={shown}
            rowKey={({ schedule, from }) => `${schedule.id} ${from}`}
            rowTo={({ schedule }) => ({ to: `/on-call/${schedule.id}` })}
            columns={[
              { key: 'schedule', label: 'Schedule', primary: true, render: ({ schedule }) => schedule.name },
              { key: 'from', label: 'From', render: ({ from }) => <When at={from} date /> },
              { key: 'to', label: 'To', render: ({ to }) => <When at={to} date /> },
              { key: 'why', label: 'Why', render: ({ why }) => why },
              {
                key: 'told',
                label: 'Owner told',
                render: ({ toldAt }) => (toldAt ? <Ago at={toldAt} /> : 'within a minute'),
              },
            ]}
          />
          {more}
        </>
      )}
    </Section>
  );
}

export function Shifts({ shifts }: { shifts: ReachShift[] }) {
  const [shown, more] = useFew(shifts);
  return (
    <Section title="Shifts" description="Who is on call in the next 14 days, and by what they are reached." flush>
      <DataList
        label="Shifts"
        items={shown}
        rowKey={({ schedule, from, person }) => `${schedule.id} ${from} ${person.id}`}
        empty={<EmptyState title="No shifts">Make a schedule, so that somebody is on call.</EmptyState>}
        columns={[
          {
            key: 'who',
            label: 'Who',
            primary: true,
            render: ({ person, schedule }) => (
              <span className={classes.reach}>
                {person.name}
                <span className={classes.sub}>{schedule.name}</span>
              </span>
            ),
          },
          { key: 'from', label: 'From', render: ({ now, from }) => (now ? <b>now</b> : <When at={from} date />) },
          { key: 'to', label: 'To', render: ({ to }) => <When at={to} date /> },
          {
            key: 'state',
            label: 'Reached',
            render: ({ state }) => <StateBadge state={state} {...personState[state]} />,
          },
          {
            key: 'warnings',
            label: 'By what',
            render: ({ by, warnings }) => (
              <span className={classes.reach}>
                {by.length > 0
                  ? by.map(({ channel, shown: to }) => `${channel} ${to}`).join(', ')
                  : 'nothing that is known to work'}
                {warnings.length > 0 && <span className={classes.sub}>{warnings.join('; ')}</span>}
              </span>
            ),
          },
        ]}
      />
      {more}
    </Section>
  );
}

export function PeopleReached({ people }: { people: ReachPerson[] }) {
  const [shown, more] = useFew(people);
  return (
    <Section title="People" description="Everybody who can be called, with what is known about each method." flush>
      <DataList
        label="People"
        items={shown}
        rowKey={({ person }) => person.id}
        columns={[
          { key: 'person', label: 'Person', primary: true, render: ({ person }) => <PersonName person={person} /> },
          {
            key: 'state',
            label: 'Reached',
            render: ({ state }) => <StateBadge state={state} {...personState[state]} />,
          },
          { key: 'methods', label: 'Methods', render: ({ methods }) => <Methods methods={methods} /> },
          { key: 'next', label: 'Next shift', render: ({ nextShift }) => <NextShift shift={nextShift} /> },
        ]}
      />
      {more}
    </Section>
  );
}

function Methods({ methods }: { methods: ReachMethod[] }) {
  return (
    <ul className={classes.plainList}>
      {methods.map((method) => (
        <li key={method.id}>
          <span className={classes.reach}>
            <StateBadge
              quiet
              state={method.state}
              tone={methodTone[method.state]}
              label={`${method.channel} ${method.shown}`}
            />
            <span className={classes.sub}>
              {method.reason}
              {method.lastTest?.state === 'confirmed' && (
                <>
                  {' '}
                  <Ago at={method.lastTest.at} />
                </>
              )}
              {method.lastPage?.arrived && (
                <>
                  ; last page arrived <Ago at={method.lastPage.at} />
                </>
              )}
              {method.testUntil && '; a test waits for an answer'}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function NextShift({ shift }: { shift: ReachPerson['nextShift'] }) {
  if (!shift) return <>none in 14 days</>;
  return (
    <span className={classes.reach}>
      {shift.now ? 'on call now' : <When at={shift.from} date />}
      <TextLink to={`/on-call/${shift.scheduleId}`} fz="xs">
        {shift.schedule}
      </TextLink>
    </span>
  );
}
