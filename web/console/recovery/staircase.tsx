/** Recovery by stages as a staircase: what is through, where we stand, what is still to come, and why it waits. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Course, endpoints, type Stage } from '#contract/recovery-stages';
import {
  ConfirmButton,
  Countdown,
  ExerciseBadge,
  formatDuration,
  Hint,
  Loaded,
  StateBadge,
  type Tone,
  useCommand,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { Checks } from './checks.tsx';
import { HandPlan } from './hand-plan.tsx';
import { Signoffs } from './signoffs.tsx';
import classes from './staircase.module.css';

const LABEL: Record<Stage['state'], string> = {
  waiting: 'To come',
  shifting: 'Moving load',
  delaying: 'Settling',
  analysing: 'Being measured',
  soaking: 'Holding',
  gate: 'Waits for a yes',
  passed: 'Passed',
  failed: 'Failed',
  undoing: 'Being taken back',
  rolled_back: 'Taken back',
};
const TONE: Record<Stage['state'], Tone> = {
  waiting: 'idle',
  shifting: 'progress',
  delaying: 'progress',
  analysing: 'progress',
  soaking: 'progress',
  gate: 'notice',
  passed: 'ok',
  failed: 'danger',
  undoing: 'warn',
  rolled_back: 'warn',
};
const COURSE: Record<Course['state'], { label: string; tone: Tone }> = {
  prerequisites: { label: 'Not begun', tone: 'idle' },
  staging: { label: 'Under way', tone: 'progress' },
  paused: { label: 'Paused', tone: 'warn' },
  rolling_back: { label: 'Going back', tone: 'warn' },
  completed: { label: 'All stages passed', tone: 'ok' },
  aborted: { label: 'Ended', tone: 'idle' },
};

type May = { start: boolean; loosen: boolean };

export function Staircase({ incidentId }: { incidentId: string }) {
  const query = useQueryOf(endpoints.stages, { params: { id: incidentId } }, { refetchInterval: 10_000 });
  return (
    <Loaded query={query}>
      {({ course, offered, may }) => (
        <>
          {course && <Drawn course={course} may={may} />}
          {may.start && (!course || course.state === 'aborted') && <Begin incidentId={incidentId} offered={offered} />}
        </>
      )}
    </Loaded>
  );
}

function Begin({ incidentId, offered }: { incidentId: string; offered: { title: string; stages: number } | null }) {
  const begin = useCommand(endpoints.startCourse, { done: 'Recovery by stages begins' });
  const [byHand, setByHand] = useState(false);
  return (
    <Group gap="xs">
      {offered && (
        <Button
          size="compact-sm"
          variant="default"
          loading={begin.isPending}
          onClick={() => begin.mutate({ params: { id: incidentId }, body: {} })}
        >
          Recover in {offered.stages} stages
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={() => setByHand(true)}>
        Write stages by hand
      </Button>
      {byHand && <HandPlan incidentId={incidentId} onClose={() => setByHand(false)} />}
    </Group>
  );
}

function Drawn({ course, may }: { course: Course; may: May }) {
  const { passed, total } = course.progress;
  const { label, tone } = COURSE[course.state];
  const now = course.stages.find((one) => one.current);
  const live = course.state !== 'completed' && course.state !== 'aborted';
  return (
    <Stack gap="sm" component="section" aria-label="Recovery by stages">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <StateBadge state={course.state} label={label} tone={tone} />
          {course.exercise && <ExerciseBadge />}
          <Text fz="sm" fw={550}>
            {passed} of {total} {total === 1 ? 'stage' : 'stages'} passed
          </Text>
        </Group>
        <Text fz="xs" c="dimmed" component="div">
          {course.title}, since <When at={course.startedAt} />
        </Text>
      </Group>
      <ol className={classes.stairs} style={{ '--steps': total } as React.CSSProperties}>
        {course.stages.map((stage, index) => (
          <Step key={stage.stageId} stage={stage} height={(index + 1) / total} live={live} />
        ))}
      </ol>
      {course.pausedReason && live && <Hint tone="warn">{course.pausedReason}</Hint>}
      {live && course.holds.length > 0 && (
        <ul className={classes.holds} aria-label="Why it waits">
          {course.holds.map((hold) => (
            <li key={hold}>{hold}</li>
          ))}
        </ul>
      )}
      {live && <Acts course={course} now={now} may={may} />}
      {now && live && <Checks stage={now} />}
      {course.signoffs.length > 0 && <Signoffs signoffs={course.signoffs} may={may} live={live} />}
      {live && course.risks.length > 0 && (
        <div>
          <Text fz="xs" fw={600}>
            What may still go wrong
          </Text>
          <ul className={classes.risks}>
            {course.risks.map((risk) => (
              <li key={risk}>{risk}</li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  );
}

/** One step: the higher, the more of the service is back. */
function Step({ stage, height, live }: { stage: Stage; height: number; live: boolean }) {
  return (
    <li
      data-state={stage.state}
      data-current={(stage.current && live) || undefined}
      style={{ '--rise': height } as React.CSSProperties}
      aria-current={stage.current && live ? 'step' : undefined}
    >
      <div className={classes.block} aria-hidden />
      <div className={classes.words}>
        <span className={classes.title}>{stage.title}</span>
        <StateBadge state={stage.state} label={LABEL[stage.state]} tone={TONE[stage.state]} quiet />
        <Text fz="xs" c="dimmed" component="div">
          {stage.state === 'passed' ? (
            <>
              <When at={stage.passedAt} />
              {stage.gateBy && `, let on by ${stage.gateBy}`}
            </>
          ) : stage.until && live && stage.current ? (
            <Countdown at={stage.until} />
          ) : (
            `holds ${formatDuration(stage.soakSeconds)}${stage.gate ? `, then ${stage.gate.replaceAll('_', ' ')}` : ''}`
          )}
          {stage.noReturn && ' · no way back after it'}
        </Text>
        {stage.symptom && stage.state !== 'passed' && (
          <Text fz="xs" className={classes.symptom}>
            {stage.symptom}
          </Text>
        )}
      </div>
    </li>
  );
}

