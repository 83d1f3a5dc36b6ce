/** What is frozen for this incident, until when, and who was let through. */
import { Button, Modal, MultiSelect, Select, Text, TextInput } from '@mantine/core';
import { IconSnowflake } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { type Freeze, endpoints as playbooks } from '#contract/playbooks';
import {
  CommandFormFrame,
  ConfirmButton,
  When,
  useCommand,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './containment.module.css';

export function Freezes({ freezes, mayLift }: { freezes: Freeze[]; mayLift: boolean }) {
  const open = freezes.filter(({ endedAt }) => endedAt === null);
  if (open.length === 0) return null;
  return (
    <div className={classes.freezes}>
      {open.map((freeze) => (
        <div key={freeze.id} className={classes.freeze}>
          <IconSnowflake size={16} aria-hidden="true" />
          <Text fz="sm" component="div">
            <b>{freeze.service.name}</b> is frozen ({freeze.blocks.map((one) => one.replaceAll('_', ' ')).join(', ')})
            until restored, at the latest <When at={freeze.expiresAt} />. A change labelled{' '}
            <code>{freeze.allowLabel}</code> passes.
            {freeze.exceptions.map((one) => (
              <Text key={one.at + one.ref} fz="xs" c="dimmed" component="div">
                Let through: {one.ref || one.label}, asked by {one.by}, <When at={one.at} />
              </Text>
            ))}
          </Text>
          {mayLift && <Lift freeze={freeze} />}
        </div>
      ))}
    </div>
  );
}

/** Freezes a service by hand. */
export function FreezeButton({ incidentId }: { incidentId: string }) {
  const may = useMay('playbooks.startFreeze');
  const [starting, setStarting] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconSnowflake size={14} />}
        onClick={() => setStarting(true)}
      >
        Freeze deploys
      </Button>
      {starting && <StartFreeze incidentId={incidentId} onClose={() => setStarting(false)} />}
    </>
  );
}

function Lift({ freeze }: { freeze: Freeze }) {
  const lift = useCommand(playbooks.endFreeze, { done: 'Freeze lifted', problems: 'inline' });
  const [reason, setReason] = useState('');
  return (
    <ConfirmButton
      size="compact-xs"
      title={`Lift the freeze of ${freeze.service.name}?`}
      consequences={['The deploy gate answers "allow" again at once.']}
      confirm="Lift freeze"
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={() => lift.mutateAsync({ params: { id: freeze.id }, body: { reason } })}
    >
      Lift
    </ConfirmButton>
  );
}

function StartFreeze({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const incident = useQueryOf(incidents.get, { params: { id: incidentId } });
  const services = incident.data?.services ?? [];
  const { form, submit, pending, problem } = useCommandForm(playbooks.startFreeze, {
    initialValues: { serviceId: '', reason: '', blocks: ['deploy'] as ('deploy' | 'migration' | 'flag_change')[] },
    input: (values) => ({
      params: { id: incidentId },
      body: { ...values, serviceId: values.serviceId || (services[0]?.id ?? '') },
    }),
    done: 'Frozen',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Freeze changes of a service">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Freeze"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Text fz="sm">
          The deploy gate answers "deny" with a link to this incident until it is restored, somebody lifts it, or 12
          hours have passed.
        </Text>
        <Select
          label="Service"
          data={services.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('serviceId')}
          value={form.values.serviceId || (services[0]?.id ?? null)}
          allowDeselect={false}
        />
        <MultiSelect
          label="What is stopped"
          data={[
            { value: 'deploy', label: 'Deploys' },
            { value: 'migration', label: 'Migrations' },
            { value: 'flag_change', label: 'Flag changes by hand' },
          ]}
          {...form.getInputProps('blocks')}
        />
        <TextInput label="Why" required {...form.getInputProps('reason')} />
      </CommandFormFrame>
    </Modal>
  );
}
