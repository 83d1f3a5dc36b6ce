/** Whether each channel can send, a test to oneself, and every message with its fate. */
import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type ChannelStatus, endpoints as channels, type Delivery } from '#contract/channels';
import {
  Ago,
  CardGrid,
  DataList,
  EmptyState,
  ExerciseBadge,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  useMe,
  useQueryOf,
} from '../../kit/index.ts';

type State = Delivery['state'] | 'all';

/** States that come from a carrier's receipt. */
const RECEIPTS: Partial<Record<Delivery['state'], { tone: 'progress' | 'danger'; label: string }>> = {
  sent: { tone: 'progress', label: 'Sent, no receipt yet' },
  undeliverable: { tone: 'danger', label: 'Undeliverable' },
};

export function Deliveries() {
  const list = useQueryOf(channels.list);
  return (
    <Page title="Mail and deliveries" subtitle="Whether messages can leave this installation, and what became of them.">
      <Loaded query={list}>
        {({ items }) => (
          <CardGrid>
            {items.map((channel) => (
              <OneChannel key={channel.name} channel={channel} />
            ))}
          </CardGrid>
        )}
      </Loaded>
      <Sent />
    </Page>
  );
}

function OneChannel({ channel }: { channel: ChannelStatus }) {
  const me = useMe();
  const mayTest = useMay('channels.test');
  const test = useCommand(channels.test, { done: `A test is on its way to ${me.user.email}; see below how it fares` });
  return (
    <Section
      title={channel.label}
      actions={
        channel.name === 'email' &&
        mayTest && (
          <Button
            variant="default"
            loading={test.isPending}
            onClick={() => test.mutate({ params: { name: channel.name }, body: {} })}
          >
            Send me a test
          </Button>
        )
      }
    >
      {channel.ready ? (
        <StateBadge state="ready" tone="ok" label="Can send" />
      ) : (
        <>
          <StateBadge
            state={channel.name === 'email' ? 'failed' : 'off'}
            tone={channel.name === 'email' ? undefined : 'idle'}
            label={channel.reason ?? 'Cannot send'}
          />{' '}
          <TextLink to="/settings/installation">
            {channel.name === 'email' ? 'Enter a mail server' : 'Set it up'}
          </TextLink>
        </>
      )}
    </Section>
  );
}

function Sent() {
  const [state, setState] = useState<State>('all');
  const [limit, setLimit] = useState(50);
  const query = useQueryOf(
    channels.deliveries,
    { query: { limit, ...(state === 'all' ? {} : { state }) } },
    { keepPrevious: true },
  );
  return (
    <Section
      title="Messages"
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which messages"
          value={state}
          onChange={(next) => setState(next as State)}
          data={[
            { value: 'all', label: 'All' },
            { value: 'failed', label: 'Failed' },
            { value: 'undeliverable', label: 'Undeliverable' },
            { value: 'sent', label: 'On their way' },
            { value: 'queued', label: 'Waiting' },
          ]}
        />
      }
    >
      <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      <DataList
        label="Messages"
        items={query.data?.items}
        rowKey={({ id }) => id}
        empty={<EmptyState title="None" />}
        more={
          query.data?.nextCursor && limit < 200
            ? { load: () => setLimit(Math.min(200, limit + 50)), loading: query.isFetching }
            : undefined
        }
        columns={[
          {
            key: 'subject',
            label: 'Subject',
            primary: true,
            render: ({ subject, exercise }) => (
              <>
                {subject} {exercise && <ExerciseBadge />}
              </>
            ),
          },
          {
            key: 'to',
            label: 'To',
            render: ({ recipient, channel, carrier }) => `${recipient} (${channel}${carrier ? `, ${carrier}` : ''})`,
          },
          { key: 'purpose', label: 'For', width: '7rem', render: ({ purpose }) => purpose },
          {
            key: 'state',
            label: 'State',
            render: ({ state: now, lastError, attempts }) => (
              <>
                <StateBadge state={now} tone={RECEIPTS[now]?.tone} label={RECEIPTS[now]?.label} />
                {lastError && ` ${lastError}`}
                {attempts > 1 && ` (${attempts} tries)`}
              </>
            ),
          },
          { key: 'at', label: 'Sent', width: '8rem', render: ({ createdAt }) => <Ago at={createdAt} /> },
        ]}
      />
    </Section>
  );
}
