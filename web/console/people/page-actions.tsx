/** Everything one can do with a page, at one place: take it, put it off, give it to somebody, ask for help, call the next. */
import { Button, Menu, Modal, MultiSelect, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  IconArrowForwardUp,
  IconBellRinging,
  IconClockPause,
  IconHandStop,
  IconUserPlus,
  IconUserShare,
} from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as people, type PageWithLog } from '#contract/people';
import {
  CommandFormFrame,
  formatDuration,
  Section,
  serverNow,
  useCommand,
  useCommandForm,
  useMay,
  useMe,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './page-actions.module.css';
import { wallOf } from './days.ts';
import { PersonSelect } from './pick.tsx';
import { isOpen } from './take.tsx';

type Asking = 'until' | 'give' | 'help' | undefined;

/** Nothing for a page that has ended, or for who may not answer it. */
export function PageActions({ page }: { page: PageWithLog }) {
  const me = useMe();
  const responds = useMay('people.snooze');
  const [asking, setAsking] = useState<Asking>();
  const [menu, setMenu] = useState(false);
  const acts = usePageCommands(page);
  const mine = page.acknowledgedBy?.id === me.user.id;
  const open = isOpen(page);
  const called = page.called.some(({ id }) => id === me.user.id);
  const mayTake = open && (responds || called);
  const maySnooze = responds && (open || mine);
  const live = page.state !== 'stopped';
  useHotkeys(
    asking || !live
      ? []
      : [
          ['t', () => mayTake && acts.take()],
          ['s', () => maySnooze && setMenu(true)],
          ['g', () => responds && setAsking('give')],
          ['h', () => responds && setAsking('help')],
        ],
  );
  if (!live || !(responds || called)) return null;
  return (
    <Section label="What to do">
      <p className={classes.state}>
        <Situation page={page} mine={mine} />
      </p>
      <div className={classes.buttons}>
        {mayTake && (
          <Button
            leftSection={<IconHandStop size={16} />}
            loading={acts.taking}
            onClick={acts.take}
            rightSection={<Key k="T" />}
          >
            Take this page
          </Button>
        )}
        {mine && page.asksAgainWhy === 'ack_timeout' && (
          <Button leftSection={<IconBellRinging size={16} />} loading={acts.taking} onClick={acts.take}>
            I am still at it
          </Button>
        )}
        {maySnooze && <SnoozeMenu page={page} opened={menu} onChange={setMenu} onUntil={() => setAsking('until')} />}
        {responds && (
          <>
            <Button
              variant="default"
              leftSection={<IconUserShare size={16} />}
              onClick={() => setAsking('give')}
              rightSection={<Key k="G" />}
            >
              Give to…
            </Button>
            <Button
              variant="default"
              leftSection={<IconUserPlus size={16} />}
              onClick={() => setAsking('help')}
              rightSection={<Key k="H" />}
            >
              Ask for help
            </Button>
          </>
        )}
        {responds && (page.state === 'paging' || mine) && (
          <Button
            variant="default"
            leftSection={<IconArrowForwardUp size={16} />}
            loading={acts.calling}
            onClick={acts.callNext}
          >
            {mine ? 'Give it back' : 'Call the next'}
          </Button>
        )}
      </div>
      {asking === 'until' && <SnoozeUntil page={page} onClose={() => setAsking(undefined)} />}
      {asking === 'give' && <Give page={page} onClose={() => setAsking(undefined)} />}
      {asking === 'help' && <Help page={page} onClose={() => setAsking(undefined)} />}
    </Section>
  );
}

const Key = ({ k }: { k: string }) => (
  <kbd aria-hidden="true" className={classes.key}>
    {k}
  </kbd>
);

function usePageCommands(page: PageWithLog) {
  const params = { id: page.id };
  const take = useCommand(people.acknowledge, { done: 'You have this page. Nobody else is being called.' });
  const next = useCommand(people.callNext, { done: 'The next are being called' });
  return {
    take: () => take.mutate({ params }),
    taking: take.isPending,
    callNext: () => next.mutate({ params, body: {} }),
    calling: next.isPending,
  };
}

/** In one sentence: who is called, who has it, when it asks again. */
function Situation({ page, mine }: { page: PageWithLog; mine: boolean }) {
  const next = page.upcoming[0];
  if (page.state === 'unanswered') return <b>Everybody was called and nobody has answered.</b>;
  if (page.state === 'acknowledged') {
    const who = mine ? 'You have this page.' : `${page.acknowledgedBy?.name ?? 'Somebody'} has this page.`;
    if (!page.asksAgainAt) return <b>{who}</b>;
    const why =
      page.asksAgainWhy === 'snooze' ? 'It is put off and asks again' : 'It asks again, unless something is heard,';
    return (
      <>
        <b>{who}</b> {why} <When at={page.asksAgainAt} />; without an answer the policy begins anew.
      </>
    );
  }
  const called = page.called.map(({ name }) => name);
  return (
    <>
      <b>{called.length > 0 ? `Called so far: ${called.join(', ')}.` : 'Nobody is called yet.'}</b>
      {page.assignee && ` It is ${mine ? 'yours' : `given to ${page.assignee.name}`}.`}
      {next?.at && next.people.length > 0 && (
        <>
          {' '}
          {next.people.map(({ name }) => name).join(', ')} next, <When at={next.at} seconds />.
        </>
      )}
    </>
  );
}

const LENGTHS = [1800, 3600, 4 * 3600, 24 * 3600];

function SnoozeMenu({
  page,
  opened,
  onChange,
  onUntil,
}: {
  page: PageWithLog;
  opened: boolean;
  onChange: (opened: boolean) => void;
  onUntil: () => void;
}) {
  const snooze = useCommand(people.snooze, { done: 'It is yours and asks you again then' });
  const end = useCommand(people.endSnooze, { done: 'No longer put off. You still have the page.' });
  const params = { id: page.id };
  return (
    <Menu opened={opened} onChange={onChange} position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconClockPause size={16} />}
          loading={snooze.isPending}
          rightSection={<Key k="S" />}
        >
          Put off
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LENGTHS.map((seconds) => (
          <Menu.Item key={seconds} onClick={() => snooze.mutate({ params, body: { forSeconds: seconds } })}>
            For {formatDuration(seconds)}
          </Menu.Item>
        ))}
        <Menu.Item onClick={onUntil}>Until…</Menu.Item>
        {page.asksAgainWhy === 'snooze' && (
          <Menu.Item onClick={() => end.mutate({ params })}>Not at all: end it now</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface AskProps {
  page: PageWithLog;
  onClose: () => void;
}

const Cancel = ({ onClose }: { onClose: () => void }) => (
  <Button variant="default" onClick={onClose}>
    Cancel
  </Button>
);

/** The next morning at nine, as a first proposal. */
const tomorrow = () =>
  wallOf(Intl.DateTimeFormat().resolvedOptions().timeZone, serverNow() + 86_400_000).replace(/T.*/, 'T09:00');

function SnoozeUntil({ page, onClose }: AskProps) {
  const { form, submit, pending, problem } = useCommandForm(people.snooze, {
    initialValues: { until: tomorrow(), note: '' },
    input: ({ until, note }) => ({
      params: { id: page.id },
      // What the field shows is the wall of this browser.
      body: { until: new Date(until).toISOString(), note: note || undefined },
    }),
    validate: { until: (value) => (Number.isNaN(Date.parse(value)) ? 'a day and a time' : null) },
    done: 'It is yours and asks you again then',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Put this page off">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Put off"
        secondary={<Cancel onClose={onClose} />}
      >
        <TextInput
          label="Until"
          description={`In the time of this device, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`}
          type="datetime-local"
          data-autofocus
          {...form.getInputProps('until')}
        />
        <TextInput label="Why (optional)" placeholder="After the backup" {...form.getInputProps('note')} />
      </CommandFormFrame>
    </Modal>
  );
}

function Give({ page, onClose }: AskProps) {
  const { form, submit, pending, problem } = useCommandForm(people.reassign, {
    initialValues: { userId: null as string | null, note: '' },
    input: ({ userId, note }) => ({ params: { id: page.id }, body: { userId: userId ?? '', note: note || undefined } }),
    validate: { userId: (value) => (value ? null : 'choose a person') },
    done: ({ assignee }) => `It is given to ${assignee?.name ?? 'them'}, who is called now`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Give this page to somebody">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Give it to them"
        secondary={<Cancel onClose={onClose} />}
      >
        <PersonSelect
          label="To"
          description="They are called at once. If they do not answer, the policy begins anew and the page stays theirs."
          data-autofocus
          openOnFocus={false}
          {...form.getInputProps('userId')}
        />
        <TextInput label="Why (optional)" placeholder="You know this queue" {...form.getInputProps('note')} />
      </CommandFormFrame>
    </Modal>
  );
}

/** `userIds:usr_…` -> the body of the endpoint. */
const splitChosen = (chosen: string[]) => {
  const of = (field: string) =>
    chosen.flatMap((text) => (text.startsWith(field) ? [text.slice(field.length + 1)] : []));
  return { userIds: of('userIds'), teamIds: of('teamIds'), policyIds: of('policyIds') };
};

function Help({ page, onClose }: AskProps) {
  const persons = useQueryOf(people.people);
  const teams = useQueryOf(people.teams);
  const policies = useQueryOf(people.policies);
  const options = (group: string, field: string, items: { id: string; name: string }[] | undefined) => ({
    group,
    items: (items ?? []).map(({ id, name }) => ({ value: `${field}:${id}`, label: name })),
  });
  const { form, submit, pending, problem } = useCommandForm(people.addResponders, {
    initialValues: { userIds: [] as string[], note: '' },
    input: ({ userIds, note }) => ({
      params: { id: page.id },
      body: { ...splitChosen(userIds), note: note || undefined },
    }),
    done: ({ added }) =>
      `Asked: ${added.map(({ name, isNew }) => (isNew ? name : `${name} (called already)`)).join(', ')}`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Ask more people for help">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Ask them"
        secondary={<Cancel onClose={onClose} />}
      >
        <MultiSelect
          label="Whom"
          description="Each is called by a page of their own about the same thing. Who has this page keeps it."
          searchable
          data-autofocus
          openOnFocus={false}
          data={[
            options(
              'People',
              'userIds',
              persons.data?.items.filter(({ active }) => active),
            ),
            options('Teams', 'teamIds', teams.data?.items),
            options('Escalation policies', 'policyIds', policies.data?.items),
          ]}
          {...form.getInputProps('userIds')}
        />
        <TextInput
          label="What help is wanted (optional)"
          placeholder="The queue is full"
          {...form.getInputProps('note')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
