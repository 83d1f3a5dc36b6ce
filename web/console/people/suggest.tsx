/** Who should take the next stretch of a role's rota, and why not the others. */
import { Modal, Select, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as people, type Suggestion } from '#contract/people';
import {
  EmptyState,
  formatInstant,
  Loaded,
  PersonName,
  serverNow,
  useQueryOf,
  useZone,
  When,
} from '../../kit/index.ts';
import { daysFrom, startOfWeek } from './days.ts';
import classes from './roles.module.css';

const WHY: Record<NonNullable<Suggestion['hindrance']>, string> = {
  away: 'is away then',
  on_duty: 'is on duty then',
  no_rest: 'would have less than ten hours of rest',
  not_certified: 'is not certified',
  expired: 'has an expired certificate',
};

/** The next eight weeks, Monday to Monday. */
function useWeeks() {
  const zone = useZone();
  const days = daysFrom(zone, startOfWeek(zone, serverNow()), 63);
  return Array.from({ length: 8 }, (_, week) => ({
    from: new Date(days[(week + 1) * 7]!).toISOString(),
    to: new Date(days[(week + 2) * 7]!).toISOString(),
  }));
}

export function SuggestForm({ role, onClose }: { role: { key: string; title: string }; onClose: () => void }) {
  const weeks = useWeeks();
  const [week, setWeek] = useState(0);
  const zone = useZone();
  const query = useQueryOf(
    people.roleSuggestion,
    { params: { key: role.key }, query: weeks[week]! },
    { keepPrevious: true },
  );
  return (
    <Modal opened onClose={onClose} title={`Who next as ${role.title.toLowerCase()}?`}>
      <Text fz="sm" c="dimmed" mb="sm">
        Certified people whose last practice is longest ago come first, so that practice goes round.
      </Text>
      <Select
        label="Week that begins on"
        mb="md"
        allowDeselect={false}
        data={weeks.map(({ from }, at) => ({
          value: String(at),
          label: formatInstant(Date.parse(from), zone, serverNow(), { date: true }),
        }))}
        value={String(week)}
        onChange={(value) => setWeek(Number(value))}
      />
      <Loaded query={query} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nobody is known for this role" />
          ) : (
            <ol className={classes.people}>
              {items.map(({ person, lastPracticeAt, hindrance }) => (
                <li key={person.id}>
                  <PersonName person={person} />{' '}
                  <span className={classes.dim}>
                    {hindrance ? (
                      WHY[hindrance]
                    ) : lastPracticeAt ? (
                      <>
                        last practised <When at={lastPracticeAt} />
                      </>
                    ) : (
                      'has not practised'
                    )}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Modal>
  );
}
