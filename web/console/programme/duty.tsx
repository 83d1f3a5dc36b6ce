/** Who is on call: me first, then the others. */
import { Text } from '@mantine/core';
import type { Home } from '#contract/programme';
import { PersonName, Section, StateBadge, TextLink, When } from '../../kit/index.ts';
import classes from './home.module.css';

export function Duty({ duty }: { duty: Home['duty'] }) {
  return (
    <Section title="On call" actions={<TextLink to="/on-call">All</TextLink>}>
      {duty.mine.map((shift) => (
        <div key={shift.schedule} className={classes.mine}>
          <StateBadge state="on_call" tone="progress" label="You are on call" />
          <span>
            {shift.schedule}
            {shift.until && (
              <>
                {' until '}
                <When at={shift.until} />
              </>
            )}
          </span>
        </div>
      ))}
      {duty.others.length === 0 && duty.mine.length === 0 && (
        <Text fz="sm" c="dimmed">
          Nobody is on call: there is no rotation yet.
        </Text>
      )}
      <ul className={classes.others}>
        {duty.others.map((shift) => (
          <li key={shift.schedule}>
            <span>{shift.schedule}</span>
            {shift.person ? (
              <PersonName person={shift.person} />
            ) : (
              <StateBadge state="nobody" tone="danger" label="Nobody" />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
