/** The one step to do now, with everything needed to do it. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { endpoints as playbooks, type StepRun } from '#contract/playbooks';
import { ConfirmButton, Duration, ProblemAlert, sentence, StateBadge, useCommand } from '../../../kit/index.ts';
import { ActionCard, type May } from './action.tsx';
import { CheckBody } from './check.tsx';
import classes from './containment.module.css';
import { SkipButton } from './skip.tsx';

const kinds: Record<string, string> = { manual: 'By hand', action: 'Action', check: 'Check', decision: 'Decision' };

export function NextStep({ step, may }: { step: StepRun; may: May }) {
  return (
    <div className={classes.next}>
      <Group gap="xs" justify="space-between" align="baseline">
        <Text className={classes.nextLabel}>Next step</Text>
        <Text fz="xs" c="dimmed">
          {kinds[step.kind] ?? sentence(step.kind)}
          {step.role && ` · ${sentence(step.role)}`}
          {step.timeboxSeconds && (
            <>
              {' '}
              · within <Duration seconds={step.timeboxSeconds} />
            </>
          )}
        </Text>
      </Group>
      <Text fw={600} fz="lg" component="h3">
        {step.title}
      </Text>
      {step.kind === 'action' ? (
        <ActionBody step={step} may={may} />
      ) : step.kind === 'check' && step.check ? (
        <CheckBody step={step} check={step.check} may={may} />
      ) : (
        <ByHand step={step} may={may} />
      )}
    </div>
  );
}

/** A manual step or a decision: text, what was found, done. */
function ByHand({ step, may }: { step: StepRun; may: May }) {
  const complete = useCommand(playbooks.completeStep, { problems: 'inline' });
  const [note, setNote] = useState('');
  const finish = (choice?: string) =>
    complete.mutate({ params: { id: step.id }, body: { note, ...(choice && { choice }) } });
  return (
    <Stack gap="sm">
      {step.text && <Text>{step.text}</Text>}
      {may.propose && (
        <>
          <Textarea
            label={step.evidenceRequired ? 'What shows it' : 'What you found'}
            required={step.evidenceRequired}
            autosize
            minRows={1}
            maxRows={6}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <ProblemAlert error={complete.error} />
          <Group gap="xs">
            {step.kind === 'decision' ? (
              step.options.map((option) => (
                <Button
                  key={option.id}
                  variant={option.holds === 'true' ? 'filled' : 'default'}
                  loading={complete.isPending}
                  onClick={() => finish(option.id)}
                >
                  {sentence(option.id)}
                </Button>
              ))
            ) : (
              <Button
                loading={complete.isPending}
                disabled={step.evidenceRequired && note.trim() === ''}
                onClick={() => finish()}
              >
                Done
              </Button>
            )}
            <SkipButton step={step} />
          </Group>
          {step.options.length > 0 && <Options step={step} />}
        </>
      )}
    </Stack>
  );
}

/** What speaks for each option now: true, false or unknown. */
function Options({ step }: { step: StepRun }) {
  return (
    <ul className={classes.options}>
      {step.options.map((option) => (
        <li key={option.id}>
          <b>{sentence(option.id)}</b>
          {option.when && (
            <>
              <StateBadge state={option.holds} quiet />
              <code>{option.when}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const proposable = ['refused', 'cancelled', 'expired', 'failed', 'undone'];

function ActionBody({ step, may }: { step: StepRun; may: May }) {
  const propose = useCommand(playbooks.proposeStep, { problems: 'inline' });
  const action = step.action;
  const fresh = !action || proposable.includes(action.state);
  return (
    <Stack gap="sm">
      {action && <ActionCard action={action} may={may} />}
      {fresh && may.propose && (
        <>
          {!action && (
            <Text fz="sm" c="dimmed">
              Look first: the preview shows what changes and how it is taken back. Nothing runs before somebody with the
              authority approves it.
            </Text>
          )}
          <ProblemAlert error={propose.error} />
          <Group gap="xs">
            <Button loading={propose.isPending} onClick={() => propose.mutate({ params: { id: step.id } })}>
              {action ? 'Preview again' : 'Preview'}
            </Button>
            <DoneByHand step={step} />
            <SkipButton step={step} />
          </Group>
        </>
      )}
    </Stack>
  );
}

function DoneByHand({ step }: { step: StepRun }) {
  const complete = useCommand(playbooks.completeStep, { problems: 'inline' });
  const [note, setNote] = useState('');
  return (
    <ConfirmButton
      title={`${step.title}: done by hand?`}
      consequences={[
        step.text ? `By hand: ${step.text}` : 'You did it outside the product.',
        'The record says that you did it and what you wrote.',
      ]}
      confirm="It is done"
      reason={{ label: 'What you did, at which target', value: note, onChange: setNote }}
      onConfirm={() => complete.mutateAsync({ params: { id: step.id }, body: { note } })}
    >
      Did it by hand
    </ConfirmButton>
  );
}
