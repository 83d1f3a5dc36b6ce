/** Warnings that block saving until somebody says that they are meant. */
import { Checkbox, Stack } from '@mantine/core';
import type { Warning } from '#contract/people';
import { Hint, ProblemError } from '../../kit/index.ts';

/** The warnings of a refusal, if it is one of that kind. */
export function warningsOf(problem: unknown): Warning[] | undefined {
  if (!(problem instanceof ProblemError) || problem.problem.rule !== 'people.warnings') return undefined;
  return (problem.problem as unknown as { warnings: Warning[] }).warnings;
}

export function AcceptWarnings(props: {
  warnings: Warning[];
  accepted: boolean;
  onChange: (accepted: boolean) => void;
}) {
  return (
    <Stack gap="xs" role="alert">
      {props.warnings.map(({ message }) => (
        <Hint key={message} tone="warn">
          {message}
        </Hint>
      ))}
      <Checkbox
        label="I know. Save it all the same"
        checked={props.accepted}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </Stack>
  );
}
