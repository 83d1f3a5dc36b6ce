/** Calendars to subscribe to: my shifts, or everybody's in this schedule. The address is shown once. */
import { Button, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people, type Schedule } from '#contract/people';
import { Ago, ConfirmButton, CopyBlock, call, Section, useCommand, useQueryOf } from '../../kit/index.ts';
import classes from './people.module.css';

export function CalendarSection({ schedule }: { schedule: Pick<Schedule, 'id' | 'name'> }) {
  const feeds = useQueryOf(people.calendarFeeds);
  const make = useCommand(people.createCalendarFeed, { done: 'Calendar address made' });
  const client = useQueryClient();
  const own = (feeds.data?.items ?? []).filter((feed) => !feed.schedule || feed.schedule.id === schedule.id);
  return (
    <Section
      title="In your calendar"
      description="Subscribe from any calendar. Whoever has the address can read it: keep it to yourself, and take it back when you no longer use it."
    >
      <Stack gap="sm">
        <Group gap="xs">
          <Button
            variant="default"
            size="compact-md"
            onClick={() => make.mutate({ body: { kind: 'mine', scheduleId: null } })}
          >
            Address for my shifts
          </Button>
          <Button
            variant="default"
            size="compact-md"
            onClick={() => make.mutate({ body: { kind: 'everyone', scheduleId: schedule.id } })}
          >
            Address for everybody’s shifts here
          </Button>
        </Group>
        {make.data && <CopyBlock label="Calendar address" value={make.data.url} hint="It is shown only now." />}
        {own.length > 0 && (
          <ul className={classes.lines} aria-label="Your calendar addresses">
            {own.map((feed) => (
              <li key={feed.id}>
                <span>
                  {feed.kind === 'mine' ? 'My shifts' : 'Everybody’s shifts'}
                  {feed.schedule ? ` in ${feed.schedule.name}` : ''}
                  <span className={classes.sub}>
                    {' · '}
                    {feed.lastUsedAt ? 'last read ' : 'not read yet'}
                    {feed.lastUsedAt && <Ago at={feed.lastUsedAt} />}
                  </span>
                </span>
                <ConfirmButton
                  size="compact-sm"
                  title="Take this address back?"
                  consequences={['Every calendar that reads it stops showing these shifts.']}
                  confirm="Take it back"
                  onConfirm={async () => {
                    await call(people.revokeCalendarFeed, { params: { id: feed.id } });
                    await client.invalidateQueries();
                  }}
                >
                  Take back
                </ConfirmButton>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Section>
  );
}
