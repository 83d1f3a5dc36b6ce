/** War room: what customers were told, when the next word is due, and the way to write it. */
import { Anchor, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { type Clock, endpoints as comms, type Message } from '#contract/comms';
import {
  Ago,
  ConfirmButton,
  Countdown,
  LinkButton,
  Loaded,
  type OutputOf,
  PersonName,
  StateBadge,
  useCommand,
  useGo,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './comms.module.css';
import { FollowUp, OtherMessages } from './follow-up.tsx';
import { CHANNEL_WORDS, KIND_WORDS } from './words.ts';

interface PanelProps {
  incident: Updates['incident'];
}

type Updates = OutputOf<typeof comms.listUpdates>;

const WHY: Record<NonNullable<Clock['reason']>, string> = {
  first: 'Customers have not heard from us yet.',
  scope: 'Customers know that something is wrong, not yet how far it reaches.',
  next: 'By the cadence of this severity and phase.',
  promised: 'This time was told to customers.',
  resolution: 'The service is restored; customers have not been told.',
};

/** The panel. Its first line answers the two questions everybody asks: are we late, and who writes. */
export function CommunicationPanel({ incidentId }: { incidentId: string }) {
  const updates = useQueryOf(comms.listUpdates, { params: { id: incidentId } });
  return (
    <Loaded query={updates} lines={3}>
      {({ incident, items, clock }) => (
        <>
          {incident.exercise && <p className={classes.soft}>A drill: messages go to its mirror, never to customers.</p>}
          <ClockLine incident={incident} clock={clock} items={items} />
          <FollowUp incidentId={incidentId} incidentKey={incident.key} items={items} />
          <Told items={items} />
        </>
      )}
    </Loaded>
  );
}

function ClockLine({ incident, clock, items }: PanelProps & { clock: Clock; items: Message[] }) {
  return (
    <div className={classes.clock}>
      <div>
        <Due clock={clock} />
      </div>
      <Group gap="xs">
        {clock.state === 'running' && clock.published === 0 && <NotNeeded incident={incident} />}
        <Write incident={incident} clock={clock} items={items} />
        {clock.published > 0 && <OtherMessages incident={incident} />}
      </Group>
    </div>
  );
}

function Due({ clock }: { clock: Clock }) {
  if (clock.state === 'stopped') {
    const words = {
      resolved: 'The resolution is published.',
      not_needed: 'No public message needed.',
      dismissed: 'A false alarm.',
    };
    return (
      <>
        <div className={classes.due}>{clock.stopped ? words[clock.stopped] : 'Nothing is owed.'}</div>
        {clock.stoppedReason && <div className={classes.soft}>{clock.stoppedReason}</div>}
      </>
    );
  }
  if (clock.state === 'none' || !clock.nextDueAt) {
    return (
      <>
        <div className={classes.due}>No public message by policy</div>
        <div className={classes.soft}>At this severity customers are told only when somebody decides so.</div>
      </>
    );
  }
  return (
    <>
      <div className={classes.soft}>{clock.overdue ? 'The update for customers is' : 'Next update for customers'}</div>
      <div className={classes.due} data-late={clock.overdue || undefined}>
        <Countdown at={clock.nextDueAt} left="left" over="overdue" />
      </div>
      <div className={classes.soft}>
        By <When at={clock.nextDueAt} />. {clock.reason && WHY[clock.reason]}
      </div>
    </>
  );
}

/** One button, named after what it leads to. */
function Write({ incident, clock, items }: PanelProps & { clock: Clock; items: Message[] }) {
  const go = useGo();
  const may = useMay('comms.startDraft');
  const to = `/incidents/${incident.key}/update`;
  const start = useCommand(comms.startDraft, { onDone: ({ id }) => go(`${to}?message=${id}`) });
  // What is owed for a reason of its own stands below, with its own way in.
  const draft = items.find(({ state, because }) => state === 'draft' && !because);
  if (!may) return null;
  const over = incident.phase === 'restored' || incident.phase === 'closed';
  const urgent = clock.overdue || clock.reason === 'resolution' || clock.published === 0;
  const look = { size: 'md', variant: clock.state === 'running' ? (urgent ? 'filled' : 'light') : 'default' };
  if (draft) {
    const asked = draft.revision.approvalRequestedAt && !draft.revision.approvedAt;
    return (
      <LinkButton to={`${to}?message=${draft.id}`} {...look}>
        {asked ? 'Read and approve' : `Go on with the ${draft.kind === 'resolution' ? 'resolution' : 'message'}`}
      </LinkButton>
    );
  }
  if (clock.stopped === 'resolved') return null;
  const kind = over && clock.published > 0 ? ('resolution' as const) : undefined;
  return (
    <Button
      {...look}
      loading={start.isPending}
      onClick={() => start.mutate({ params: { id: incident.id }, body: { kind } })}
    >
      {kind ? 'Write the resolution' : clock.published === 0 ? 'Write the first message' : 'Write update'}
    </Button>
  );
}

function NotNeeded({ incident }: PanelProps) {
  const [reason, setReason] = useState('');
  const waive = useCommand(comms.waivePublicMessage, {
    done: 'Recorded: no public message needed',
    problems: 'inline',
  });
  if (!useMay('comms.waivePublicMessage')) return null;
  return (
    <ConfirmButton
      variant="subtle"
      title="No public message for this incident?"
      consequences={[
        'Customers are not told.',
        'The clock stops, and closing no longer waits for a resolution.',
        'Your reason stands in the record.',
      ]}
      confirm="Record: not needed"
      reason={{
        label: 'Why do customers not need to know? (at least ten characters)',
        value: reason,
        onChange: setReason,
      }}
      onConfirm={() => waive.mutateAsync({ params: { id: incident.id }, body: { reason } })}
    >
      Not needed…
    </ConfirmButton>
  );
}

function Told({ items }: { items: Message[] }) {
  const published = items.filter(({ revision }) => revision.publishedAt !== null);
  if (published.length === 0) return null;
  const shown = published.slice(0, 4);
  return (
    <>
      <ul className={classes.messages} aria-label="What customers were told">
        {shown.map((message) => (
          <li key={message.id}>
            <div className={classes.row}>
              <StateBadge state={message.revision.publicStatus} quiet />
              <span className={classes.soft}>
                {KIND_WORDS[message.kind]}
                {message.revision.n > 1 && ', corrected'}
                {message.retracted && ', taken back'} · <Ago at={message.revision.publishedAt} /> ·{' '}
                <PersonName person={message.revision.publishedBy} plain />
              </span>
            </div>
            <p>{message.revision.fields.headline}</p>
            <Deliveries message={message} />
          </li>
        ))}
      </ul>
      {published[0]?.publicUrl && (
        <Anchor href={published[0].publicUrl} target="_blank" rel="noreferrer" fz="sm">
          See it as customers do
        </Anchor>
      )}
    </>
  );
}

/** Proof of delivery per channel: failures and waits are said aloud, success quietly. */
function Deliveries({ message }: { message: Message }) {
  const words = message.deliveries.flatMap(({ channel, total, delivered, failed, state }) => {
    if (channel === 'status_page') return 'on the status page';
    if (channel === 'mirror') return 'in the drill’s mirror';
    if (channel === 'email') {
      if (state === 'waiting') return `mail is waiting for the mail server (${delivered} delivered)`;
      if (total === 0) return state === 'going' ? 'mails are going out' : 'no subscribers to mail';
      return `${delivered} of ${total} mails delivered${failed > 0 ? `, ${failed} failed` : ''}${state === 'going' ? ' so far' : ''}`;
    }
    const name = CHANNEL_WORDS[channel];
    if (channel === 'x' || channel === 'linkedin') return [];
    if (state === 'waiting' || state === 'failed')
      return `${name}: ${state === 'failed' ? 'failed' : 'tried again soon'}`;
    return total > 1 ? `${name} (${delivered} of ${total})` : name;
  });
  const wrong = message.deliveries.some(
    ({ channel, failed, state }) => failed > 0 || (state === 'waiting' && channel !== 'x' && channel !== 'linkedin'),
  );
  return words.length === 0 ? null : (
    <span className={`${classes.soft} ${wrong ? classes.late : ''}`}>{words.join(' · ')}</span>
  );
}
