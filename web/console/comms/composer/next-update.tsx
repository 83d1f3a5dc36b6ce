/** The time customers are promised: minutes to choose from, shown as a clock time in UTC and in the writer's zone. */
import { Button, Group, Input } from '@mantine/core';
import type { Finding, UpdateFields } from '#contract/comms-lint/index';
import { Countdown, serverNow, When } from '../../../kit/index.ts';
import classes from '../comms.module.css';
import { Marks } from './marked.tsx';

export function NextUpdate({
  fields,
  change,
  intervalMinutes,
  error,
  marks,
}: {
  fields: UpdateFields;
  change: (part: Partial<UpdateFields>) => void;
  intervalMinutes: number;
  error?: string;
  marks: Finding[];
}) {
  // Whole minutes, rounded down, so that the choice stays within policy.
  const set = (minutes: number) =>
    change({ nextUpdateBy: new Date(Math.floor((serverNow() + minutes * 60_000) / 60_000) * 60_000).toISOString() });
  const choices = [
    ...new Set([10, 15, 20, 30, 60, 120, 240].filter((minutes) => minutes < intervalMinutes).concat(intervalMinutes)),
  ];
  return (
    <Input.Wrapper
      label="Next update by"
      description={`Customers will hold us to it. Policy here: at most ${intervalMinutes} minutes.`}
      error={error}
      labelElement="div"
    >
      <Group gap="xs" mt={4}>
        {choices.map((minutes) => (
          <Button key={minutes} size="compact-sm" variant="default" onClick={() => set(minutes)}>
            in {minutes} min
          </Button>
        ))}
      </Group>
      {fields.nextUpdateBy && (
        <p className={classes.soft}>
          <b>{fields.nextUpdateBy.slice(11, 16)} UTC</b> · <When at={fields.nextUpdateBy} /> ·{' '}
          <Countdown at={fields.nextUpdateBy} over="ago: choose again" />
        </p>
      )}
      <Marks marks={marks} />
    </Input.Wrapper>
  );
}
