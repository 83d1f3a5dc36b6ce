/** Under the messages: what is still owed to customers, channels that differ, earlier incidents to confirm, texts to post by hand. */
import { Button, Group, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as comms, type Message } from '#contract/comms';
import type { FollowUp as Owed } from '#contract/comms-messages';
import {
  Ago,
  ConfirmButton,
  CopyAction,
  Countdown,
  Hint,
  useCommand,
  useGo,
  useMay,
  TextLink,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './comms.module.css';
import { CHANNEL_WORDS, KIND_WORDS } from './words.ts';

export function FollowUp({
  incidentId,
  incidentKey,
  items,
}: {
  incidentId: string;
  incidentKey: string;
  items: Message[];
}) {
  const owed = useQueryOf(comms.readFollowUp, { params: { id: incidentId } });
  if (!owed.data) return null;
  return (
    <>
      <Drift data={owed.data} />
      {items
        .filter(({ state, because }) => state === 'draft' && because)
        .map((message) => (
          <OwedDraft key={message.id} message={message} to={`/incidents/${incidentKey}/update?message=${message.id}`} />
        ))}
      <Open data={owed.data} />
      <Alike incidentId={incidentId} data={owed.data} />
      <ToPost data={owed.data} />
    </>
  );
}

function Drift({ data }: { data: Owed }) {
  const wrong = data.readBacks.filter(({ alerted }) => alerted);
  if (wrong.length === 0) return null;
  return (
    <Hint tone="warn" title="A channel shows something else than what was published.">
      {wrong.map(({ channel, detail, differsSince }) => (
        <div key={channel}>
          {CHANNEL_WORDS[channel as keyof typeof CHANNEL_WORDS] ?? channel}: {detail} (<Ago at={differsSince} />)
        </div>
      ))}
    </Hint>
  );
}

/** A measure customers can see: told, or not needed, because. */
function OwedDraft({ message, to }: { message: Message; to: string }) {
  const [reason, setReason] = useState('');
  const waive = useCommand(comms.waiveDraft, { done: 'Recorded: customers need not hear of it', problems: 'inline' });
  const may = useMay('comms.waiveDraft');
  return (
    <Hint tone="notice" title="Customers can see what was done.">
      {message.because?.replace(/ \(\w+_\w+\)/g, '')}
      {message.dueAt && (
        <>
          {' · '}they are owed a word: <Countdown at={message.dueAt} left="left" over="overdue" />
        </>
      )}{' '}
      <TextLink to={to}>Write it</TextLink>{' '}
      {may && (
        <ConfirmButton
          size="compact-xs"
          variant="subtle"
          title="Customers need not hear of this?"
          consequences={['The draft is put away.', 'Your reason stands in the record.']}
          confirm="Record: not needed"
          reason={{ label: 'Because (at least ten characters)', value: reason, onChange: setReason }}
          onConfirm={() => waive.mutateAsync({ params: { id: message.id }, body: { reason } })}
        >
          Not needed, because…
        </ConfirmButton>
      )}
    </Hint>
  );
}

/** Questions we have left open in public, and times we have named. */
function Open({ data }: { data: Owed }) {
  const unknowns = data.unknowns.filter(({ state }) => state === 'open');
  const promises = data.commitments.filter(({ state, kind }) => state === 'open' && kind !== 'next_update');
  const missed = data.commitments.filter(({ state }) => state === 'missed').length;
  if (unknowns.length + promises.length + missed === 0) return null;
  return (
    <ul className={classes.messages} aria-label="Still owed to customers">
      {unknowns.map(({ id, text, openedAt }) => (
        <li key={id}>
          <div className={classes.row}>
            <span>We said we do not know: “{text}”</span>
            <span className={classes.soft}>
              <Ago at={openedAt} />
            </span>
          </div>
        </li>
      ))}
      {promises.map(({ id, kind, dueAt }) => (
        <li key={id}>
          <div className={classes.row}>
            <span>{kind === 'estimate' ? 'We expected an end' : 'We said we would confirm the estimate'}</span>
            <span className={classes.soft}>
              <Countdown at={dueAt} left="left" over="ago" />
            </span>
          </div>
        </li>
      ))}
      {missed > 0 && (
        <li>
          <span className={classes.late}>
            {missed === 1 ? 'One promise was not kept' : `${missed} promises were not kept`}
          </span>
        </li>
      )}
    </ul>
  );
}

/** Incidents that may be the same again; a person decides. */
function Alike({ incidentId, data }: { incidentId: string; data: Owed }) {
  const decide = useCommand(comms.confirmRecurrence, { done: 'Recorded' });
  const may = useMay('comms.confirmRecurrence');
  const open = data.recurrences.filter(({ state }) => state === 'open').slice(0, 2);
  if (!may || open.length === 0) return null;
  const say = (earlierId: string, state: 'confirmed' | 'rejected') =>
    decide.mutate({ params: { id: incidentId }, body: { earlierId, state } });
  return (
    <>
      {open.map(({ incidentId: id, key, title, declaredAt }) => (
        <Hint key={id} tone="notice" title={`${key} looked like this.`}>
          {title} (<Ago at={declaredAt} />
          ). Confirmed, the next message names it with what has changed since.{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => say(id, 'confirmed')}>
            The same again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => say(id, 'rejected')}>
            Something else
          </Button>
        </Hint>
      ))}
    </>
  );
}

/** Networks without an interface for us: the text, ready to copy. */
function ToPost({ data }: { data: Owed }) {
  const newest = data.posts[0]?.revisionId;
  const texts = data.posts.filter(({ state, revisionId }) => state === 'to_copy' && revisionId === newest);
  if (texts.length === 0) return null;
  return (
    <Group gap="xs">
      <span className={classes.soft}>To post by hand:</span>
      {texts.map(({ channel, text }) => (
        <span key={channel} className={classes.row}>
          {CHANNEL_WORDS[channel]} <CopyAction value={text} label={`Copy the text for ${CHANNEL_WORDS[channel]}`} />
        </span>
      ))}
    </Group>
  );
}

const OTHERS = ['containment', 'recovery_progress', 'setback', 'direct', 'internal_brief', 'post_incident'] as const;

/** Messages for a purpose of their own, beside the next update. */
export function OtherMessages({ incident }: { incident: { id: string; key: string; phase: string } }) {
  const go = useGo();
  const start = useCommand(comms.startDraft, {
    onDone: ({ id }) => go(`/incidents/${incident.key}/update?message=${id}`),
  });
  const over = incident.phase === 'restored' || incident.phase === 'closed';
  const kinds = OTHERS.filter(
    (kind) => (kind === 'post_incident') === over || kind === 'internal_brief' || kind === 'direct',
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" rightSection={<IconChevronDown size={14} />} loading={start.isPending}>
          Other
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => (
          <Menu.Item key={kind} onClick={() => start.mutate({ params: { id: incident.id }, body: { kind } })}>
            {KIND_WORDS[kind]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
