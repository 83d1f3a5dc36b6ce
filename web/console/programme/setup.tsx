/** The way from an empty installation to the first page that reaches somebody. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as programme, type SetupStep } from '#contract/programme';
import { ConfirmButton, call, LinkButton, Section, StateBadge, useMay } from '../../kit/index.ts';
import { useQueryClient } from '@tanstack/react-query';
import classes from './home.module.css';

export function Setup({ steps }: { steps: SetupStep[] }) {
  const open = steps.filter((step) => step.state === 'open');
  const settled = steps.length - open.length;
  const [showAll, setShowAll] = useState(false);
  const shown = showAll ? steps : open;
  return (
    <Section
      title="Set up"
      description={`${settled} of ${steps.length} done. After the last step a page can reach somebody and customers can read.`}
      actions={
        settled > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => setShowAll(!showAll)}>
            {showAll ? 'Show what is left' : 'Show all steps'}
          </Button>
        )
      }
      flush
    >
      <Progress
        value={(settled / steps.length) * 100}
        size="xs"
        mx="lg"
        aria-label={`${settled} of ${steps.length} steps done`}
      />
      <ol className={classes.steps}>
        {shown.map((step) => (
          <Step key={step.step} step={step} first={step === open[0]} />
        ))}
      </ol>
    </Section>
  );
}

function Step({ step, first }: { step: SetupStep; first: boolean }) {
  const maySkip = useMay('programme.skipSetupStep');
  return (
    <li className={classes.step} data-state={step.state}>
      <div className={classes.words}>
        <b>{step.title}</b>
        <p>{step.why}</p>
      </div>
      {step.state === 'open' ? (
        <Group gap="xs" wrap="nowrap">
          {maySkip && <Skip step={step} />}
          <LinkButton to={step.to} variant={first ? 'filled' : 'default'} aria-label={`${step.title}: open`}>
            Open
          </LinkButton>
        </Group>
      ) : (
        <StateBadge state={step.state} quiet />
      )}
    </li>
  );
}

function Skip({ step }: { step: SetupStep }) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  return (
    <ConfirmButton
      variant="subtle"
      title={`Go without “${step.title}”?`}
      consequences={['It is no longer asked for here. Everything else works; you can do it later from its own page.']}
      confirm="Skip this step"
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={async () => {
        await call(programme.skipSetupStep, { params: { step: step.step }, body: { reason } });
        await client.invalidateQueries();
      }}
      extra={
        <Stack gap={2}>
          <Text fz="sm" c="dimmed">
            {step.why}
          </Text>
        </Stack>
      }
    >
      Skip
    </ConfirmButton>
  );
}
