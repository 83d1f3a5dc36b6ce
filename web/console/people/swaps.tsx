/** Shifts that are offered: those that wait for me first, with the two answers; and the form to offer one. */
import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
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
    <Section title="Offered shifts" description="Nothing changes hands until somebody who was asked accepts.">
      <ul className={classes.lines} aria-label="Offered shifts">
        {items.map((swap) => (
          <OneSwap key={swap.id} swap={swap} />
        ))}
      </ul>
    </Section>
  );
}

/** Who is asked, in words: `Rui Responder`, `you`, `you and 2 more, whoever is first`. */
function sayAsked({ to, asked, mine }: Swap): string {
  if (to) return mine === 'asked' ? 'you' : to.name;
  const others = asked.length - 1;
  if (others === 0) return mine === 'asked' ? 'you' : (asked[0]?.name ?? 'nobody');
  if (mine === 'asked') return `you and ${others} more, whoever is first,`;
  return `${asked.map(({ name }) => name).join(' or ')}, whoever is first,`;
}

function OneSwap({ swap }: { swap: Swap }) {
  const accept = useCommand(people.acceptSwap, { done: swap.inReturn ? 'Swapped' : 'The shift is yours' });
  const decline = useCommand(people.declineSwap, { done: 'Declined' });
  const withdraw = useCommand(people.withdrawSwap, { done: 'Taken back' });
  const input = { params: { id: swap.id } };
  return (
    <li>
      <span>
        {swap.mine === 'offered' ? 'You ask' : `${swap.from.name} asks`} {sayAsked(swap)} to take {swap.schedule.name},{' '}
        <When at={swap.fromAt} date /> to <When at={swap.toAt} date />
        {swap.inReturn && (
          <>
            , and takes <When at={swap.inReturn.from} date /> to <When at={swap.inReturn.to} date /> in return
          </>
        )}
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

interface FormProps {
  schedule: Pick<Schedule, 'id' | 'name' | 'zone'>;
  onClose: () => void;
}

/** Offers the asker's shift, or a part of it: to one person, perhaps for a shift in return, or to whoever can. */
export function SwapForm({ schedule, onClose }: FormProps) {
  const hour = Math.ceil(serverNow() / 3_600_000) * 3_600_000;
  const wall = (days: number) => wallOf(schedule.zone, hour + days * 86_400_000);
  const { form, submit, pending, problem } = useCommandForm(people.offerSwap, {
    initialValues: {
      whom: 'one' as 'one' | 'anybody',
      toUserId: null as string | null,
      from: wall(0),
      to: wall(1),
      returns: false,
      inReturn: { from: wall(1), to: wall(2) },
      note: '',
    },
    input: ({ whom, toUserId, returns, inReturn, ...rest }) => ({
      params: { id: schedule.id },
      body: {
        ...rest,
        toUserId: whom === 'one' ? (toUserId ?? '') : null,
        inReturn: whom === 'one' && returns ? inReturn : null,
      },
    }),
    done: ({ to, asked }) =>
      to ? `${to.name} is asked` : `${asked.length} ${asked.length === 1 ? 'person is' : 'people are'} asked`,
    onDone: onClose,
  });
  const one = form.values.whom === 'one';
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
        <Group grow align="flex-start">
          <TextInput label="From" type="datetime-local" {...form.getInputProps('from')} />
          <TextInput label="To" type="datetime-local" {...form.getInputProps('to')} />
        </Group>
        <Text fz="xs" c="dimmed">
          Times are those of {schedule.zone}. Only your own duty in this stretch changes hands.
        </Text>
        <SegmentedControl
          aria-label="One person, or whoever can"
          data={[
            { value: 'one', label: 'One person' },
            { value: 'anybody', label: 'Whoever can' },
          ]}
          {...form.getInputProps('whom')}
        />
        {one ? (
          <PersonSelect label="Whom do you ask" allowDeselect={false} {...form.getInputProps('toUserId')} />
        ) : (
          <Text fz="sm">
            Everybody of this schedule and its team who is not away, not on duty and rested is asked. Whoever accepts
            first has it.
          </Text>
        )}
        {one && (
          <Stack gap="xs">
            <Checkbox
              label="I take a shift of theirs in return"
              {...form.getInputProps('returns', { type: 'checkbox' })}
            />
            {form.values.returns && (
              <Group grow align="flex-start">
                <TextInput label="Theirs from" type="datetime-local" {...form.getInputProps('inReturn.from')} />
                <TextInput label="Theirs to" type="datetime-local" {...form.getInputProps('inReturn.to')} />
              </Group>
            )}
          </Stack>
        )}
        <TextInput label="A word to them (optional)" {...form.getInputProps('note')} />
      </CommandFormFrame>
    </Modal>
  );
}
