/** A restricted entry: its words come when asked for, to who may read them, and each reading is written down. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents, type TimelineEntry } from '#contract/incidents';
import { ProblemAlert, useCommand } from '../../../kit/index.ts';
import { Linked } from './links.tsx';
import classes from './room.module.css';

export const isSealed = (entry: TimelineEntry): boolean => entry.refs.some(({ kind }) => kind === 'sealed');

export function Sealed({ entry, incidentId }: { entry: TimelineEntry; incidentId: string }) {
  const [open, setOpen] = useState(false);
  const read = useCommand(incidents.readRestricted, { problems: 'inline', onDone: () => setOpen(true) });
  const words = open ? read.data : undefined;
  if (words) {
    return (
      <div className={classes.sealed}>
        <p>
          <Linked text={words.text} />
        </p>
        <Group gap="xs">
          <Text fz="xs" c="dimmed">
            Also readable to {[...words.people.map(({ name }) => name), ...words.roles.map(roleName)].join(', ')}
          </Text>
          <button type="button" className={classes.quietButton} onClick={() => setOpen(false)}>
            Hide
          </button>
        </Group>
      </div>
    );
  }
  return (
    <div className={classes.sealed}>
      <p>{entry.text}</p>
      <Button
        size="compact-xs"
        variant="default"
        loading={read.isPending}
        onClick={() => read.mutate({ params: { id: incidentId, seq: entry.seq } })}
        aria-label={`Read restricted entry ${entry.seq}`}
      >
        Read it
      </Button>
      <ProblemAlert error={read.error} />
    </div>
  );
}

const roleName = (role: string): string => `the ${role.replaceAll('_', ' ')}`;
