/** Shifts that are offered: those that wait for me first, with the two answers. */
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { endpoints as people, type Schedule, type Swap } from '#contract/people';
import { CommandFormFrame, Section, serverNow, useCommand, useCommandForm, useQueryOf, When } from '../../kit/index.ts';
import { wallOf } from './days.ts';
import classes from './people.module.css';
import { PersonSelect } from './pick.tsx';

/** The open offers of one schedule, or of all. Nothing at all when there are none. */
export function Swaps({ scheduleId }: { scheduleId?: string }) {
  const swaps = useQueryOf(people.swaps, { query: scheduleId ? { scheduleId } : {} });
  const items = (swaps.data?.items ?? []).toSorted((a, b) => Number(b.mine === 'asked') - Number(a.mine === 'asked'));
  if (items.length === 0) return null;
  return (
    <Section title="Offered shifts" description="Nothing changes hands until the person who was asked accepts.">
      <ul className={classes.lines} aria-label="Offered shifts">
        {items.map((swap) => (
          <OneSwap key={swap.id} swap={swap} />
        ))}
      </ul>
    </Section>
  );
}

function OneSwap({ swap }: { swap: Swap }) {
  const accept = useCommand(people.acceptSwap, { done: 'The shift is yours' });
  const decline = useCommand(people.declineSwap, { done: 'Declined' });
  const withdraw = useCommand(people.withdrawSwap, { done: 'Taken back' });
  const input = { params: { id: swap.id } };
  return (
    <li>
      <span>
        {swap.mine === 'offered' ? 'You ask' : `${swap.from.name} asks`} {swap.mine === 'asked' ? 'you' : swap.to.name}{' '}
        to take {swap.schedule.name}, <When at={swap.fromAt} date /> to <When at={swap.toAt} date />
        {swap.note && <span className={classes.sub}> · {swap.note}</span>}
      </span>
      <Group gap="xs">
        {swap.mine === 'asked' && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              loading={decline.isPending}
              onClick={() => decline.mutate(input)}
            >
              Decline
            </Button>
            <Button size="compact-sm" loading={accept.isPending} onClick={() => accept.mutate(input)}>
              Accept
            </Button>
          </>
        )}
        {swap.mine === 'offered' && (
          <Button
            size="compact-sm"
            variant="default"
            loading={withdraw.isPending}
            onClick={() => withdraw.mutate(input)}
          >
            Take back
          </Button>
        )}
      </Group>
    </li>
  );
}

/** Offers the asker's shift, or a part of it. */
export function SwapForm({
  schedule,
  onClose,
}: {
  schedule: Pick<Schedule, 'id' | 'name' | 'zone'>;
  onClose: () => void;
}) {
  const hour = Math.ceil(serverNow() / 3_600_000) * 3_600_000;
  const { form, submit, pending, problem } = useCommandForm(people.offerSwap, {
    initialValues: {
      toUserId: null as string | null,
      from: wallOf(schedule.zone, hour),
      to: wallOf(schedule.zone, hour + 86_400_000),
      note: '',
    },
    input: ({ toUserId, ...rest }) => ({ params: { id: schedule.id }, body: { toUserId: toUserId ?? '', ...rest } }),
    done: ({ to }) => `${to.name} is asked`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Offer my shift in ${schedule.name}`}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Ask"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <PersonSelect label="Whom do you ask" allowDeselect={false} {...form.getInputProps('toUserId')} />
        <Group grow align="flex-start">
          <TextInput label="From" type="datetime-local" {...form.getInputProps('from')} />
          <TextInput label="To" type="datetime-local" {...form.getInputProps('to')} />
        </Group>
        <Text fz="xs" c="dimmed">
          Times are those of {schedule.zone}. Only your own duty in this stretch changes hands.
        </Text>
        <TextInput label="A word to them (optional)" {...form.getInputProps('note')} />
      </CommandFormFrame>
    </Modal>
  );
}
