/** One exercise: what was injected, what the product saw, how it ended, what it taught. */
import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints as drills, type Exercise } from '#contract/drills';
import {
  Columns,
  ConfirmButton,
  Countdown,
  call,
  Facts,
  Hint,
  Loaded,
  Page,
  PersonName,
  Section,
  StateBadge,
  sentence,
  TextLink,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './drills.module.css';
import { Lessons } from './lessons.tsx';
import { ExerciseState } from './list.tsx';

export function ExercisePage() {
  const { id } = usePageParams<'id'>();
  const exercise = useQueryOf(drills.getExercise, { params: { id } });
  if (!exercise.data) {
    return (
      <Page title="Exercise" crumbs={[{ label: 'Drills', to: '/drills' }]}>
        <Loaded query={exercise}>{() => null}</Loaded>
      </Page>
    );
  }
  return <Content exercise={exercise.data} />;
}

function Content({ exercise }: { exercise: Exercise }) {
  return (
    <Page
      title={`${exercise.key} ${exercise.title}`}
      tab={exercise.key}
      crumbs={[{ label: 'Drills', to: '/drills' }]}
      exercise
      badges={<ExerciseState of={exercise} />}
      subtitle={<Standing exercise={exercise} />}
      actions={exercise.state === 'running' && <Stops exercise={exercise} />}
    >
      <Columns side={<Side exercise={exercise} />}>
        {exercise.state !== 'running' && <Lessons exercise={exercise} />}
        {exercise.injects.length > 0 ? (
          <>
            <Observed exercise={exercise} />
            <Injects exercise={exercise} />
          </>
        ) : (
          <Hint>This one was held around a table: the product saw nothing of it.</Hint>
        )}
        {exercise.sweep && <Swept exercise={exercise} />}
      </Columns>
    </Page>
  );
}

function Standing({ exercise }: { exercise: Exercise }) {
  if (exercise.state === 'running') {
    return (
      <>
        On {exercise.service?.name ?? 'no service'}, ends by itself at <When at={exercise.endsBy} /> (
        <Countdown at={exercise.endsBy} />)
      </>
    );
  }
  return (
    <>
      {exercise.aborted ? 'Stopped' : 'Ended'} <When at={exercise.endedAt} />: {exercise.endedBecause}
    </>
  );
}

/** Two ways to end it: as planned, or at once. */
function Stops({ exercise }: { exercise: Exercise }) {
  const client = useQueryClient();
  const may = useMay('drills.endExercise');
  const [reason, setReason] = useState('');
  if (!may) return null;
  const params = { id: exercise.id };
  return (
    <>
      <ConfirmButton
        danger
        title={`Stop ${exercise.key} now?`}
        consequences={['Players are released at once, and what it left standing is taken down.']}
        confirm="STOP EXERCISE"
        reason={{ label: 'Why', value: reason, onChange: setReason }}
        onConfirm={async () => {
          await call(drills.abortExercise, { params, body: { reason } });
          await client.invalidateQueries();
        }}
      >
        Stop exercise
      </ConfirmButton>
      <ConfirmButton
        variant="filled"
        title={`End ${exercise.key}?`}
        consequences={[
          'Open alerts and pages of the exercise end, its incident is closed with what was not done waived.',
          'Players are told, and asked for what they learned.',
        ]}
        confirm="End the exercise"
        onConfirm={async () => {
          await call(drills.endExercise, { params });
          await client.invalidateQueries();
        }}
      >
        End exercise
      </ConfirmButton>
    </>
  );
}

/** The product's own observations: of the team, never of a person. */
function Observed({ exercise }: { exercise: Exercise }) {
  return (
    <Section title="What happened" description="Seen by the product itself, in minutes after the start.">
      <ol className={classes.moments}>
        {exercise.observed.map((moment) => (
          <li key={moment.what} data-seen={moment.at !== null || undefined}>
            <span className={classes.minutes}>{moment.minutes === null ? '–' : `+${moment.minutes} min`}</span>
            <span>{moment.label}</span>
            <span className={classes.at}>
              {moment.at ? <When at={moment.at} /> : exercise.state === 'running' ? 'not yet' : 'did not happen'}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Injects({ exercise }: { exercise: Exercise }) {
  return (
    <Section title="Injects" description="What the story sends. Players should not look here while it runs.">
      <ol className={classes.injects}>
        {exercise.injects.map((inject) => (
          <li key={inject.id}>
            <When at={inject.deliveredAt ?? inject.plannedAt} />
            <div>
              <Text fz="sm">{inject.text}</Text>
              <Group gap="xs">
                <Text fz="xs" c="dimmed">
                  {sentence(inject.kind)}
                </Text>
                <StateBadge state={inject.state} quiet tone={inject.state === 'delivered' ? 'ok' : 'idle'} />
              </Group>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Swept({ exercise }: { exercise: Exercise }) {
  const { clean, found } = exercise.sweep!;
  return (
    <Section title="After the end">
      {found.length === 0 ? (
        <Hint tone="ok">Nothing was left standing.</Hint>
      ) : (
        <ul className={classes.found}>
          {found.map(({ what, done }) => (
            <li key={`${what}${done}`}>
              {what}: <b>{done}</b>
            </li>
          ))}
        </ul>
      )}
      {!clean && (
        <Hint tone="warn" title="Somebody has to look.">
          Not everything could be taken down by itself.
        </Hint>
      )}
    </Section>
  );
}

function Side({ exercise }: { exercise: Exercise }) {
  return (
    <>
      <Section title="Where to look">
        <Facts
          items={[
            {
              label: 'Alerts',
              value: exercise.group && <TextLink to={`/alerts/${exercise.group.id}`}>{exercise.group.title}</TextLink>,
            },
            {
              label: 'Incident',
              value: exercise.incident ? (
                <>
                  <TextLink to={`/incidents/${exercise.incident.key}`}>{exercise.incident.key}</TextLink>{' '}
                  <StateBadge state={exercise.incident.phase} quiet />
                </>
              ) : (
                exercise.state === 'running' && 'not declared yet'
              ),
            },
            { label: 'Leads', value: <PersonName person={exercise.facilitator} /> },
            {
              label: 'Players',
              value:
                exercise.players.length > 0
                  ? exercise.players.map(({ name }) => name).join(', ')
                  : 'whoever is on call',
            },
            { label: 'Announced', value: exercise.cold ? 'no' : 'yes' },
          ]}
        />
      </Section>
      <Section title="Objectives">
        <Text fz="sm" mb="xs">
          {exercise.brief}
        </Text>
        <ul className={classes.found}>
          {exercise.objectives.map((objective) => (
            <li key={objective}>{objective}</li>
          ))}
        </ul>
      </Section>
    </>
  );
}
