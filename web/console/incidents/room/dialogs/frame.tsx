/** The frame of a step's dialog: what it means, its fields, the refusal if any, and the button that does it. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from '../../../../kit/index.ts';

export interface StepDialogProps<I> {
  title: string;
  /** One sentence: what follows from it. */
  lead?: ReactNode;
  save: string;
  command: UseMutationResult<unknown, Error, I>;
  /** What is sent; undefined while something is missing. */
  input: I | undefined;
  onClose: () => void;
  danger?: boolean;
  /** Beside Cancel: another way out. */
  secondary?: ReactNode;
  children?: ReactNode;
}

/** Closes itself when the server has done it; stays with the reason when it was refused. */
export function StepDialog<I>({
  title,
  lead,
  save,
  command,
  input,
  onClose,
  danger,
  secondary,
  children,
}: StepDialogProps<I>) {
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (input !== undefined) command.mutate(input, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          {lead && (
            <Text fz="sm" component="div">
              {lead}
            </Text>
          )}
          {children}
          <ProblemAlert error={command.error} />
          <Group justify="flex-end" gap="xs">
            {secondary}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color={danger ? 'red' : undefined}
              loading={command.isPending}
              disabled={input === undefined}
            >
              {save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
