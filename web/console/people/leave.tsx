/** Leave: who is away, and the form to say so. */
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  Section,
  useCommandForm,
  useMay,
  useMe,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './people.module.css';
import { PersonSelect } from './pick.tsx';

export function LeaveForm({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const others = useMay('people.updateSchedule');
  const { form, submit, pending, problem } = useCommandForm(people.addAbsence, {
    initialValues: { userId: me.user.id as string | null, from: '', to: '', note: '' },
    input: ({ userId, ...rest }) => ({ body: { ...(others && userId ? { userId } : {}), ...rest } }),
    done: ({ person }) => `${person.name} is away then`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Away from duty">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Save"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        {others && <PersonSelect label="Who" allowDeselect={false} {...form.getInputProps('userId')} />}
        <Group grow align="flex-start">
          <TextInput label="First day away" type="date" {...form.getInputProps('from')} />
          <TextInput label="Last day away" type="date" {...form.getInputProps('to')} />
        </Group>
        <Text fz="xs" c="dimmed">
          Whole days on the person’s own wall. Shifts in them become gaps, shown in red until somebody covers them. No
          reason is needed.
        </Text>
        <TextInput label="Note (optional, everybody can read it)" {...form.getInputProps('note')} />
      </CommandFormFrame>
    </Modal>
  );
}

/** Who is or will be away. Nothing when nobody is. */
export function Away() {
  const absences = useQueryOf(people.absences);
  const client = useQueryClient();
  const me = useMe();
  const others = useMay('people.updateSchedule');
  const items = absences.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Away">
      <ul className={classes.lines} aria-label="Away">
        {items.map((absence) => (
          <li key={absence.id}>
            <span>
              {absence.person.name}: <When at={absence.from} date /> to <When at={absence.to} date />
              {absence.note && <span className={classes.sub}> · {absence.note}</span>}
              {absence.calendar && <span className={classes.sub}> · from a calendar</span>}
            </span>
            {!absence.calendar && (others || absence.person.id === me.user.id) && (
              <ConfirmButton
                size="compact-sm"
                title="Is this person there after all?"
                consequences={['Their shifts in this time are theirs again.']}
                confirm="There after all"
                onConfirm={async () => {
                  await call(people.removeAbsence, { params: { id: absence.id } });
                  await client.invalidateQueries();
                }}
              >
                Take back
              </ConfirmButton>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
