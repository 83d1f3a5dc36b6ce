/** Lets somebody else take a stretch of duty. Times are typed on the wall of the schedule's zone; the server turns them into instants. */
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { type OnCall, endpoints as people } from '#contract/people';
import { CommandFormFrame, serverNow, useCommandForm, useMe } from '../../kit/index.ts';
import { PersonSelect } from './pick.tsx';

/** `2026-11-23T14:00` on the wall of a zone: the next full hour, and hours after it. */
function wall(zone: string, hoursAhead: number): string {
  const at = Math.ceil(serverNow() / 3_600_000) * 3_600_000 + hoursAhead * 3_600_000;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(at).replace(' ', 'T');
}

export function OverrideForm({ schedule, onClose }: { schedule: OnCall['schedule']; onClose: () => void }) {
  const me = useMe();
  const { form, submit, pending, problem } = useCommandForm(people.addOverride, {
    initialValues: {
      userId: me.user.id as string | null,
      from: wall(schedule.zone, 0),
      to: wall(schedule.zone, 24),
      reason: '',
    },
    input: ({ userId, from, to, reason }) => ({
      params: { id: schedule.id },
      body: { userId: userId ?? '', from, to, reason },
    }),
    done: ({ person }) => `${person.name} takes over`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Override in ${schedule.name}`}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Take over"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <PersonSelect label="Who is on call instead" allowDeselect={false} {...form.getInputProps('userId')} />
        <Group grow align="flex-start">
          <TextInput label="From" type="datetime-local" {...form.getInputProps('from')} />
          <TextInput label="To" type="datetime-local" {...form.getInputProps('to')} />
        </Group>
        <Text fz="xs" c="dimmed">
          Times are those of {schedule.zone}, the schedule’s zone.
        </Text>
        <TextInput label="Why (optional)" placeholder="Holiday" {...form.getInputProps('reason')} />
      </CommandFormFrame>
    </Modal>
  );
}
