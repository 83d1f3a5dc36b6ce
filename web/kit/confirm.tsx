/** A button that says in plain words what will happen before it happens. */
import { Button, type ButtonProps, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ProblemAlert } from './feedback.tsx';

export interface ConfirmButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** The button's words. */
  children: ReactNode;
  /** The question: "Sign out this device?" */
  title: string;
  /** What follows, each in a plain sentence. */
  consequences: string[];
  /** The words of the button that does it: "Sign out device". Never "OK". */
  confirm: string;
  /** What is done; the dialog stays open with the problem when it is refused. */
  onConfirm: () => Promise<unknown>;
  /** Cannot be undone, or hurts: shown in red. */
  danger?: boolean;
  /** Asks for a reason (passed on by `onReason`) before it can be done. */
  reason?: { label: string; value: string; onChange: (text: string) => void };
  extra?: ReactNode;
}

/** Opens a dialog with the consequences; the first focus is on the way out. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, title, consequences, confirm, onConfirm, danger, reason, extra, ...button } = props;
  const [opened, setOpened] = useState(false);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  const close = () => {
    setOpened(false);
    setProblem(undefined);
  };
  const run = async () => {
    setPending(true);
    setProblem(undefined);
    try {
      await onConfirm();
      close();
    } catch (error) {
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <Button
        {...(danger && !button.variant ? { color: 'red', variant: 'light' } : { variant: 'default' })}
        {...button}
        onClick={() => setOpened(true)}
      >
        {children}
      </Button>
      <Modal opened={opened} onClose={close} title={title}>
        <Stack gap="md">
          {consequences.length === 1 ? (
            <Text fz="sm">{consequences[0]}</Text>
          ) : (
            <List fz="sm" spacing={4}>
              {consequences.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          )}
          {extra}
          {reason && (
            <TextInput
              label={reason.label}
              required
              value={reason.value}
              onChange={(event) => reason.onChange(event.currentTarget.value)}
            />
          )}
          <ProblemAlert error={problem} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus={reason ? undefined : true}>
              Cancel
            </Button>
            <Button
              color={danger ? 'red' : undefined}
              loading={pending}
              disabled={reason?.value.trim() === ''}
              onClick={() => void run()}
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
