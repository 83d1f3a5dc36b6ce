/** Whether each channel can send, a test to oneself, and every message with its fate. */
import { Button, NativeSelect, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import { type ChannelStatus, endpoints as channels, type Delivery } from '#contract/channels';
import {
  Ago,
  DataList,
  EmptyState,
  ExerciseBadge,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  sentence,
  TextLink,
  useCommand,
  useMay,
  useMe,
  useQueryOf,
} from '../../kit/index.ts';

type State = Delivery['state'] | 'all';

/** States that come from a carrier's receipt. */
const RECEIPTS: Partial<Record<Delivery['state'], { tone: 'progress' | 'warn' | 'danger'; label: string }>> = {
  sent: { tone: 'progress', label: 'Sent, no receipt yet' },
  unconfirmed: { tone: 'warn', label: 'Not confirmed' },
  undeliverable: { tone: 'danger', label: 'Undeliverable' },
};

export function Deliveries() {
  return (
    <Page title="Mail and deliveries" subtitle="Whether messages can leave this installation, and what became of them.">
      <Channels />
      <Sent />
    </Page>
  );
}

/** What SMS and calls have cost today, beside what they may. */
function PhoneToday() {
  const today = useQueryOf(channels.phoneToday);
  return (
    <Section title="SMS and calls today" actions={<TextLink to="/settings/installation">Limit and countries</TextLink>}>
      <Loaded query={today}>
        {({ spent, limit, refused, day }) => (
          <>
            <Progress
              value={limit > 0 ? Math.min(100, (spent / limit) * 100) : 100}
              color={spent >= limit ? 'red' : spent >= limit * 0.8 ? 'yellow' : undefined}
              aria-label="Share of today’s limit that is used"
            />
            <Text fz="sm" mt="xs">
              {spent.toFixed(2)} of {limit.toFixed(2)} on {day} (UTC), by the prices entered in the installation’s
              settings. {refused > 0 && `${refused} ${refused === 1 ? 'message was' : 'messages were'} refused. `}
              Urgent pages to confirmed numbers go out beyond it.
            </Text>
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** Every channel in a line: whether it can send, and where it is set up. */
function Channels() {
  const list = useQueryOf(channels.list);
  return (
    <>
      <Section title="Channels" flush>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        <DataList
          label="Channels"
          items={list.data?.items}
          rowKey={({ name }) => name}
          empty={<EmptyState title="None" />}
          columns={[
            { key: 'label', label: 'Channel', primary: true, width: '14rem', render: ({ label }) => label },
            { key: 'state', label: 'State', render: (channel) => <CanSend channel={channel} /> },
            {
              key: 'act',
              label: 'Actions',
              labelHidden: true,
              align: 'right',
              render: (channel) => <Act channel={channel} />,
            },
          ]}
        />
      </Section>
      {list.data?.items.some(({ name, ready }) => name === 'sms' && ready) && <PhoneToday />}
    </>
  );
}

function CanSend({ channel: { name, ready, reason } }: { channel: ChannelStatus }) {
  if (ready) return <StateBadge state="ready" tone="ok" label="Can send" />;
  // Without mail nobody is told anything; without the others somebody has a way less.
  const mail = name === 'email';
  return (
    <StateBadge
      state={mail ? 'failed' : 'off'}
      tone={mail ? undefined : 'idle'}
      label={sentence(reason ?? 'Cannot send')}
    />
  );
}

function Act({ channel: { name, label, ready } }: { channel: ChannelStatus }) {
  const me = useMe();
  const mayTest = useMay('channels.test');
  const test = useCommand(channels.test, { done: `A test is on its way to ${me.user.email}; see below how it fares` });
  if (!ready)
    return (
      <TextLink to="/settings/installation" aria-label={`Set up ${label}`}>
        {name === 'email' ? 'Enter a mail server' : 'Set it up'}
      </TextLink>
    );
  if (name !== 'email' || !mayTest) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={test.isPending}
      onClick={() => test.mutate({ params: { name }, body: {} })}
    >
      Send me a test
    </Button>
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
        <NativeSelect
          size="xs"
          aria-label="Which messages"
          value={state}
          onChange={(event) => setState(event.currentTarget.value as State)}
          data={[
            { value: 'all', label: 'All messages' },
            { value: 'failed', label: 'Failed' },
            { value: 'undeliverable', label: 'Undeliverable' },
            { value: 'unconfirmed', label: 'Not confirmed' },
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
              <span>
                <StateBadge state={now} tone={RECEIPTS[now]?.tone} label={RECEIPTS[now]?.label} />
                {lastError && ` ${lastError}`}
                {attempts > 1 && ` (${attempts} tries)`}
              </span>
            ),
          },
          { key: 'at', label: 'Sent', width: '8rem', render: ({ createdAt }) => <Ago at={createdAt} /> },
        ]}
      />
    </Section>
  );
}