function Acts({ course, now, may }: { course: Course; now: Stage | undefined; may: May }) {
  const gate = useCommand(endpoints.passGate, { done: 'Goes on' });
  const params = { id: course.id };
  if (!may.start && !may.loosen) return null;
  const byHand = course.stages.find(
    (one) => (one.state === 'shifting' || one.state === 'undoing') && one.shift?.byHand && !one.action,
  );
  return (
    <Group gap="xs">
      {now?.state === 'gate' && (
        <Button
          size="compact-sm"
          loading={gate.isPending}
          onClick={() => gate.mutate({ params, body: { stageId: now.stageId } })}
        >
          Let it go on
        </Button>
      )}
      {byHand && (
        <Reasoned
          label={byHand.state === 'undoing' ? 'Taken back by hand' : 'Done by hand'}
          title={`${byHand.title}: ${byHand.state === 'undoing' ? 'is it taken back?' : 'is it done?'}`}
          consequences={[byHand.shift?.manual ?? `${byHand.shift?.text ?? ''}, done by a person.`]}
          ask="What you did"
          endpoint={endpoints.confirmShift}
          input={(note) => ({ params, body: { note } })}
          primary
        />
      )}
      {now?.knownBad && now.state === 'waiting' && (
        <Reasoned
          label="Try it again all the same"
          title={`${now.title} failed before`}
          consequences={[now.knownBad.symptom, 'That you knew, and why you try it again, stays in the record.']}
          ask="What is different now"
          endpoint={endpoints.acknowledgeFailure}
          input={(reason) => ({ params, body: { stageId: now.stageId, reason } })}
          primary
        />
      )}
      {course.state === 'paused' ? (
        <Reasoned
          label="Go on"
          title="Let recovery go on?"
          consequences={['The stage under way is measured anew from its beginning.']}
          ask="What you saw"
          endpoint={endpoints.resumeCourse}
          input={(reason) => ({ params, body: { reason } })}
          primary
        />
      ) : (
        <Reasoned
          label="Pause"
          title="Stop recovery where it stands?"
          consequences={['Nothing is taken back. Nothing goes on until somebody says so.']}
          ask="Why"
          endpoint={endpoints.pauseCourse}
          input={(reason) => ({ params, body: { reason } })}
        />
      )}
      {course.stages.some((one) => one.state !== 'waiting' && one.state !== 'rolled_back') &&
        !course.noReturnPassed && (
          <Reasoned
            label="Roll back"
            title="Take every stage back?"
            consequences={['Stages are taken back in reverse order, the last one first. Then it waits for you.']}
            ask="Why"
            endpoint={endpoints.rollBackCourse}
            input={(reason) => ({ params, body: { reason } })}
            danger
          />
        )}
      {may.loosen && (
        <Reasoned
          label="End"
          title="End recovery by stages?"
          consequences={[
            'What was moved stays as it is. Restored can then be declared on the readiness criteria alone.',
          ]}
          ask="Why"
          endpoint={endpoints.endCourse}
          input={(reason) => ({ params, body: { reason } })}
          danger
        />
      )}
    </Group>
  );
}

/** A button that asks for its reason. */
function Reasoned({
  label,
  title,
  consequences,
  ask,
  endpoint,
  input,
  danger,
  primary,
}: {
  label: string;
  title: string;
  consequences: string[];
  ask: string;
  endpoint: any;
  input: (reason: string) => any;
  danger?: boolean;
  primary?: boolean;
}) {
  const run = useCommand(endpoint, { problems: 'inline' });
  const [reason, setReason] = useState('');
  return (
    <ConfirmButton
      size="compact-sm"
      variant={primary ? 'filled' : danger ? 'subtle' : 'default'}
      title={title}
      consequences={consequences}
      confirm={label}
      {...(danger && { danger: true })}
      reason={{ label: ask, value: reason, onChange: setReason }}
      onConfirm={() => run.mutateAsync(input(reason))}
    >
      {label}
    </ConfirmButton>
  );
}
