/** What shows that a stage holds: each check at each place, with its samples counted. */
import { Text } from '@mantine/core';
import type { Stage, StageCheck } from '#contract/recovery-stages';
import { Ago, StateBadge, type Tone } from '../../kit/index.ts';
import classes from './staircase.module.css';

const TONE: Record<StageCheck['state'], Tone> = {
  running: 'progress',
  passed: 'ok',
  failed: 'danger',
  inconclusive: 'warn',
  error: 'warn',
};
const WORD: Record<StageCheck['state'], string> = {
  running: 'Looking',
  passed: 'Passed',
  failed: 'Failed',
  inconclusive: 'Unclear',
  error: 'Not measured',
};

export function Checks({ stage }: { stage: Stage }) {
  if (stage.checks.length === 0) return null;
  return (
    <ul className={classes.checks} aria-label={`Checks of ${stage.title}`}>
      {stage.checks.map((check) => (
        <li key={`${check.id} ${check.target}`}>
          <StateBadge state={check.state} label={WORD[check.state]} tone={TONE[check.state]} />
          <div>
            <span className={classes.title}>{check.title}</span>
            {check.target && <Text span fz="xs" c="dimmed">{` ${check.target}`}</Text>}
            {check.detail && (
              <Text fz="xs" c="dimmed">
                {check.detail}
              </Text>
            )}
          </div>
          <Text fz="xs" c="dimmed" component="div" ta="right">
            {check.wanted === null ? `${check.passes} good` : `${check.passes} of ${check.wanted} good`}
            {check.fails > 0 && `, ${check.fails} bad`}
            {check.inconclusives > 0 && `, ${check.inconclusives} unclear`}
            {check.errors > 0 && `, ${check.errors} not measured`}
            <br />
            <Ago at={check.at} none="not yet" />
          </Text>
        </li>
      ))}
    </ul>
  );
}
