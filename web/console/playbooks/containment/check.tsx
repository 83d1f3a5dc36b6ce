/** A check: its condition, what it is now with the age of each reading, and what follows when it is true. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as playbooks, type StepRun } from '#contract/playbooks';
import { Ago, ConfirmButton, Hint, StateBadge, useCommand } from '../../../kit/index.ts';
import type { May } from './action.tsx';
import classes from './containment.module.css';
import { SkipButton } from './skip.tsx';

export function CheckBody({ step, check, may }: { step: StepRun; check: NonNullable<StepRun['check']>; may: May }) {
  const take = useCommand(playbooks.checkStep);
  return (
    <Stack gap="sm">
      <div className={classes.check}>
        <StateBadge state={check.verdict} />
        <code>{check.expr}</code>
        <Text span fz="xs" c="dimmed">
          {check.at ? <Ago at={check.at} /> : 'not taken yet'}
        </Text>
      </div>
      {check.readings.length > 0 && (
        <ul className={classes.readings}>
          {check.readings.map((reading) => (
            <li key={reading.probe}>
              <b>{reading.probe.replaceAll('_', ' ')}</b>{' '}
              {reading.ok ? (
                <code>{JSON.stringify(reading.value)}</code>
              ) : (
                <span className={classes.bad}>{reading.error ?? 'no value'}</span>
              )}{' '}
              <Text span fz="xs" c="dimmed">
                <Ago at={reading.at} />
              </Text>
            </li>
          ))}
        </ul>
      )}
      {check.detail && check.readings.length === 0 && check.at && <Text fz="sm">{check.detail}</Text>}
      {step.marks === 'contained' && (
        <Hint tone="progress">
          It is taken again by itself. As soon as it is true, the incident is declared contained.
        </Hint>
      )}
      {may.propose && (
        <Group gap="xs">
          <Button loading={take.isPending} onClick={() => take.mutate({ params: { id: step.id } })}>
            Check now
          </Button>
          <ByEvidence step={step} />
          <SkipButton step={step} />
        </Group>
      )}
    </Stack>
  );
}

function ByEvidence({ step }: { step: StepRun }) {
  const complete = useCommand(playbooks.completeStep, { problems: 'inline' });
  const [note, setNote] = useState('');
  const contains = step.marks === 'contained';
  return (
    <ConfirmButton
      title={contains ? 'Declare contained without the check?' : 'Pass the check by hand?'}
      consequences={[
        'The check is not true by its own readings. You say that it is, and what shows it.',
        ...(contains ? ['Needs the authority to declare contained.'] : []),
      ]}
      confirm={contains ? 'Declare contained' : 'Pass'}
      reason={{ label: 'What shows it', value: note, onChange: setNote }}
      onConfirm={() => complete.mutateAsync({ params: { id: step.id }, body: { note } })}
    >
      {contains ? 'Declare by hand' : 'Pass by hand'}
    </ConfirmButton>
  );
}
