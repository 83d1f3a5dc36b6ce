/** Lets somebody else take a stretch of duty. Times are typed on the wall of the schedule's zone; the server turns them into instants. */
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { type OnCall, endpoints as people } from '#contract/people';
import { CommandFormFrame, call, serverNow, useCommandForm, useMe } from '../../kit/index.ts';
import { wallOf } from './days.ts';
import { PersonSelect } from './pick.tsx';
import { useUndo } from './undo.tsx';

/** The next full hour, and hours after it, on the wall of a zone. */
const wall = (zone: string, hoursAhead: number) =>
  wallOf(zone, Math.ceil(serverNow() / 3_600_000) * 3_600_000 + hoursAhead * 3_600_000);

export function OverrideForm({
  schedule,
  stretch,
  onClose,
}: {
  schedule: Pick<OnCall['schedule'], 'id' | 'name' | 'zone'>;
  /** Chosen on the timeline. */
  stretch?: { from: number; to: number } | undefined;
  onClose: () => void;
}) {
  const undo = useUndo();
  const me = useMe();
  const { form, submit, pending, problem } = useCommandForm(people.addOverride, {
    initialValues: {
      userId: me.user.id as string | null,
      replacesUserId: null as string | null,
      from: stretch ? wallOf(schedule.zone, stretch.from) : wall(schedule.zone, 0),
      to: stretch ? wallOf(schedule.zone, stretch.to) : wall(schedule.zone, 24),
      reason: '',
    },
    input: ({ userId, ...rest }) => ({
      params: { id: schedule.id },
      body: { userId: userId ?? '', ...rest },
    }),
    onDone: ({ id, person }) => {
      undo(`${person.name} takes over`, () =>
        call(people.removeOverride, { params: { id: schedule.id, overrideId: id } }),
      );
      onClose();
    },
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
        <PersonSelect
          label="In whose place (optional)"
          description="Then only that person’s duty changes hands."
          placeholder="Anybody’s"
          clearable
          {...form.getInputProps('replacesUserId')}
        />
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
