/** A policy drawn as a ladder: one rung for each step, with when it comes, whom it calls, and what it depends on. */
import type { Policy, PolicyStep, PolicyStepNow } from '#contract/people';
import { formatDuration, TextLink } from '../../kit/index.ts';
import classes from './ladder.module.css';
import { sayAfter, sayCondition, sayKind, stepTimes } from './say-policy.ts';

export function Ladder({ policy }: { policy: Policy }) {
  const times = stepTimes(policy);
  const total = policy.steps.reduce((sum, step, i) => sum + (times[i] === null ? 0 : step.delaySeconds), 0);
  const end = total * (policy.repeat + 1);
  return (
    <ol className={classes.ladder} aria-label={`Steps of ${policy.name}`}>
      {policy.steps.map((step, index) => (
        // Steps have no identity of their own; their order is what they are.
        <Rung
          key={`${index}:${step.targets.map(({ id }) => id).join()}`}
          step={step}
          there={policy.stepsNow[index]!}
          index={index}
          at={times[index]!}
        />
      ))}
      {policy.repeat > 0 && (
        <li className={classes.rung} data-kind="turn">
          <span className={classes.when}>{sayAfter(total)}</span>
          <span className={classes.knot} aria-hidden="true" />
          <span>Begin again, {policy.repeat === 1 ? 'once' : `${policy.repeat} times`}</span>
        </li>
      )}
      <li className={classes.rung} data-kind="last">
        <span className={classes.when}>{sayAfter(end)}</span>
        <span className={classes.knot} aria-hidden="true" />
        <span>
          Call the emergency contact
          {policy.teamId && <span className={classes.sub}> (the team’s leads before, if no step had anybody)</span>}
          <span className={classes.line}>After that the page stays open as unanswered.</span>
        </span>
      </li>
      {policy.ackTimeoutMinutes !== null && (
        <li className={classes.rung} data-kind="aside">
          <span className={classes.when}>once taken</span>
          <span className={classes.knot} aria-hidden="true" />
          <span>
            Asks again when nothing was heard for {formatDuration(policy.ackTimeoutMinutes * 60)}, then begins anew.
          </span>
        </li>
      )}
    </ol>
  );
}

interface RungProps {
  step: PolicyStep;
  there: PolicyStepNow;
  index: number;
  at: number | null;
}

function Rung({ step, there, index, at }: RungProps) {
  const conditions = sayCondition(step.when);
  return (
    <li className={classes.rung} data-kind={at === null ? 'passed' : 'step'}>
      <span className={classes.when}>
        {at === null ? 'passed over' : there.gate.state === 'later' ? 'in its hours' : sayAfter(at)}
      </span>
      <span className={classes.knot} aria-hidden="true">
        {index + 1}
      </span>
      <span>
        <Verb step={step} /> <Targets targets={step.targets} />
        {conditions.map((text) => (
          <span key={text} className={classes.condition}>
            {text}
          </span>
        ))}
        <span className={classes.line}>
          <Now step={step} there={there} />
          {at !== null && <> · {formatDuration(step.delaySeconds)} to answer</>}
        </span>
      </span>
    </li>
  );
}

const Verb = ({ step }: { step: PolicyStep }) => {
  if (step.targets.every(({ kind }) => kind === 'webhook' || kind === 'room')) return 'Tell';
  return step.call === 'round_robin' ? 'Call in turn one of' : 'Call';
};

function Now({ step, there }: Pick<RungProps, 'step' | 'there'>) {
  if (there.gate.state !== 'open') return <span>now {there.gate.why}</span>;
  if (step.targets.every(({ kind }) => kind === 'webhook' || kind === 'room')) return <span>nobody is called</span>;
  if (step.now.length === 0) return <b className={classes.nobody}>nobody now</b>;
  const names = step.now.map(({ name }) => name).join(', ');
  return (
    <span>
      now {names}
      {there.nextInRound && <>, next is {there.nextInRound.name}</>}
    </span>
  );
}

function Targets({ targets }: { targets: PolicyStep['targets'] }) {
  return targets.map(({ kind, id, name }, index) => (
    <span key={`${kind}:${id}`}>
      {index > 0 && (index === targets.length - 1 ? ' and ' : ', ')}
      {kind === 'schedule' ? (
        <TextLink to={`/on-call/${id}`} underline="always" fz="inherit">
          {name}
        </TextLink>
      ) : (
        <b>{name}</b>
      )}
      {sayKind[kind] && ` (${sayKind[kind]})`}
    </span>
  ));
}
