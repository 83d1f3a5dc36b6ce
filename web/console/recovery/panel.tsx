/** Readiness in the war room: each criterion as it is now, and how far the soak has come. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints, type Recovery } from '#contract/recovery';
import {
  Duration,
  EmptyState,
  ExerciseBadge,
  formatDuration,
  Loaded,
  StateBadge,
  useCommand,
  useNow,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { AddCriterion } from './add.tsx';
import { CriterionLine } from './criterion.tsx';
import classes from './recovery.module.css';
import { ClosingList } from './closing.tsx';
import { SoakButton } from './soak.tsx';
import { Staircase } from './staircase.tsx';

type May = { add: boolean; loosen: boolean };

export function RecoveryPanel({ incidentId }: { incidentId: string }) {
  const query = useQueryOf(endpoints.get, { params: { id: incidentId } }, { refetchInterval: 15_000 });
  const [adding, setAdding] = useState(false);
  return (
    <Loaded query={query}>
      {({ plan, may }) => (
        <Stack gap="md">
          <Staircase incidentId={incidentId} />
          {plan && plan.criteria.length > 0 ? (
            <Plan plan={plan} may={may} incidentId={incidentId} />
          ) : (
            <Nothing may={may} onAdd={() => setAdding(true)} />
          )}
          {may.add && plan && plan.criteria.length > 0 && (
            <Group gap="xs">
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<IconPlus size={14} />}
                onClick={() => setAdding(true)}
              >
                Add a check
              </Button>
              <SampleNow incidentId={incidentId} />
              <SoakButton incidentId={incidentId} soakSeconds={plan.soakSeconds} mayShorten={may.loosen} />
            </Group>
          )}
          {plan?.state === 'ended' && <ClosingList incidentId={incidentId} />}
          {adding && <AddCriterion incidentId={incidentId} onClose={() => setAdding(false)} />}
        </Stack>
      )}
    </Loaded>
  );
}

const Nothing = ({ may, onAdd }: { may: May; onAdd: () => void }) => (
  <Group justify="space-between" gap="sm">
    <Text fz="sm" c="dimmed" maw="34rem">
      {may.add
        ? 'No readiness criteria yet. Say how one sees that the service is back: a playbook brings its own, or add an HTTP check.'
        : 'No readiness criteria: nothing was measured for this incident.'}
    </Text>
    {may.add && (
      <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onAdd}>
        Add a check
      </Button>
    )}
  </Group>
);

function Plan({ plan, may, incidentId }: { plan: Recovery; may: May; incidentId: string }) {
  const good = plan.criteria.filter(({ verdict }) => verdict === 'true').length;
  return (
    <>
      <Soak plan={plan} good={good} />
      {plan.obstacles.length > 0 && plan.state !== 'ended' && (
        <ul className={classes.criteria} aria-label="What else stands in the way">
          {plan.obstacles.map((one) => (
            <li key={one.name}>
              <StateBadge state="false" />
              <div className={classes.what}>
                <span className={classes.name}>{one.name}</span>
                <Text fz="xs" c="dimmed">
                  {one.detail}
                </Text>
              </div>
            </li>
          ))}
        </ul>
      )}
      <ul className={classes.criteria} aria-label="Readiness criteria">
        {plan.criteria.map((criterion) => (
          <CriterionLine key={criterion.id} criterion={criterion} mayRemove={may.loosen} incidentId={incidentId} />
        ))}
      </ul>
    </>
  );
}

/** The bar runs on between two readings of the server; it never passes what the server's clock allows. */
function Soak({ plan, good }: { plan: Recovery; good: number }) {
  const counting = plan.state === 'sampling' && plan.cleanSince !== null;
  const now = useNow(counting ? 1 : 60);
  const soaked = plan.cleanSince
    ? Math.min(plan.soakSeconds, Math.max(0, (now - Date.parse(plan.cleanSince)) / 1000))
    : 0;
  const share = plan.state === 'met' ? 100 : plan.soakSeconds === 0 ? 0 : Math.floor((soaked / plan.soakSeconds) * 100);
  const left = Math.max(0, plan.soakSeconds - soaked);
  return (
    <div className={classes.soak}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <StateBadge
            state={plan.state}
            tone={plan.state === 'met' ? 'ok' : plan.state === 'ended' ? 'idle' : counting ? 'progress' : 'warn'}
            label={
              plan.state === 'met' ? 'Ready' : plan.state === 'ended' ? 'Ended' : counting ? 'Soaking' : 'Not ready'
            }
          />
          {plan.exercise && <ExerciseBadge />}
          <Text fz="sm">
            {good} of {plan.criteria.length} true
          </Text>
        </Group>
        <Text fz="sm" component="div">
          {plan.state === 'met' ? (
            <>
              all true through <Duration seconds={plan.soakSeconds} />, since <When at={plan.cleanSince} />
            </>
          ) : counting ? (
            `${formatDuration(left, { exact: true })} left of ${formatDuration(plan.soakSeconds)}`
          ) : (
            plan.state === 'sampling' && `needs ${formatDuration(plan.soakSeconds)} without a break`
          )}
        </Text>
      </Group>
      {plan.state !== 'ended' && (
        <Progress.Root size="md" aria-label="Soak">
          <Progress.Section
            value={share}
            color={plan.state === 'met' ? 'green' : undefined}
            aria-label={`Soak ${share} %`}
          />
        </Progress.Root>
      )}
      {plan.state === 'sampling' && !counting && plan.reasons.length > 0 && good === plan.criteria.length && (
        <Text fz="xs" c="dimmed">
          {plan.reasons[0]}
        </Text>
      )}
      {plan.restarts > 0 && plan.state !== 'ended' && (
        <Text fz="xs" c="dimmed">
          Started again {plan.restarts === 1 ? 'once' : `${plan.restarts} times`}
          {plan.lastBreak && `, last because ${plan.lastBreak}`}
        </Text>
      )}
    </div>
  );
}

function SampleNow({ incidentId }: { incidentId: string }) {
  const sample = useCommand(endpoints.sampleNow);
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconRefresh size={14} />}
      loading={sample.isPending}
      onClick={() => sample.mutate({ params: { id: incidentId } })}
    >
      Check now
    </Button>
  );
}
