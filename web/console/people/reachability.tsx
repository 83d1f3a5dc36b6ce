/** Reachability: would a page arrive? One next step, then shifts and gaps, people and their methods, tests, and the pager itself. */
import { Button, Group } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { endpoints as people, type Reachability } from '#contract/people';
import {
  ConfirmButton,
  call,
  EmptyState,
  Hint,
  LinkButton,
  Loaded,
  Page,
  Section,
  useCommand,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import { Figures } from './figures.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { Gaps, PeopleReached, Shifts } from './reach-people.tsx';
import { HidingChanges, TestPages } from './reach-tests.tsx';
import { PagerItself } from './reach-pager.tsx';
import { weekdays } from './say.ts';

export function ReachabilityPage() {
  const found = useQueryOf(people.reachability);
  return (
    <Page
      title="Reachability"
      subtitle="Whether a page would arrive: who can be called in the next 14 days, and what proves that it reaches them."
      actions={<TestMe />}
    >
      <Loaded query={found}>
        {(report) =>
          report.people.length === 0 ? (
            <EmptyState
              title="Nobody can be called yet"
              action={<LinkButton to="/on-call/new">Make a schedule</LinkButton>}
            >
              A schedule or a policy says who is called. Then this page says whether it would reach them.
            </EmptyState>
          ) : (
            <>
              <Next report={report} />
              <Section label="In numbers">
                <Figures items={numbers(report)} />
              </Section>
              <Gaps gaps={report.gaps} />
              <Shifts shifts={report.shifts} />
              <PeopleReached people={report.people} />
            </>
          )
        }
      </Loaded>
      <TestPages schedule={found.data && sayTests(found.data.tests)} />
      <PagerItself />
      <HidingChanges />
    </Page>
  );
}

const numbers = ({ counts }: Reachability) => [
  { label: 'Can be called', value: counts.people },
  { label: 'Proven', value: counts.reachable },
  { label: 'Not tested', value: counts.untested },
  { label: 'In doubt', value: counts.doubtful },
  { label: 'Not reachable', value: counts.unreachable },
  { label: 'Gaps in 14 days', value: counts.gaps },
];

/** `Every Tuesday at 10:00 on each person’s own clock, to be answered within 24 hours.` */
const sayTests = ({ on, weekday, time, answerWithinHours }: Reachability['tests']) =>
  on
    ? `Every ${weekdays[weekday - 1]} at ${time} on each person’s own clock, to be answered within ${answerWithinHours} hours. A test is no page and counts in no figure.`
    : 'The weekly test pages are switched off under Settings.';

/** The one thing to do, before everything else. */
function Next({ report }: { report: Reachability }) {
  const { next } = report;
  if (!next)
    return (
      <Hint tone="ok" title="Everybody who can be called is proven to be reached.">
        Nothing needs to be done.
      </Hint>
    );
  return (
    <Section title={next.title} description={next.reason}>
      {next.to === 'test' ? (
        <TestEverybody people={report.counts.people} label={next.label} />
      ) : (
        <LinkButton to={next.to}>{next.label}</LinkButton>
      )}
    </Section>
  );
}

/** A test page for oneself. */
function TestMe() {
  const may = useMay('people.sendTestPages');
  const send = useCommand(people.sendTestPages, {
    done: (sent) =>
      sent.sent > 0
        ? `${sent.sent} test ${sent.sent === 1 ? 'page is' : 'pages are'} on the way. Answer there where it arrives.`
        : sent.waiting > 0
          ? 'A test is on the way already. Answer there where it arrives.'
          : 'You have no confirmed method: confirm one under My contact methods.',
  });
  if (!may) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconSend size={16} />}
      loading={send.isPending}
      onClick={() => send.mutate({ body: {} })}
    >
      Test me
    </Button>
  );
}

/** A test page for everybody; asks first, because phones ring. */
function TestEverybody({ people: count, label }: { people: number; label: string }) {
  const client = useQueryClient();
  if (!useMay('people.createTeam')) return <Hint tone="notice">A manager can send a test to everybody.</Hint>;
  return (
    <Group>
      <ConfirmButton
        title="Send everybody a test page?"
        consequences={[
          `Up to ${count} people get one on every confirmed method: mails, texts and calls.`,
          'Each says first that it is a test. Methods that wait for an answer get no second.',
        ]}
        confirm="Send test pages"
        onConfirm={async () => {
          await call(people.sendTestPages, { body: { all: true } });
          await client.invalidateQueries();
        }}
      >
        {label}
      </ConfirmButton>
    </Group>
  );
}
