/** Adding and changing a component of the status page. */
import { Modal, MultiSelect, Switch, Textarea, TextInput } from '@mantine/core';
import { endpoints as catalog } from '#contract/catalog';
import { type Component, endpoints as comms } from '#contract/comms';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../kit/index.ts';

const valuesOf = (component: Component | null) => ({
  name: component?.name ?? '',
  group: component?.group ?? '',
  description: component?.description ?? '',
  visible: component?.visible ?? true,
  serviceIds: component?.serviceIds ?? [],
});
type Values = ReturnType<typeof valuesOf>;
const bodyOf = ({ group, description, ...rest }: Values) => ({
  ...rest,
  group: group.trim() || null,
  description: description.trim() || null,
});

export function ComponentForm({ component, onClose }: { component: Component | null; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={component ? `Edit ${component.name}` : 'Add a component'}>
      {component ? <Edit component={component} onClose={onClose} /> : <Add onClose={onClose} />}
    </Modal>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const frame = useCommandForm(comms.createComponent, {
    initialValues: valuesOf(null),
    input: (values) => ({ body: bodyOf(values) }),
    done: 'Component added',
    onDone: onClose,
  });
  return <Fields frame={frame} save="Add component" />;
}

function Edit({ component, onClose }: { component: Component; onClose: () => void }) {
  const frame = useCommandForm(comms.saveComponent, {
    initialValues: valuesOf(component),
    input: (values) => ({ params: { id: component.id }, body: bodyOf(values) }),
    done: 'Component saved',
    onDone: onClose,
  });
  return <Fields frame={frame} save="Save component" />;
}

function Fields({ frame, save }: { frame: ReturnType<typeof useCommandForm<never, Values>>; save: string }) {
  const { form, submit, pending, problem } = frame;
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save={save}>
      <TextInput
        label="Name"
        description="As customers call it. No internal names."
        required
        data-autofocus
        maxLength={80}
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Group"
        description="Components with the same group stand together."
        maxLength={80}
        {...form.getInputProps('group')}
      />
      <Textarea label="Description" autosize minRows={1} maxLength={300} {...form.getInputProps('description')} />
      <MultiSelect
        label="Services behind it"
        description="An incident on one of these names this component in its messages."
        searchable
        clearable
        data={(services.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        nothingFoundMessage="No such service"
        {...form.getInputProps('serviceIds')}
      />
      <Switch
        label="Public"
        description="A hidden component appears nowhere outside."
        {...form.getInputProps('visible', { type: 'checkbox' })}
      />
    </CommandFormFrame>
  );
}
