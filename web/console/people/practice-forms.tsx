/** Writing down that somebody practised a role, and certifying them. */
import { Button, Modal, Select, Textarea } from '@mantine/core';
import { endpoints as people } from '#contract/people';
import { CommandFormFrame, useCommandForm, useMay, useMe } from '../../kit/index.ts';
import { PersonSelect } from './pick.tsx';
import { useRoles } from './role-words.ts';

const KINDS = [
  { value: 'training', label: 'Training' },
  { value: 'shadow', label: 'Shadow: beside somebody who held it' },
  { value: 'reverse_shadow', label: 'Reverse shadow: held it with somebody beside' },
  { value: 'drill', label: 'Drill outside this product' },
  { value: 'duty', label: 'Duty outside this product' },
];

export function PracticeForm({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const forOthers = useMay('people.certify');
  const { all } = useRoles();
  const { form, submit, pending, problem } = useCommandForm(people.recordPractice, {
    initialValues: { roleKey: '', userId: me.user.id, kind: 'training' as never, note: '' },
    input: (values) => ({ body: values }),
    done: 'Written down',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Write down practice">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Write down"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Role"
          required
          data-autofocus
          data={all.map(({ key, title }) => ({ value: key, label: title }))}
          {...form.getInputProps('roleKey')}
        />
        {forOthers && <PersonSelect label="Who" required {...form.getInputProps('userId')} />}
        <Select label="What it was" allowDeselect={false} data={KINDS} {...form.getInputProps('kind')} />
        <Textarea label="Note" placeholder="With whom, on what" autosize {...form.getInputProps('note')} />
      </CommandFormFrame>
    </Modal>
  );
}

export function CertifyForm({ role, onClose }: { role: { key: string; title: string }; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(people.certify, {
    initialValues: { userId: '', note: '' },
    input: (values) => ({ params: { key: role.key }, body: values }),
    done: 'Certified',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Certify for ${role.title.toLowerCase()}`}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Certify"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <PersonSelect label="Who" required data-autofocus {...form.getInputProps('userId')} />
        <Textarea
          label="What shows it"
          description="Current for 180 days after the last practice: a training, a drill or the real thing"
          autosize
          {...form.getInputProps('note')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
