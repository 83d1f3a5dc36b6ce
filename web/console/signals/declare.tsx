/** Declaring an incident from a group of alerts: the words and the severity are proposed, one click confirms. */
import { Button, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconFlag } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as playbooks } from '#contract/playbooks';
import type { Group } from '#contract/signals';
import {
  Hint,
  ProblemAlert,
  type Severity,
  SeverityBadge,
  TextLink,
  useCommand,
  useGo,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';

export function DeclareFromGroup({ group }: { group: Group }) {
  const [opened, setOpened] = useState(false);
  const may = useMay('incidents.declare');
  if (!may || group.incidentId || group.test) return null;
  return (
    <>
      <Button leftSection={<IconFlag size={16} />} onClick={() => setOpened(true)}>
        Declare incident
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Declare an incident from this alert">
        {opened && <DeclareForm group={group} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  );
}

function DeclareForm({ group, onClose }: { group: Group; onClose: () => void }) {
  const proposal = useQueryOf(incidents.propose, {
    query: { groupId: group.id },
  });
  const suggested = useQueryOf(playbooks.suggestionsForGroup, { params: { id: group.id } });
  const bySuggestion = suggested.data?.items.find(({ kind, state }) => kind === 'severity' && state === 'shown');
  const known = suggested.data?.items.find(({ kind, state }) => kind === 'fix' && state === 'shown');
  const [title, setTitle] = useState<string>();
  const [severity, setSeverity] = useState<Severity>();
  const [requestKey] = useState(() => `${group.id}:${crypto.randomUUID()}`);
  const go = useGo();
  const declare = useCommand(incidents.declare, {
    problems: 'inline',
    onDone: ({ key }) => go(`/incidents/${key}`),
  });
  const words = title ?? proposal.data?.title ?? group.title;
  const level =
    severity ?? ((bySuggestion ? Number(bySuggestion.value) : proposal.data?.severity) as Severity | undefined) ?? 2;
  const active = proposal.data?.activeIncident;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        declare.mutate({
          body: {
            title: words,
            severity: level,
            groupIds: [group.id],
            requestKey,
          },
        });
      }}
    >
      <Stack gap="md">
        {active && (
          <Hint tone="notice" title="There is one already.">
            <TextLink to={`/incidents/${active.key}`}>
              {active.key} {active.title}
            </TextLink>{' '}
            affects the same service. Look there first.
          </Hint>
        )}
        <TextInput
          label="What is wrong, as a customer would say it"
          value={words}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={200}
          required
          data-autofocus
        />
        <Stack gap={6}>
          <Text fz="sm" fw={500}>
            Severity, the highest that is plausible
          </Text>
          <SegmentedControl
            aria-label="Severity"
            value={String(level)}
            onChange={(value) => setSeverity(Number(value) as Severity)}
            data={[1, 2, 3, 4].map((n) => ({
              value: String(n),
              label: `SEV${n}`,
            }))}
          />
          <Text fz="xs" c="dimmed" component="div">
            <SeverityBadge severity={level} />{' '}
            {bySuggestion
              ? `Suggested: ${bySuggestion.label}. ${bySuggestion.reasons.slice(0, 2).join('; ')}`
              : proposal.data?.reason}
          </Text>
        </Stack>
        {known && (
          <Hint tone="notice" title={known.label}>
            {known.reasons[0]}
          </Hint>
        )}
        <ProblemAlert error={declare.error} />
        <Button type="submit" loading={declare.isPending} fullWidth>
          Declare incident
        </Button>
        <Button variant="subtle" color="gray" onClick={onClose}>
          Not now
        </Button>
      </Stack>
    </form>
  );
}
