/** What an exercise taught: noted at once, while it is fresh. Without a lesson it closes only with the reason. */
import { Button, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as drills, type Exercise, type LessonKind } from '#contract/drills';
import { Hint, PersonName, Section, useCommand, useMay } from '../../kit/index.ts';
import classes from './drills.module.css';

const kinds: { value: LessonKind; label: string; ask: string }[] = [
  { value: 'worked', label: 'It worked', ask: 'What worked?' },
  { value: 'hard', label: 'It was hard', ask: 'What was hard?' },
  { value: 'change', label: 'Change this', ask: 'What should change? It becomes a proposed improvement.' },
];

export function Lessons({ exercise }: { exercise: Exercise }) {
  const may = useMay('drills.noteLesson') && exercise.state !== 'closed';
  return (
    <Section
      title="Lessons"
      description={
        exercise.state === 'closed'
          ? undefined
          : 'Fifteen minutes now are worth more than an hour next week. Players first.'
      }
    >
      <Stack gap="md">
        {exercise.noneBecause && <Hint>No lesson, because: {exercise.noneBecause}</Hint>}
        {kinds.map(({ value, label }) => {
          const found = exercise.lessons.filter((lesson) => lesson.kind === value);
          if (found.length === 0) return null;
          return (
            <div key={value}>
              <Text fz="sm" fw={600}>
                {label}
              </Text>
              <ul className={classes.found}>
                {found.map((lesson) => (
                  <li key={lesson.id}>
                    {lesson.text}{' '}
                    <Text span fz="xs" c="dimmed">
                      <PersonName person={lesson.notedBy} plain />
                    </Text>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
        {may && <Note exercise={exercise} />}
        {may && <Close exercise={exercise} />}
      </Stack>
    </Section>
  );
}

function Note({ exercise }: { exercise: Exercise }) {
  const [kind, setKind] = useState<LessonKind>('worked');
  const [text, setText] = useState('');
  const note = useCommand(drills.noteLesson, { done: 'Noted', onDone: () => setText('') });
  const ask = kinds.find(({ value }) => value === kind)!.ask;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) note.mutate({ params: { id: exercise.id }, body: { kind, text } });
      }}
    >
      <Stack gap="xs">
        <SegmentedControl
          aria-label="Kind of lesson"
          value={kind}
          onChange={(value) => setKind(value as LessonKind)}
          data={kinds.map(({ value, label }) => ({ value, label }))}
        />
        <div className={classes.line}>
          <TextInput
            aria-label={ask}
            placeholder={ask}
            maxLength={1_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={note.isPending} disabled={!text.trim()}>
            Note
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function Close({ exercise }: { exercise: Exercise }) {
  const [noneBecause, setNoneBecause] = useState('');
  const close = useCommand(drills.closeExercise, { done: `${exercise.key} is closed` });
  const none = exercise.lessons.length === 0;
  return (
    <div className={classes.close}>
      {none && (
        <TextInput
          label="No lesson? Say why"
          maxLength={300}
          value={noneBecause}
          onChange={(event) => setNoneBecause(event.currentTarget.value)}
        />
      )}
      <Button
        loading={close.isPending}
        disabled={none && !noneBecause.trim()}
        onClick={() => close.mutate({ params: { id: exercise.id }, body: none ? { noneBecause } : {} })}
      >
        Close the exercise
      </Button>
    </div>
  );
}
