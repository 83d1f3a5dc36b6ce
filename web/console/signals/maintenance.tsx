/** Maintenance windows: services whose new alerts call nobody for a while, and planning one. */
import { Button, Checkbox, Modal, MultiSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as signals, type Maintenance as Window } from '#contract/signals';
import {
  CommandFormFrame,
  ConfirmButton,
  Loaded,
  Mono,
  Section,
  serverNow,
  StateBadge,
  useCommand,
  useCommandForm,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './signals.module.css';

const STATES = { active: 'Holds', pending: 'To come', expired: 'Ended' } as const;
const TONES = { active: 'warn', pending: 'notice', expired: 'idle' } as const;

/** The windows that hold, are to come, or ended lately; and the way to another. */
export function MaintenanceWindows() {
  const list = useQueryOf(signals.listMaintenance);
  const may = useMay('signals.planMaintenance');
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Section
        title="Maintenance windows"
        description="New alerts of the services named call nobody until the end; critical ones do, unless somebody confirmed otherwise."
        actions={
          may && (
            <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
              Plan maintenance
            </Button>
          )
        }
      >
        <Loaded query={list} lines={2}>
          {({ items }) =>
            items.length === 0 ? 'None is planned.' : items.map((one) => <OneWindow key={one.id} window={one} />)
          }
        </Loaded>
      </Section>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Plan maintenance" size="lg">
        <WindowForm onDone={() => setAdding(false)} />
      </Modal>
    </>
  );
}

function OneWindow({ window }: { window: Window }) {
  const may = useMay('signals.expireSilence');
  const end = useCommand(signals.expireSilence, { done: 'Ended. What still fires pages now.' });
  const past = window.state === 'expired';
  return (
    <div className={classes.card}>
      <div>
        <strong>{window.name}</strong>{' '}
        <StateBadge state={window.state} label={STATES[window.state]} tone={TONES[window.state]} />
      </div>
      <div>{window.services.map(({ name }) => name).join(', ') || 'Every service, where it matches'}</div>
      {window.matchers.map((one) => (
        <Mono key={`${one.name}${one.value}`}>
          {`${one.name} ${one.isEqual ? '=' : '!'}${one.isRegex ? '~' : one.isEqual ? '' : '='} "${one.value}"`}
        </Mono>
      ))}
      <div>
        {window.comment} ({window.createdBy})
      </div>
      <div>
        <When at={window.startsAt} /> to <When at={window.endsAt} />.{' '}
        {window.holdsCritical ? 'Critical alerts call nobody either.' : 'Critical alerts page.'}
      </div>
      {may && !past && (
        <div>
          <ConfirmButton
            size="xs"
            title="End this window now?"
            consequences={['Alerts that it holds and that still fire page within half a minute.']}
            confirm="End it"
            onConfirm={() => end.mutateAsync({ params: { id: window.id } })}
          >
            End now
          </ConfirmButton>
        </div>
      )}
    </div>
  );
}

function WindowForm({ onDone }: { onDone: () => void }) {
  const services = useQueryOf(catalog.listServices, { query: { limit: 200, sort: 'name' } });
  const { form, submit, pending, problem } = useCommandForm(signals.planMaintenance, {
    initialValues: { name: '', serviceIds: [] as string[], inHours: 0, hours: 2, reason: '', holdCritical: false },
    input: ({ name, serviceIds, inHours, hours, reason, holdCritical }) => {
      const startsAt = serverNow() + inHours * 3_600_000;
      return {
        body: {
          ...{ name, serviceIds, reason, holdCritical },
          startsAt: new Date(startsAt).toISOString(),
          endsAt: new Date(startsAt + hours * 3_600_000).toISOString(),
        },
      };
    },
    done: 'Planned. The owners are told.',
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Plan it">
      <TextInput label="What is done" required maxLength={120} {...form.getInputProps('name')} />
      <MultiSelect
        label="Services"
        required
        searchable
        data={(services.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps('serviceIds')}
      />
      <NumberInput label="Begins in so many hours" min={0} max={8760} required {...form.getInputProps('inHours')} />
      <NumberInput
        label="Lasts so many hours"
        description="At most 720: 30 days."
        min={0.25}
        max={720}
        required
        {...form.getInputProps('hours')}
      />
      <Textarea label="Why" required maxLength={1800} autosize {...form.getInputProps('reason')} />
      <Checkbox
        label="Hold critical alerts too: nobody is called, whatever happens"
        {...form.getInputProps('holdCritical', { type: 'checkbox' })}
      />
    </CommandFormFrame>
  );
}
