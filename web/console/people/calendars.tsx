/** Calendars of leave and holidays that are read here: how each stands, and the form to take one in. */
import { Button, FileInput, Group, Modal, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { IconCalendarDown } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints as people, type IncomingCalendar } from '#contract/people';
import {
  Ago,
  CommandFormFrame,
  ConfirmButton,
  call,
  Section,
  StateBadge,
  useCommand,
  useCommandForm,
  useMay,
  useMe,
  useQueryOf,
  useZone,
  When,
} from '../../kit/index.ts';
import classes from './people.module.css';
import { PersonSelect } from './pick.tsx';

/** Whose leave, or which days, in words. */
function sayCovers({ covers, person, team, schedules }: IncomingCalendar): string {
  if (covers === 'person') return `leave of ${person?.name}`;
  if (covers === 'team') return `days off of everybody in ${team?.name}`;
  if (covers === 'mentioned') return `leave of those in ${team?.name} whom an entry names`;
  const used =
    schedules.length > 0 ? `for ${schedules.map(({ name }) => name).join(', ')}` : 'no schedule heeds them yet';
  return `holidays, ${used}`;
}

export function IncomingCalendars() {
  const calendars = useQueryOf(people.calendars);
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay('people.addCalendar');
  const items = calendars.data?.items ?? [];
  return (
    <Section
      title="Calendars of leave and holidays"
      description="Read every hour. Leave blocks shifts until somebody covers them; holidays switch layers off or on where a schedule says so."
      actions={
        mayAdd && (
          <Button variant="default" leftSection={<IconCalendarDown size={16} />} onClick={() => setAdding(true)}>
            Take in a calendar
          </Button>
        )
      }
    >
      {items.length > 0 ? (
        <ul className={classes.lines} aria-label="Calendars of leave and holidays">
          {items.map((calendar) => (
            <OneCalendar key={calendar.id} calendar={calendar} />
          ))}
        </ul>
      ) : (
        <Text fz="sm" c="dimmed">
          None. Give the iCal address of your leave tool or of a list of public holidays.
        </Text>
      )}
      {adding && <AddCalendar onClose={() => setAdding(false)} />}
    </Section>
  );
}

function OneCalendar({ calendar }: { calendar: IncomingCalendar }) {
  const refresh = useCommand(people.refreshCalendar, { done: 'It is read now' });
  const client = useQueryClient();
  const { health, next } = calendar;
  return (
    <li>
      <span>
        <b>{calendar.name}</b>: {sayCovers(calendar)}
        <span className={classes.sub}>
          {' · '}
          {calendar.entryCount} {calendar.entryCount === 1 ? 'entry' : 'entries'}
          {next[0] && (
            <>
              , next {calendar.covers === 'days' ? `${next[0].name}, ${next[0].from}` : <When at={next[0].from} date />}
            </>
          )}
          {calendar.host ? ` · ${calendar.host}, read ` : ' · a file, not read again'}
          {calendar.host && <Ago at={calendar.goodAt} none="never" />}
        </span>
        {calendar.problem && (
          <span className={classes.gapNow}>
            {' '}
            · {calendar.problem}. What was read <Ago at={calendar.goodAt} none="before" /> stays in force.
          </span>
        )}
      </span>
      <Group gap="xs" wrap="nowrap">
        {(health === 'failing' || health === 'old') && (
          <StateBadge state={health} tone="warn" label={health === 'old' ? 'Old' : 'Not readable'} />
        )}
        {calendar.host && calendar.mayChange && (
          <Button
            size="compact-sm"
            variant="default"
            loading={refresh.isPending}
            aria-label={`Read ${calendar.name} again`}
            onClick={() => refresh.mutate({ params: { id: calendar.id } })}
          >
            Read again
          </Button>
        )}
        {calendar.mayChange && (
          <ConfirmButton
            size="compact-sm"
            aria-label={`Take out ${calendar.name}`}
            title={`Take out “${calendar.name}”?`}
            consequences={['Whoever was away only by this calendar is on duty again.']}
            confirm="Take it out"
            onConfirm={async () => {
              await call(people.removeCalendar, { params: { id: calendar.id } });
              await client.invalidateQueries();
            }}
          >
            Take out
          </ConfirmButton>
        )}
      </Group>
    </li>
  );
}

type Covers = IncomingCalendar['covers'];

function AddCalendar({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const zone = useZone();
  const others = useMay('people.updateSchedule');
  const teams = useQueryOf(people.teams);
  const { form, submit, pending, problem } = useCommandForm(people.addCalendar, {
    initialValues: {
      name: '',
      covers: 'person' as Covers,
      userId: me.user.id as string | null,
      teamId: null as string | null,
      entries: 'whole_days' as IncomingCalendar['entries'],
      zone,
      by: 'url' as 'url' | 'text',
      url: '',
      text: '',
    },
    input: ({ by, url, text, covers, userId, teamId, ...rest }) => ({
      body: {
        ...rest,
        covers,
        ...(covers === 'person' && others && userId ? { userId } : {}),
        ...(covers === 'team' || covers === 'mentioned' ? { teamId: teamId ?? '' } : {}),
        ...(by === 'url' ? { url } : { text }),
      },
    }),
    done: ({ name, entryCount }) => `${name}: ${entryCount} ${entryCount === 1 ? 'entry' : 'entries'} read`,
    onDone: onClose,
  });
  const { covers, by } = form.values;
  return (
    <Modal opened onClose={onClose} title="Take in a calendar">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Read and keep"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput label="Name" placeholder="My leave" {...form.getInputProps('name')} />
        {others && (
          <Select
            label="What it says"
            allowDeselect={false}
            data={[
              { value: 'person', label: 'When one person is away' },
              { value: 'mentioned', label: 'When people of a team are away, each entry names who' },
              { value: 'team', label: 'When a whole team is off' },
              { value: 'days', label: 'Holidays, for layers that heed them' },
            ]}
            {...form.getInputProps('covers')}
          />
        )}
        {others && covers === 'person' && (
          <PersonSelect label="Who" allowDeselect={false} {...form.getInputProps('userId')} />
        )}
        {(covers === 'team' || covers === 'mentioned') && (
          <Select
            label="Team"
            allowDeselect={false}
            data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('teamId')}
          />
        )}
        {covers !== 'days' && (
          <Select
            label="What counts"
            allowDeselect={false}
            data={[
              { value: 'whole_days', label: 'Whole days only: meetings are no leave' },
              { value: 'all', label: 'Every entry' },
            ]}
            {...form.getInputProps('entries')}
          />
        )}
        <SegmentedControl
          aria-label="Where it is"
          data={[
            { value: 'url', label: 'At an address' },
            { value: 'text', label: 'In a file' },
          ]}
          {...form.getInputProps('by')}
        />
        {by === 'url' ? (
          <TextInput
            label="iCal address"
            placeholder="https://… or webcal://…"
            description="Kept sealed: whoever has it can read the calendar."
            {...form.getInputProps('url')}
          />
        ) : (
          <FileInput
            label="iCal file"
            placeholder="Choose an .ics file"
            accept=".ics,text/calendar"
            error={form.errors.text}
            onChange={(file) => void file?.text().then((text) => form.setFieldValue('text', text))}
          />
        )}
        <Text fz="xs" c="dimmed">
          Times without a zone are read as {form.values.zone} time.
        </Text>
      </CommandFormFrame>
    </Modal>
  );
}
