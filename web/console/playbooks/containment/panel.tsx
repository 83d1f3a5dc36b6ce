/** Containment in the war room: the playbook under way with its one next step, actions outside it, and what is frozen. */
import { Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Containment, endpoints as playbooks } from '#contract/playbooks';
import { Loaded, useQueryOf } from '../../../kit/index.ts';
import { PauseButton } from '../paused.tsx';
import { ActionRow } from './action.tsx';
import { FreeAction } from './free-action.tsx';
import { FreezeButton, Freezes } from './freezes.tsx';
import { RunView } from './run.tsx';
import { Suggestions } from './suggestions.tsx';

export function ContainmentPanel({ incidentId }: { incidentId: string }) {
  const query = useQueryOf(playbooks.containment, { params: { id: incidentId } });
  return <Loaded query={query}>{(containment) => <Inside incidentId={incidentId} containment={containment} />}</Loaded>;
}

function Inside({ incidentId, containment }: { incidentId: string; containment: Containment }) {
  const { runs, actions, freezes, may } = containment;
  const active = runs.filter(({ state }) => state === 'active');
  const over = runs.filter(({ state }) => state !== 'active');
  const [adding, setAdding] = useState(false);
  const [choosing, setChoosing] = useState(false);
  return (
    <Stack gap="md">
      {active.map((run) => (
        <RunView key={run.id} run={run} may={may} />
      ))}
      {active.length === 0 && may.propose && <Suggestions incidentId={incidentId} />}
      {active.length === 0 && !may.propose && runs.length === 0 && actions.length === 0 && (
        <Text c="dimmed" fz="sm">
          No playbook was run and no action taken.
        </Text>
      )}
      {actions.length > 0 && (
        <Stack gap="xs">
          <Text fz="sm" fw={600}>
            Actions outside a playbook
          </Text>
          {actions.map((action) => (
            <ActionRow key={action.id} action={action} may={may} />
          ))}
        </Stack>
      )}
      <Freezes freezes={freezes} mayLift={may.liftFreeze} />
      {over.map((run) => (
        <RunView key={run.id} run={run} may={may} />
      ))}
      {may.propose && (
        <Group gap="xs">
          {active.length > 0 && (
            <Button size="compact-sm" variant="subtle" onClick={() => setChoosing(!choosing)} aria-expanded={choosing}>
              Start another playbook
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAdding(true)}
          >
            Other action
          </Button>
          {may.liftFreeze && freezes.every(({ endedAt }) => endedAt !== null) && (
            <FreezeButton incidentId={incidentId} />
          )}
          <PauseButton />
        </Group>
      )}
      {active.length > 0 && may.propose && (
        <Collapse expanded={choosing}>
          <Suggestions incidentId={incidentId} />
        </Collapse>
      )}
      {adding && <FreeAction incidentId={incidentId} onClose={() => setAdding(false)} />}
    </Stack>
  );
}
