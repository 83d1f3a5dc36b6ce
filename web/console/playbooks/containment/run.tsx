/** One run of a playbook: the next step in front, the others as a short list. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as playbooks, type Run, type StepRun } from '#contract/playbooks';
import {
  Ago,
  ConfirmButton,
  Duration,
  ExerciseBadge,
  Shape,
  StateBadge,
  TextLink,
  type Tone,
  useCommand,
  useMay,
} from '../../../kit/index.ts';
import { ActionRow, type May } from './action.tsx';
import classes from './containment.module.css';
import { NextStep } from './next-step.tsx';

export function RunView({ run, may }: { run: Run; may: May }) {
  const next = run.steps.find((step) => step.id === run.nextStepId);
  const [open, setOpen] = useState(run.state === 'active');
  const done = run.steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
  return (
    <section className={classes.run} aria-label={`Playbook ${run.title}`}>
      <div className={classes.runHead}>
        <div>
          <Group gap="xs">
            <TextLink to={`/playbooks/${run.playbookId}`} fw={600}>
              {run.title}
            </TextLink>
            {run.state !== 'active' && <StateBadge state={run.state} quiet />}
            {run.exercise && <ExerciseBadge />}
          </Group>
          <Text fz="xs" c="dimmed" component="div">
            Version {run.version} · {run.startedBy.name}, <Ago at={run.startedAt} /> · {done} of {run.steps.length}{' '}
            steps
          </Text>
        </div>
        <Group gap="xs">
          {run.state === 'active' && <StopFollowing run={run} />}
          <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? 'Hide steps' : 'Show steps'}
          </Button>
        </Group>
      </div>
      {next && <NextStep key={next.id} step={next} may={may} />}
      {open && (
        <ol className={classes.steps}>
          {run.steps.map((step) => (
            <StepLine key={step.id} step={step} current={step.id === run.nextStepId} may={may} />
          ))}
        </ol>
      )}
    </section>
  );
}

const tones: Record<StepRun['state'], Tone> = {
  pending: 'idle',
  waiting_approval: 'notice',
  running: 'progress',
  done: 'ok',
  skipped: 'idle',
  failed: 'danger',
  needs_human: 'danger',
};
const words: Record<StepRun['state'], string> = {
  pending: 'to do',
  waiting_approval: 'waits for approval',
  running: 'under way',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  needs_human: 'needs a person',
};

function StepLine({ step, current, may }: { step: StepRun; current: boolean; may: May }) {
  return (
    <li data-current={current || undefined}>
      <span className={classes.stepShape} data-tone={tones[step.state]}>
        <Shape tone={tones[step.state]} size={14} />
      </span>
      <div className={classes.stepBody}>
        <div className={classes.stepTitle}>
          <span>{step.title}</span>
          <Text span fz="xs" c="dimmed">
            {step.choice ?? words[step.state]}
            {step.doneBy && step.endedAt && (
              <>
                {' '}
                · {step.doneBy.name}, <Ago at={step.endedAt} />
              </>
            )}
            {step.kind === 'action' && step.action?.durationSeconds != null && (
              <>
                {' '}
                · took <Duration seconds={step.action.durationSeconds} />
              </>
            )}
            {step.overTimebox && ' · over its time'}
          </Text>
        </div>
        {step.note && !current && (
          <Text fz="xs" c="dimmed">
            {step.note}
          </Text>
        )}
        {step.action &&
          !current &&
          ['effective', 'undoing', 'undone', 'needs_human', 'failed'].includes(step.action.state) && (
            <ActionRow action={step.action} may={may} inStep />
          )}
      </div>
    </li>
  );
}

function StopFollowing({ run }: { run: Run }) {
  const mayCancel = useMay('playbooks.cancelRun');
  const cancel = useCommand(playbooks.cancelRun, { done: 'Playbook no longer followed', problems: 'inline' });
  const [reason, setReason] = useState('');
  if (!mayCancel) return null;
  return (
    <ConfirmButton
      size="compact-xs"
      variant="subtle"
      title={`Stop following "${run.title}"?`}
      consequences={['What was done stays done. Proposals that wait for approval are taken back.']}
      confirm="Stop following"
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={() => cancel.mutateAsync({ params: { id: run.id }, body: { reason } })}
    >
      Stop following
    </ConfirmButton>
  );
}
