/** An action outside a playbook: chosen from what the connectors can do, previewed and approved like any other. */
import { Button, Modal, Select, Text, Textarea, TextInput } from '@mantine/core';
import { endpoints as playbooks } from '#contract/playbooks';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../../kit/index.ts';

const titles: Record<string, string> = {
  'flag.set': 'Set a feature flag',
  'webhook.call': 'Call a webhook',
  'change.freeze': 'Freeze changes of the affected services',
};

export function FreeAction({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const flags = useQueryOf(playbooks.flags);
  const targets = useQueryOf(playbooks.webhookTargets);
  const { form, submit, pending, problem } = useCommandForm(playbooks.proposeAction, {
    initialValues: { action: 'flag.set', flag: '', variant: '', target: '', message: '', reason: '' },
    validate: {
      flag: (value, all) => (all.action === 'flag.set' && !value ? 'Choose a flag' : null),
      variant: (value, all) => (all.action === 'flag.set' && !value ? 'Choose a variant' : null),
      target: (value, all) => (all.action === 'webhook.call' && !value ? 'Choose a target' : null),
      reason: (value) => (value.trim() ? null : 'Say why'),
    },
    input: ({ action, flag, variant, target, message, reason }) => ({
      params: { id: incidentId },
      body: {
        action,
        reason,
        with:
          action === 'flag.set'
            ? { flag, variant }
            : action === 'webhook.call'
              ? { target, body: { text: message } }
              : {},
      },
    }),
    done: (row) => (row.state === 'refused' ? 'Refused: see why below' : 'Previewed; it waits for approval'),
    onDone: onClose,
  });
  const { action } = form.values;
  const chosen = flags.data?.items.find(({ key }) => key === form.values.flag);
  return (
    <Modal opened onClose={onClose} title="Action outside a playbook">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Preview"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Action"
          data={Object.entries(titles).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          {...form.getInputProps('action')}
        />
        {action === 'flag.set' && (
          <>
            <Select
              label="Flag"
              required
              searchable
              nothingFoundMessage="No such flag"
              data={(flags.data?.items ?? []).map(({ key }) => key)}
              {...form.getInputProps('flag')}
              onChange={(value) => form.setValues({ flag: value ?? '', variant: '' })}
            />
            <Select
              label="Variant"
              required
              description={chosen && `Now: ${chosen.variant}`}
              data={Object.keys(chosen?.variants ?? {})}
              disabled={!chosen}
              {...form.getInputProps('variant')}
            />
          </>
        )}
        {action === 'webhook.call' && (
          <>
            <Select
              label="Target"
              required
              data={(targets.data?.items ?? []).map(({ name, description }) => ({
                value: name,
                label: description ? `${name}: ${description}` : name,
              }))}
              {...form.getInputProps('target')}
            />
            <Textarea label="Text to send" autosize minRows={2} {...form.getInputProps('message')} />
          </>
        )}
        {action === 'change.freeze' && (
          <Text fz="sm">The deploy gate answers "deny" for the affected services until the incident is restored.</Text>
        )}
        <TextInput label="Why" required {...form.getInputProps('reason')} />
      </CommandFormFrame>
    </Modal>
  );
}
