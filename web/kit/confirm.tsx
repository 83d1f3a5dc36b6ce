/** Asking before something happens, in plain words: what follows, a way out, a button that names the deed. */
import { Button, type ButtonProps, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ProblemAlert } from './feedback.tsx';

interface Question {
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
  /** Asks for a reason before it can be done. */
  reason?: { label: string; value: string; onChange: (text: string) => void };
  /** Further fields, between the consequences and the buttons. */
  extra?: ReactNode;
}

export interface ConfirmButtonProps extends Omit<ButtonProps, 'onClick'>, Question {
  /** The button's words. */
  children: ReactNode;
}

/** A button that opens the question. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, title, consequences, confirm, onConfirm, danger, reason, extra, ...button } = props;
  const [opened, setOpened] = useState(false);
  const look = danger && !button.variant ? { color: 'red', variant: 'light' } : { variant: 'default' };
  return (
    <>
      <Button {...look} {...button} onClick={() => setOpened(true)}>
        {children}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        {...{ title, consequences, confirm, onConfirm, danger, reason, extra }}
      />
    </>
  );
}

/** The question itself, for what is not a button (an entry of a menu). The first focus is on the way out. */
export function ConfirmDialog(props: Question & { opened: boolean; onClose: () => void }) {
  const { opened, title, consequences, confirm, onConfirm, danger, reason, extra } = props;
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const close = () => {
    setProblem(undefined);
    props.onClose();
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
    <Modal opened={opened} onClose={close} title={title}>
      <Stack gap="md">
        <Consequences lines={consequences} />
        {extra}
        {reason && (
          <TextInput
            label={reason.label}
            required
            data-autofocus
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
  );
}

function Consequences({ lines }: { lines: string[] }) {
  if (lines.length === 1) return <Text fz="sm">{lines[0]}</Text>;
  return (
    <List fz="sm" spacing={4}>
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}
