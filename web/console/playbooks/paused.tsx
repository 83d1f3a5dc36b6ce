/** Above every page while automation is paused, or a guard is passed by: nobody should wait for an engine that stands still. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { endpoints as playbooks } from '#contract/playbooks';
import type { Override } from '#contract/playbooks-engine';
import { Ago, ConfirmButton, Countdown, Hint, useCommand, useMay, useQueryOf } from '../../kit/index.ts';

export function PausedBanner() {
  const { data } = useQueryOf(playbooks.automation);
  if (!data) return null;
  return (
    <>
      {data.paused && <Paused paused={data.paused} />}
      {data.overrides.map((one) => (
        <OverrideHint key={one.id} override={one} />
      ))}
    </>
  );
}

/** A guard that a person has passed: everybody sees it until it ends. */
function OverrideHint({ override }: { override: Override }) {
  const may = useMay('playbooks.endOverride');
  const end = useCommand(playbooks.endOverride, { done: 'The guard applies again' });
  const { what, reason, by, second, secondNeeded, expiresAt, incident } = override;
  return (
    <Hint tone="warn" title="A guard is passed by.">
      <Group gap="xs" component="span" display="inline-flex">
        <span>
          {what}
          {incident && ` (${incident.key})`}. {by.name}
          {second ? ` and ${second.name}` : secondNeeded ? ', waits for a second person' : ''}: {reason}.{' '}
          <Countdown at={expiresAt} left="left" over="over" />
        </span>
        {may && (
          <Button
            size="compact-xs"
            variant="default"
            loading={end.isPending}
            onClick={() => end.mutate({ params: { id: override.id } })}
          >
            End it
          </Button>
        )}
      </Group>
    </Hint>
  );
}

function Paused({ paused: { by, reason, at } }: { paused: { by: string; reason: string; at: string } }) {
  const may = useMay('playbooks.resumeAutomation');
  const resume = useCommand(playbooks.resumeAutomation, { done: 'Actions run again', problems: 'inline' });
  const [note, setNote] = useState('');
  return (
    <Hint tone="warn" title="Automation is paused.">
      <Group gap="xs" component="span" display="inline-flex">
        <span>
          {by}, <Ago at={at} />: {reason}. Do things by hand until it is resumed.
        </span>
        {may && (
          <ConfirmButton
            size="compact-xs"
            title="Resume automation?"
            consequences={[
              'Approved actions are started by the engine again. What was refused meanwhile must be proposed anew.',
            ]}
            confirm="Resume automation"
            reason={{ label: 'What has been found', value: note, onChange: setNote }}
            onConfirm={() => resume.mutateAsync({ body: { note } })}
          >
            Resume
          </ConfirmButton>
        )}
      </Group>
    </Hint>
  );
}

/** Stops the engine with one click and one reason. */
export function PauseButton() {
  const { data } = useQueryOf(playbooks.automation);
  const may = useMay('playbooks.pauseAutomation');
  const pause = useCommand(playbooks.pauseAutomation, { done: 'Paused: nothing starts any more', problems: 'inline' });
  const [reason, setReason] = useState('');
  if (!may || !data || data.paused) return null;
  return (
    <ConfirmButton
      size="compact-sm"
      variant="subtle"
      title="Pause all automation?"
      consequences={[
        'From the moment you confirm, the engine starts no action for any incident. What is running ends by itself. People go on by hand.',
      ]}
      confirm="Pause automation"
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={() => pause.mutateAsync({ body: { reason } })}
    >
      Pause automation
    </ConfirmButton>
  );
}
