/** The bar under a message: what still stands in the way, and the one button that leads on. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as comms, type Message } from '#contract/comms';
import type { LintReport } from '#contract/comms-lint/index';
import { ConfirmButton, Hint, PersonName, ProblemAlert, useCommand, useNow } from '../../../kit/index.ts';
import classes from '../comms.module.css';
import { fieldWord } from '../words.ts';
import type { MessageDraft } from './draft.ts';
import { mendable, mendAll } from './mend.ts';

interface Props {
  message: Message;
  draft: MessageDraft;
  lint: LintReport;
  /** Saves what is unsaved and gives the message back; rejects when refused. */
  save: () => Promise<Message>;
  saving: boolean;
  saveError: unknown;
  published: () => void;
  /** Called when somebody tries: from then on empty fields are marked. */
  tried: () => void;
}

export function ActionBar(props: Props) {
  const { message, draft, lint, save, saving, saveError } = props;
  const discard = useCommand(comms.discardDraft, {
    done: 'Message thrown away',
    onDone: props.published,
    problems: 'inline',
  });
  return (
    <div className={classes.bar}>
      <div role="status">
        {draft.behind ? (
          <Hint tone="notice" title="Somebody saved meanwhile.">
            Your words are still here.{' '}
            <Button size="compact-xs" variant="subtle" onClick={draft.rebase}>
              Keep mine on top
            </Button>
          </Hint>
        ) : saveError ? (
          <ProblemAlert error={saveError} />
        ) : (
          <InTheWay message={message} lint={lint} dirty={draft.dirty} />
        )}
      </div>
      <Group gap="xs">
        <ConfirmButton
          variant="subtle"
          danger
          title="Throw this message away?"
          consequences={['The text is gone. What is published stays.']}
          confirm="Throw away"
          onConfirm={() => discard.mutateAsync({ params: { id: message.id } })}
        >
          Discard
        </ConfirmButton>
        {mendable(lint) > 0 && (
          <Button variant="light" onClick={() => draft.change(mendAll(draft.fields, lint))}>
            {mendable(lint) === 1 ? 'Mend it' : `Mend all ${mendable(lint)}`}
          </Button>
        )}
        <Button
          variant="default"
          disabled={!draft.dirty || draft.behind}
          loading={saving}
          onClick={() => void save().catch(() => undefined)}
        >
          Save draft
        </Button>
        <Onward {...props} />
      </Group>
    </div>
  );
}

function InTheWay({ message, lint, dirty }: { message: Message; lint: LintReport; dirty: boolean }) {
  const missing = [...new Set(lint.missing.map(({ path }) => fieldWord(path)))];
  const waiting = message.revision.approvalRequestedAt && !message.revision.approvedAt && !dirty;
  const warnings = lint.findings.filter(({ level }) => level === 'warn').length;
  if (missing.length > 0) return <span>Still missing: {missing.join(', ')}</span>;
  if (lint.errors.length > 0)
    return <span className={classes.late}>Stopped by {lint.errors.join(', ')}: see the marks</span>;
  if (waiting) return <span>Waiting for the incident commander’s approval</span>;
  if (message.revision.approvedBy && !dirty) {
    return (
      <span>
        Approved by <PersonName person={message.revision.approvedBy} plain />
      </span>
    );
  }
  if (warnings > 0)
    return <span>{warnings === 1 ? 'One remark to look at' : `${warnings} remarks to look at`}; nothing stops it</span>;
  return <span>{dirty ? 'Not saved yet' : 'Ready'}</span>;
}

/** Ask, approve and publish, or publish: whichever comes next for this person. */
function Onward(props: Props) {
  const { message, draft, lint } = props;
  const [opened, setOpened] = useState(false);
  const ask = useCommand(comms.askApproval, { done: 'The incident commander is asked' });
  const now = useNow(15);
  const blocked = lint.missing.length > 0 || lint.secrets.length > 0 || draft.behind;
  const needs = message.needsApproval && (draft.dirty || !message.revision.approvedAt);
  // A hurdle of approval that remains although nothing is unsaved means: this person alone cannot.
  const alone = needs && message.hurdles.some(({ rule }) => rule === 'comms.approval');
  const asked =
    message.revision.approvalRequestedAt && !draft.dirty
      ? new Date(message.revision.approvalRequestedAt).getTime()
      : null;
  const patient = asked !== null && now - asked >= 5 * 60_000;
  const go = async () => {
    props.tried();
    if (blocked) return;
    if (draft.dirty) await props.save().catch(() => undefined);
    setOpened(true);
  };
  if (alone && asked === null) {
    const request = async () => {
      props.tried();
      if (blocked || lint.errors.length > 0) return;
      const saved = draft.dirty ? await props.save().catch(() => null) : message;
      if (saved) ask.mutate({ params: { id: saved.id } });
    };
    return (
      <Button loading={ask.isPending} onClick={() => void request()}>
        Ask for approval
      </Button>
    );
  }
  if (alone && !patient) return <Button disabled>Waiting for approval</Button>;
  return (
    <>
      <Button onClick={() => void go()}>
        {needs && !alone ? 'Approve and publish…' : alone ? 'Publish without approval…' : 'Publish…'}
      </Button>
      {opened && <Publish {...props} alone={alone} onClose={() => setOpened(false)} />}
    </>
  );
}

function Publish({ message, lint, published, alone, onClose }: Props & { alone: boolean; onClose: () => void }) {
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const [why, setWhy] = useState('');
  const command = useCommand(comms.publish, {
    done: message.exercise ? 'Published to the drill’s mirror' : 'Published to customers',
    onDone: published,
    problems: 'inline',
  });
  const complete =
    lint.errors.every((rule) => (reasons[rule] ?? '').trim().length >= 5) && (!alone || why.trim().length >= 10);
  const run = () =>
    command.mutate({
      params: { id: message.id },
      body: {
        ...(lint.errors.length > 0 && {
          overrides: lint.errors.map((rule) => ({ rule, reason: reasons[rule] ?? '' })),
        }),
        ...(alone && { withoutApproval: { reason: why } }),
      },
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={message.exercise ? 'Publish to the drill’s mirror?' : 'Publish to customers?'}
    >
      <Stack gap="md">
        <ul className={classes.check}>
          {message.exercise ? (
            <li>It is seen in this console only. No customer, no subscriber, no public page.</li>
          ) : (
            <>
              <li>The status page shows it within seconds.</li>
              <li>Subscribers and the networks you speak on get it from the same revision.</li>
            </>
          )}
          <li>Published text never changes; a correction stays visible as one.</li>
          {message.kind === 'resolution' && <li>The clock stops, and closing no longer waits for it.</li>}
        </ul>
        {lint.errors.map((rule) => (
          <TextInput
            key={rule}
            required
            label={`Let ${rule} pass because`}
            description={lint.findings.find((found) => found.rule === rule)?.reason}
            value={reasons[rule] ?? ''}
            onChange={(event) => setReasons({ ...reasons, [rule]: event.currentTarget.value })}
          />
        ))}
        {alone && (
          <TextInput
            required
            label="Why without approval?"
            description="Nobody answered within five minutes. At least ten characters; it stands in the record."
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
        )}
        {message.hurdles
          .filter(({ rule }) => rule !== 'comms.approval')
          .map(({ text }) => (
            <Text key={text} fz="sm" c="red">
              {text}
            </Text>
          ))}
        <ProblemAlert error={command.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button disabled={!complete} loading={command.isPending} onClick={run}>
            {message.exercise ? 'Publish to the mirror' : 'Publish to customers'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
