/** Decisions on the table: their options, and what the facts of now say of each; one press decides and freezes both. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { commandEndpoints as command, type DecisionPoint } from '#contract/incidents-command';
import { Ago, Countdown, ProblemAlert, StateBadge, useCommand, useMay } from '../../../kit/index.ts';
import { useRoom } from './context.tsx';
import { useCommandView } from './lanes.tsx';
import classes from './room.module.css';

export function OpenPoints() {
  const view = useCommandView();
  const open = (view?.points ?? []).filter(({ state }) => state === 'open');
  return (
    <>
      {open.map((point) => (
        <Point key={point.id} point={point} />
      ))}
    </>
  );
}

function Point({ point }: { point: DecisionPoint }) {
  const { incident } = useRoom();
  const may = useMay('incidents.recordDecision');
  const decide = useCommand(incidents.recordDecision, { problems: 'inline' });
  const withdraw = useCommand(command.withdrawDecision, { problems: 'inline' });
  const choose = (choice: string) =>
    decide.mutate({ params: { id: incident.id }, body: { question: point.question, choice, pointId: point.id } });
  return (
    <div className={classes.point}>
      <div className={classes.row}>
        <Text fz="sm" fw={600}>
          {point.question}
        </Text>
        {point.overdue && <StateBadge state="overdue" tone="warn" label="Overdue" quiet />}
      </div>
      <Text fz="xs" c="dimmed">
        {point.owner ? `${point.owner.name} decides` : 'to be decided'}
        {point.dueAt && (
          <>
            {', '}
            <Countdown at={point.dueAt} />
          </>
        )}
        , on the table <Ago at={point.openedAt} />
      </Text>
      <ul className={classes.options}>
        {point.options.map(({ text, when, applies, why }) => (
          <li key={text} className={classes.row}>
            <div>
              <Text fz="sm">{text}</Text>
              {when && (
                <Text fz="xs" c="dimmed">
                  {applies === true ? 'right by the facts: ' : applies === false ? 'not by the facts: ' : 'not known: '}
                  <code>{when}</code>
                  {applies === 'unknown' && why ? ` (${why})` : ''}
                </Text>
              )}
            </div>
            {may && (
              <Button
                size="compact-sm"
                variant={applies === true ? 'filled' : 'default'}
                loading={decide.isPending}
                onClick={() => choose(text)}
                aria-label={`Decide: ${text}`}
              >
                Decide
              </Button>
            )}
          </li>
        ))}
      </ul>
      {point.inputs.length > 0 && (
        <ul className={classes.inputs} aria-label="What the conditions read, and how old it is">
          {point.inputs.map(({ name, value, asOf }) => (
            <li key={name}>
              <code>{name}</code>{' '}
              {asOf === null ? 'not known' : Array.isArray(value) ? value.join(', ') : String(value)}
              {asOf !== null && (
                <>
                  , <Ago at={asOf} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <ProblemAlert error={decide.error ?? withdraw.error} />
      {may && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate({ params: { pointId: point.id }, body: { reason: 'no longer needed' } })}
        >
          Take off the table
        </Button>
      )}
    </div>
  );
}

interface Draft {
  text: string;
  when: string;
}

/** Two options or more; a condition is for who wants the facts to speak, and may stay empty. */
export function PutOnTable({ onDone }: { onDone: () => void }) {
  const { incident } = useRoom();
  const [question, setQuestion] = useState('');
  const [options, setOptions] = useState<Draft[]>([
    { text: '', when: '' },
    { text: '', when: '' },
  ]);
  const open = useCommand(command.openDecision, { problems: 'inline', onDone });
  const filled = options.filter(({ text }) => text.trim());
  const change = (at: number, next: Partial<Draft>) =>
    setOptions(options.map((one, i) => (i === at ? { ...one, ...next } : one)));
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    open.mutate({
      params: { id: incident.id },
      body: {
        question: question.trim(),
        options: filled.map(({ text, when }) => ({ text: text.trim(), when: when.trim() || undefined })),
      },
    });
  };
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <Stack gap="xs">
        <TextInput
          label="What is to be decided?"
          required
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
          data-autofocus
        />
        {options.map((option, i) => (
          <Group key={i} gap="xs" wrap="wrap" grow>
            <TextInput
              label={`Option ${i + 1}`}
              value={option.text}
              onChange={(event) => change(i, { text: event.currentTarget.value })}
            />
            <TextInput
              label="Right when (optional)"
              placeholder="impact.pct_requests > 30.0"
              value={option.when}
              onChange={(event) => change(i, { when: event.currentTarget.value })}
            />
          </Group>
        ))}
        <ProblemAlert error={open.error} />
        <Group justify="space-between">
          <Button
            variant="subtle"
            size="compact-sm"
            disabled={options.length >= 8}
            onClick={() => setOptions([...options, { text: '', when: '' }])}
          >
            Another option
          </Button>
          <Button type="submit" loading={open.isPending} disabled={!question.trim() || filled.length < 2}>
            Put on the table
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
