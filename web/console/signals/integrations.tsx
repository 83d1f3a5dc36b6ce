/** Integrations: who sends alerts, whether they are heard, and what to paste where. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { type IntegrationKey, endpoints as signals } from '#contract/signals';
import {
  CardGrid,
  CommandFormFrame,
  EmptyState,
  Loaded,
  Page,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import { IntegrationCard } from './integration-card.tsx';
import { SetUp } from './set-up.tsx';

export function Integrations() {
  const list = useQueryOf(signals.listIntegrations);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<IntegrationKey & { name: string }>();
  const mayAdd = useMay('signals.createIntegration');
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Connect a source
    </Button>
  );
  return (
    <Page
      title="Integrations"
      subtitle="Where alerts come from. Each sender has a key of its own."
      actions={list.data?.items.length !== 0 && add}
      width="wide"
    >
      <Loaded query={list} lines={6}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No source is connected yet" action={add}>
              Prometheus, Grafana, PagerDuty, Opsgenie, the clouds and most others work by changing one address.
            </EmptyState>
          ) : (
            <CardGrid min="22rem">
              {items.map((integration) => (
                <IntegrationCard
                  key={integration.id}
                  integration={integration}
                  onKey={(key) => setMade({ ...key, name: integration.name })}
                />
              ))}
            </CardGrid>
          )
        }
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Connect a source">
        <AddForm
          onDone={(key, name) => {
            setAdding(false);
            setMade({ ...key, name });
          }}
        />
      </Modal>
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={`Set up “${made?.name ?? ''}”`}
        size="xl"
      >
        {made && <SetUp made={made} />}
      </Modal>
    </Page>
  );
}

/** Kinds under their headings, in the order of the first of each. */
function byTopic(kinds: { kind: string; title: string; topic: string }[]) {
  const topics = [...new Set(kinds.map((one) => one.topic))];
  return topics.map((group) => ({
    group,
    items: kinds
      .filter((one) => one.topic === group)
      .map((one) => ({ value: one.kind, label: one.title }))
      .toSorted((a, b) => a.label.localeCompare(b.label)),
  }));
}

function AddForm({ onDone }: { onDone: (key: IntegrationKey, name: string) => void }) {
  const kinds = useQueryOf(signals.listIntegrationKinds);
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } });
  const { form, submit, pending, problem } = useCommandForm(signals.createIntegration, {
    initialValues: {
      kind: 'alertmanager',
      name: '',
      serviceId: null as string | null,
    },
    input: (values) => ({ body: values }),
    onDone: (made) => onDone(made, made.integration.name),
  });
  const kind = kinds.data?.items.find((one) => one.kind === form.values.kind);
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Connect">
      <Select
        label="What sends"
        description={kind?.description}
        data={byTopic(kinds.data?.items ?? [])}
        allowDeselect={false}
        searchable
        nothingFoundMessage="Nothing of that name. “Any JSON webhook” takes whatever can post JSON."
        maxDropdownHeight={360}
        {...form.getInputProps('kind')}
      />
      <TextInput
        label="Name"
        description="How you call this sender: “Prometheus EU”, “Billing jobs”."
        required
        maxLength={120}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select
        label="Service"
        description="For alerts that name none. Labels such as “service” win when the catalogue knows them."
        placeholder="None"
        data={
          services.data?.items.map((one) => ({
            value: one.id,
            label: one.name,
          })) ?? []
        }
        clearable
        searchable
        {...form.getInputProps('serviceId')}
      />
    </CommandFormFrame>
  );
}
