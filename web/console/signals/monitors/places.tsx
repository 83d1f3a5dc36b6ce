/** Places: where we look from. Nodes of this product, and probes that call outward from elsewhere. */
import { Button, Modal, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Probe, type ProbeToken, endpoints as signals } from '#contract/signals';
import {
  Ago,
  CommandFormFrame,
  ConfirmButton,
  CopyBlock,
  DataList,
  EmptyState,
  Hint,
  Loaded,
  Page,
  Section,
  StateBadge,
  useCommand,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './monitors.module.css';
import { EyesTabs, milliseconds } from './words.tsx';

const WORDS = { waiting: 'Not called yet', heard: 'Heard', silent: 'Silent' } as const;
const TONES = { waiting: 'notice', heard: 'ok', silent: 'danger' } as const;

export function Places() {
  const list = useQueryOf(signals.listPlaces, undefined, { refetchInterval: 15_000 });
  const may = useMay('signals.createProbe');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<ProbeToken>();
  const add = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add a probe
    </Button>
  );
  return (
    <Page
      title="Places"
      subtitle="Where monitors look from. When several must agree, one bad line wakes nobody."
      actions={add}
      width="wide"
    >
      <EyesTabs here="/monitors/places" />
      <Loaded query={list} lines={5}>
        {({ nodes, probes }) => (
          <>
            {nodes.map((place) => (
              <Section
                key={place.place}
                title={`Nodes of this product: ${place.place}`}
                description={`${place.monitors} ${place.monitors === 1 ? 'monitor' : 'monitors'}, shared by the nodes that live`}
                flush
              >
                <DataList
                  label={`Nodes of ${place.place}`}
                  items={place.nodes}
                  rowKey={(node) => node.node}
                  columns={[
                    {
                      key: 'state',
                      label: 'State',
                      width: '8rem',
                      corner: true,
                      labelHidden: true,
                      render: (node) => (
                        <StateBadge
                          state={node.alive ? 'alive' : 'gone'}
                          label={node.alive ? 'Looks' : 'Gone'}
                          tone={node.alive ? 'ok' : 'idle'}
                        />
                      ),
                    },
                    {
                      key: 'node',
                      label: 'Node',
                      primary: true,
                      render: (node) => node.node.replace(/^evenkeel /, ''),
                    },
                    {
                      key: 'watching',
                      label: 'Looks after',
                      align: 'right',
                      width: '8rem',
                      render: (node) => node.watching,
                    },
                    {
                      key: 'late',
                      label: 'Begins late by (p99)',
                      align: 'right',
                      width: '11rem',
                      render: (node) => milliseconds(node.lateMs),
                    },
                    { key: 'seen', label: 'Seen', width: '8rem', render: (node) => <Ago at={node.seenAt} /> },
                  ]}
                />
              </Section>
            ))}
            <Section
              title="Probes"
              description="Programs in other networks. They call this product; nothing calls them."
              flush={probes.length > 0}
            >
              <Probes probes={probes} may={may} onToken={setMade} add={add} />
            </Section>
          </>
        )}
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add a probe">
        <ProbeForm
          onDone={(token) => {
            setAdding(false);
            setMade(token);
          }}
        />
      </Modal>
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={`Start “${made?.probe.name ?? ''}”`}
        size="xl"
      >
        {made && (
          <div className={classes.group}>
            <Hint tone="notice" title="This token is shown once">
              It can fetch what this probe is to look at, and say what it saw. Nothing else.
            </Hint>
            <CopyBlock
              label="On the other machine"
              value={made.command}
              hint="It needs Node and a copy of Evenkeel, and neither a database nor an open port."
            />
          </div>
        )}
      </Modal>
    </Page>
  );
}

function ProbeForm({ onDone }: { onDone: (made: ProbeToken) => void }) {
  const { form, submit, pending, problem } = useCommandForm(signals.createProbe, {
    initialValues: { name: '' },
    input: (values) => ({ body: values }),
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Add">
      <TextInput
        label="Name"
        description="Where it stands: “Lisbon”, “Inside the factory”."
        required
        maxLength={100}
        data-autofocus
        {...form.getInputProps('name')}
      />
    </CommandFormFrame>
  );
}

function Probes({
  probes,
  may,
  onToken,
  add,
}: {
  probes: Probe[];
  may: boolean;
  onToken: (made: ProbeToken) => void;
  add: React.ReactNode;
}) {
  const renew = useCommand(signals.renewProbe, { onDone: onToken });
  const remove = useCommand(signals.removeProbe, { done: 'Removed' });
  return (
    <DataList
      label="Probes"
      items={probes}
      rowKey={(probe) => probe.id}
      empty={
        <EmptyState title="Everything is looked at from here" action={add}>
          A probe elsewhere tells a service that is down from a line that is.
        </EmptyState>
      }
      columns={[
        {
          key: 'state',
          label: 'State',
          width: '9rem',
          corner: true,
          labelHidden: true,
          render: (probe) => <StateBadge state={probe.state} label={WORDS[probe.state]} tone={TONES[probe.state]} />,
        },
        {
          key: 'name',
          label: 'Probe',
          primary: true,
          render: (probe) => (
            <span className={classes.name}>
              <span>{probe.name}</span>
              <small>
                {Object.keys(probe.lacks).length > 0
                  ? `Cannot: ${Object.keys(probe.lacks).join(', ')}`
                  : `Token …${probe.hint}`}
              </small>
            </span>
          ),
        },
        { key: 'monitors', label: 'Looks after', align: 'right', width: '8rem', render: (probe) => probe.monitors },
        { key: 'seen', label: 'Called', width: '9rem', render: (probe) => <Ago at={probe.lastSeenAt} none="never" /> },
        {
          key: 'do',
          label: 'Actions',
          labelHidden: true,
          width: '15rem',
          render: (probe) =>
            may && (
              <span className={classes.line}>
                <ConfirmButton
                  size="xs"
                  title={`A fresh token for “${probe.name}”?`}
                  consequences={['The one it has stops working at once.']}
                  confirm="Renew"
                  onConfirm={() => renew.mutateAsync({ params: { id: probe.id } })}
                >
                  New token
                </ConfirmButton>
                <ConfirmButton
                  size="xs"
                  danger
                  title={`Remove “${probe.name}”?`}
                  consequences={['Monitors that look from elsewhere too go on without it.']}
                  confirm="Remove"
                  onConfirm={() => remove.mutateAsync({ params: { id: probe.id } })}
                >
                  Remove
                </ConfirmButton>
              </span>
            ),
        },
      ]}
    />
  );
}
