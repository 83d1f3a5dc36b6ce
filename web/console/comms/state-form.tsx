/** Setting the state of a component by hand. */
import { Modal, Radio, Stack, TextInput } from '@mantine/core';
import { type Component, endpoints as comms } from '#contract/comms';
import { CommandFormFrame, Hint, useCommandForm } from '../../kit/index.ts';
import { STATES } from './words.ts';

export function StateForm({ component, onClose }: { component: Component; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(comms.setComponentState, {
    initialValues: { state: component.state as string, reason: '' },
    input: ({ state, reason }) => ({
      params: { id: component.id },
      body: { state: state as Component['state'], reason },
    }),
    done: 'State set; the page follows in a moment',
    onDone: onClose,
  });
  const better = form.values.state === 'operational' && component.doubts.length > 0;
  return (
    <Modal opened onClose={onClose} title={`State of ${component.name}`}>
      <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Set state">
        <Radio.Group label="On the page from now on" {...form.getInputProps('state')}>
          <Stack gap={8} mt={6}>
            {STATES.map(({ value, label }) => (
              <Radio key={value} value={value} label={label} />
            ))}
          </Stack>
        </Radio.Group>
        {better && (
          <Hint tone="warn">
            An active incident affects this component: “operational” would be better than what is known.
          </Hint>
        )}
        <TextInput
          label="Reason"
          description="For the record, not for the page."
          required
          maxLength={300}
          {...form.getInputProps('reason')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
