/** A containment action: what it would do, the second click, how it went, and the way back. */
import { Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type ActionRun, type Containment, endpoints as playbooks } from '#contract/playbooks';
import type { Impact } from '#contract/playbooks-engine';
import {
  Ago,
  ConfirmButton,
  Countdown,
  Duration,
  ExerciseBadge,
  Hint,
  ProblemAlert,
  StateBadge,
  type Tone,
  useCommand,
} from '../../../kit/index.ts';
import classes from './containment.module.css';

export type May = Containment['may'];

const labels: Partial<Record<ActionRun['state'], string>> = {
  awaiting_approval: 'Waits for approval',
  approved: 'Approved, starting',
  veto_window: 'Runs by itself soon',
  vetoed: 'Stopped before it ran',
  running: 'Running',
  verifying: 'Accepted, being verified',
  unknown: 'Answer lost, reading the target',
  needs_human: 'Needs a person',
  undoing: 'Being undone',
};
const tones: Partial<Record<ActionRun['state'], Tone>> = {
  awaiting_approval: 'notice',
  veto_window: 'notice',
  approved: 'progress',
  verifying: 'progress',
  undoing: 'progress',
  needs_human: 'danger',
  refused: 'warn',
};

export const ActionState = ({ action }: { action: ActionRun }) => (
  <StateBadge
    state={action.state}
    label={action.noop && action.state === 'effective' ? 'Already so, nothing sent' : labels[action.state]}
    tone={tones[action.state]}
  />
);

/** The whole action, for the step to do now. */
export function ActionCard({ action, may }: { action: ActionRun; may: May }) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <ActionState action={action} />
        {action.simulated && <ExerciseBadge />}
        {action.customerVisible && (
          <StateBadge state="customer_visible" label="Customers can notice" tone="notice" quiet />
        )}
      </Group>
      {action.plan && action.state !== 'refused' && (
        <dl className={classes.plan}>
          <dt>What happens</dt>
          <dd>{action.plan.effect}</dd>
          {action.plan.collateral.length > 0 && (
            <>
              <dt>Also touches</dt>
              <dd>{action.plan.collateral.join(' ')}</dd>
            </>
          )}
          {action.impact && reach(action.impact) && (
            <>
              <dt>Reaches</dt>
              <dd>{reach(action.impact)}</dd>
            </>
          )}
          <dt>Way back</dt>
          <dd>{action.plan.undo}</dd>
        </dl>
      )}
      {action.rules.length > 0 && (
        <ul className={classes.rules}>
          {action.rules.map(({ rule, message }) => (
            <li key={rule + message}>
              {message} <code>{rule}</code>
            </li>
          ))}
        </ul>
      )}
      {action.checks.length > 0 && <Checks checks={action.checks} />}
      {action.error && <Hint tone="warn">{action.error}</Hint>}
      {(action.state === 'needs_human' || action.state === 'refused') && action.manual && (
        <Text fz="sm">
          <b>By hand:</b> {action.manual}
        </Text>
      )}
      {action.state === 'awaiting_approval' && <SecondClick action={action} may={may} />}
      {action.state === 'veto_window' && <VetoWindow action={action} may={may} />}
      {action.state === 'approved' && may.propose && <TakeBack action={action} />}
      <Group gap="xs">
        {action.state === 'needs_human' && may.propose && <Outcome action={action} />}
        {action.canUndo && may.undo && <Undo action={action} />}
      </Group>
    </Stack>
  );
}

