/** Every exercise so far, and the way to start one. */
import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { endpoints as drills, type ExerciseSummary } from '#contract/drills';
import {
  DataList,
  Duration,
  EmptyState,
  Page,
  PersonName,
  ProblemAlert,
  Section,
  StateBadge,
  useMay,
  usePageSearch,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { Start } from './start.tsx';

export function Drills() {
  const exercises = useQueryOf(drills.listExercises, { query: { limit: 100 } });
  const [search, setSearch] = usePageSearch<'start' | 'service'>();
  const mayStart = useMay('drills.startExercise');
  const start = mayStart && (
    <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => setSearch({ start: '1' })}>
      Start an exercise
    </Button>
  );
  return (
    <Page
      title="Drills"
      subtitle="The same path as in earnest: alert, page, incident, containment, updates. Nothing of it reaches a customer."
      actions={start}
    >
      <ProblemAlert error={exercises.error} retry={() => void exercises.refetch()} />
      {!exercises.error && (
        <Section title="Exercises" flush>
          <DataList
            label="Exercises"
            items={exercises.data?.items}
            rowKey={({ id }) => id}
            rowTo={({ id }) => ({ to: `/drills/${id}` })}
            empty={
              <EmptyState title="Nobody has practised yet" action={start}>
                An exercise sends a marked alert through the real path. Who plays it once finds what is missing before
                it matters.
              </EmptyState>
            }
            columns={[
              {
                key: 'title',
                label: 'Exercise',
                primary: true,
                render: ({ key, title }) => `${key} ${title}`,
              },
              { key: 'service', label: 'Service', render: ({ service }) => service?.name ?? '–' },
              { key: 'state', label: 'State', width: '9rem', render: (exercise) => <ExerciseState of={exercise} /> },
              {
                key: 'lead',
                label: 'Leads',
                width: '11rem',
                render: ({ facilitator }) => <PersonName person={facilitator} />,
              },
              { key: 'when', label: 'Started', width: '11rem', render: ({ startedAt }) => <When at={startedAt} /> },
              {
                key: 'length',
                label: 'Took',
                width: '7rem',
                render: ({ startedAt, endedAt }) => <Duration from={startedAt} to={endedAt} />,
              },
            ]}
          />
        </Section>
      )}
      {mayStart && search.start && (
        <Start service={search.service} onClose={() => setSearch({ start: null, service: null })} />
      )}
    </Page>
  );
}

export function ExerciseState({ of }: { of: Pick<ExerciseSummary, 'state' | 'aborted'> }) {
  if (of.state === 'running') return <StateBadge state="running" tone="exercise" />;
  if (of.state === 'ended') return <StateBadge state="lessons_open" tone="notice" label="Lessons open" />;
  if (of.state === 'aborted') return <StateBadge state="aborted" tone="notice" label="Stopped" />;
  return <StateBadge state="closed" label={of.aborted ? 'Closed, was stopped' : 'Closed'} />;
}
