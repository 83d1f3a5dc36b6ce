/** The record as a whole: whether it holds, who may read it, and taking it out of the house. */
import { Button, Group, Modal, MultiSelect, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type Access, endpoints as incidents } from '#contract/incidents';
import { endpoints as people } from '#contract/people';
import { Hint, ProblemAlert, Section, useCommand, useMay, useQueryOf } from '../../../kit/index.ts';

export function RecordPanel({ incidentId }: { incidentId: string }) {
  const check = useQueryOf(incidents.verifyTimeline, { params: { id: incidentId } });
  const access = useQueryOf(incidents.access, { params: { id: incidentId } });
  const [changing, setChanging] = useState(false);
  const may = useMay('incidents.setAccess');
  return (
    <Section title="Record">
      <Stack gap="xs">
        {check.data &&
          (check.data.ok ? (
            <Text fz="sm">{check.data.entries} entries, unbroken since the first</Text>
          ) : (
            <Hint tone="warn">This record was changed behind the product: {check.data.problem}</Hint>
          ))}
        {access.data && <WhoReads access={access.data} />}
        <Group gap="xs">
          <Button
            component="a"
            href={`/api/v1/incidents/${incidentId}/bundle`}
            download
            size="compact-sm"
            variant="default"
          >
            Export as a bundle
          </Button>
          {may && access.data && (
            <Button size="compact-sm" variant="default" onClick={() => setChanging(true)}>
              {access.data.restricted ? 'Change who may read it' : 'Restrict'}
            </Button>
          )}
        </Group>
      </Stack>
      <Modal opened={changing} onClose={() => setChanging(false)} title="Who may read this incident">
        {access.data && <AccessForm incidentId={incidentId} access={access.data} onDone={() => setChanging(false)} />}
      </Modal>
    </Section>
  );
}

function WhoReads({ access }: { access: Access }) {
  if (!access.restricted)
    return (
      <Text fz="sm" c="dimmed">
        Everybody who is signed in may read it
      </Text>
    );
  return (
    <Text fz="sm">
      <b>Restricted</b> to {access.people.map((person) => person.name).join(', ')}. Each look is logged.
    </Text>
  );
}

function AccessForm({ incidentId, access, onDone }: { incidentId: string; access: Access; onDone: () => void }) {
  const [restricted, setRestricted] = useState(true);
  const [chosen, setChosen] = useState(access.people.map((person) => person.id));
  const [reason, setReason] = useState('');
  const everybody = useQueryOf(people.people, {});
  const set = useCommand(incidents.setAccess, { problems: 'inline', onDone });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    set.mutate({ params: { id: incidentId }, body: { restricted, people: restricted ? chosen : undefined, reason } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Switch
          label="Only these people may read it"
          description="For everybody else it does not exist: not in lists, search, pages, messages or exports"
          checked={restricted}
          onChange={(event) => setRestricted(event.currentTarget.checked)}
        />
        {restricted && (
          <MultiSelect
            label="People"
            description="You, and whoever holds a role in it, are on the list in any case"
            data={(everybody.data?.items ?? [])
              .filter((person) => person.active)
              .map((person) => ({ value: person.id, label: person.name }))}
            value={chosen}
            onChange={setChosen}
            searchable
            hidePickedOptions
          />
        )}
        <Textarea
          label="Why?"
          description="Stands in the record"
          required
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemAlert error={set.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={set.isPending} disabled={reason.trim() === ''}>
            {restricted ? 'Restrict' : 'Open for everybody'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