/** Blast radius in one sentence: services, journeys, customers, and what capacity is left. */
function reach({ services, dependants, journeys, customersPct, capacity }: Impact): string {
  const many = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`;
  const parts = [
    services.length > 0 && services.map(({ name }) => name).join(', '),
    dependants.length > 0 && many(dependants.length, 'service that needs it', 'services that need it'),
    journeys.length > 0 &&
      `${many(journeys.length, 'journey', 'journeys')} (${journeys.map(({ name }) => name).join(', ')})`,
    customersPct !== null && `about ${Math.round(customersPct)} % of customers`,
  ].filter(Boolean);
  return [parts.join('; '), capacity?.text].filter(Boolean).join('. ');
}

const VERDICTS: Record<ActionRun['checks'][number]['verdict'], string> = {
  pass: 'passed',
  refuse: 'refused',
  ask: 'asks a person',
  wait: 'waits',
  skip: 'does not apply',
  forced: 'passed by a person',
};

/** What was looked at before anything ran; folded, as the reasons that matter stand above. */
function Checks({ checks }: { checks: ActionRun['checks'] }) {
  const open = checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip').length;
  return (
    <details className={classes.checks}>
      <summary>
        {checks.length} checks{open > 0 && `, ${open} with something to say`}
      </summary>
      <ol>
        {checks.map(({ n, rule, verdict, message }) => (
          <li key={rule} value={n}>
            {message} ({VERDICTS[verdict]})
          </li>
        ))}
      </ol>
    </details>
  );
}

/** It starts by itself when the time is over; anybody on duty stops it. */
function VetoWindow({ action, may }: { action: ActionRun; may: May }) {
  const veto = useCommand(playbooks.vetoAction, { done: 'Stopped, nothing was sent', problems: 'inline' });
  const [reason, setReason] = useState('');
  return (
    <Group gap="sm">
      {may.propose && (
        <ConfirmButton
          variant="filled"
          title={`Stop "${action.title}"?`}
          consequences={['Nothing is sent.', 'From now on it asks a person before it runs.']}
          confirm="Stop it"
          reason={{ label: 'Why', value: reason, onChange: setReason }}
          onConfirm={() => veto.mutateAsync({ params: { id: action.id }, body: { reason } })}
        >
          Stop it
        </ConfirmButton>
      )}
      {action.vetoUntil && (
        <Text fz="sm" component="div">
          <Countdown at={action.vetoUntil} left="until it runs by itself" over="starting" />
        </Text>
      )}
    </Group>
  );
}

function SecondClick({ action, may }: { action: ActionRun; may: May }) {
  const approve = useCommand(playbooks.approveAction, { problems: 'inline' });
  const refuse = useCommand(playbooks.refuseAction, { problems: 'inline' });
  const [reason, setReason] = useState('');
  const [known, setKnown] = useState(false);
  const { approval } = action;
  if (!approval) return null;
  return (
    <Stack gap="xs">
      <ProblemAlert error={approve.error} />
      {action.knownBad && (
        <Hint tone="warn" title="This was tried before and was bad.">
          {action.knownBad}
          {approval.yours && (
            <Checkbox
              mt="xs"
              label="I know that, and it is right now"
              checked={known}
              onChange={(event) => setKnown(event.currentTarget.checked)}
            />
          )}
        </Hint>
      )}
      <Group gap="xs">
        {approval.yours && (
          <>
            <Button
              loading={approve.isPending}
              disabled={action.knownBad !== null && !known}
              onClick={() => approve.mutate({ params: { id: action.id }, body: { knowsBad: known } })}
            >
              {approval.needed > 1 ? 'Approve' : 'Approve and run'}
            </Button>
            <ConfirmButton
              title={`Refuse "${action.title}"?`}
              consequences={['Nothing is sent. The step stays open and can be done otherwise.']}
              confirm="Refuse"
              reason={{ label: 'Why', value: reason, onChange: setReason }}
              onConfirm={() => refuse.mutateAsync({ params: { id: action.id }, body: { reason } })}
            >
              Refuse
            </ConfirmButton>
          </>
        )}
        {may.propose && <TakeBack action={action} />}
      </Group>
      <Text fz="xs" c="dimmed" component="div">
        Asked by {action.requestedBy.name}, <Ago at={action.requestedAt} /> ·{' '}
        <Countdown at={action.expiresAt} left="to answer" over="too late" />
        {approval.needed > 1 && ` · ${approval.given.length} of ${approval.needed} approvals`}
        {approval.why && ` · ${approval.why}`}
      </Text>
    </Stack>
  );
}

function TakeBack({ action }: { action: ActionRun }) {
  const cancel = useCommand(playbooks.cancelAction, { done: 'Taken back, nothing was sent' });
  return (
    <Button variant="subtle" loading={cancel.isPending} onClick={() => cancel.mutate({ params: { id: action.id } })}>
      Take back
    </Button>
  );
}

function Undo({ action, compact }: { action: ActionRun; compact?: boolean }) {
  const undo = useCommand(playbooks.undoAction, { problems: 'inline' });
  const [reason, setReason] = useState('');
  return (
    <ConfirmButton
      size={compact ? 'compact-xs' : undefined}
      title={`Undo "${action.title}"?`}
      consequences={[
        action.plan?.undo ?? 'Things are put back as they were.',
        'What the action contained may start again: watch the service.',
      ]}
      confirm="Undo"
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={() => undo.mutateAsync({ params: { id: action.id }, body: { reason } })}
    >
      Undo
    </ConfirmButton>
  );
}

function Outcome({ action }: { action: ActionRun }) {
  const record = useCommand(playbooks.recordOutcome, { problems: 'inline' });
  const [outcome, setOutcome] = useState<'effective' | 'failed' | 'undone'>('effective');
  const [note, setNote] = useState('');
  return (
    <ConfirmButton
      variant="filled"
      title={`How did "${action.title}" end?`}
      consequences={['Look at the target itself. Nothing is sent by recording it.']}
      confirm="Record outcome"
      reason={{ label: 'What you saw at the target', value: note, onChange: setNote }}
      extra={
        <Radio.Group value={outcome} onChange={(value) => setOutcome(value as typeof outcome)} label="It is">
          <Group mt={6}>
            <Radio value="effective" label="in effect" />
            <Radio value="failed" label="not in effect" />
            <Radio value="undone" label="taken back" />
          </Group>
        </Radio.Group>
      }
      onConfirm={() => record.mutateAsync({ params: { id: action.id }, body: { outcome, note } })}
    >
      Record how it ended
    </ConfirmButton>
  );
}

/** The action on one line with its start, end and way back; below a finished step, or outside a playbook. */
export function ActionRow({ action, may, inStep }: { action: ActionRun; may: May; inStep?: boolean }) {
  const working = ['awaiting_approval', 'veto_window', 'needs_human', 'approved'].includes(action.state);
  if (working && !inStep) {
    return (
      <div className={classes.next}>
        <Text fw={600}>{action.title}</Text>
        {action.reason && <Text fz="sm">{action.reason}</Text>}
        <ActionCard action={action} may={may} />
      </div>
    );
  }
  return (
    <div className={classes.actionRow}>
      {!inStep && <Text fz="sm">{action.title}</Text>}
      <ActionState action={action} />
      <Text fz="xs" c="dimmed" component="span">
        {action.requestedBy.name}
        {action.approval &&
          action.approval.given.length > 0 &&
          `, approved by ${action.approval.given.map(({ name }) => name).join(', ')}`}
        {action.startedAt && (
          <>
            {' '}
            · <Ago at={action.startedAt} />
          </>
        )}
        {action.durationSeconds !== null && !inStep && (
          <>
            {' '}
            · took <Duration seconds={action.durationSeconds} />
          </>
        )}
      </Text>
      {action.state === 'needs_human' && <ActionCard action={action} may={may} />}
      {action.state === 'refused' && <Text fz="xs">{action.rules.map(({ message }) => message).join(' ')}</Text>}
      {action.state === 'failed' && action.error && <Text fz="xs">{action.error}</Text>}
      {action.canUndo && may.undo && action.state !== 'needs_human' && <Undo action={action} compact />}
    </div>
  );
}
