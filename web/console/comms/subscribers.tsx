/** Who gets mails from the status page: masked, because nobody here needs the addresses. */
import { SegmentedControl, Switch } from '@mantine/core';
import { endpoints as comms } from '#contract/comms';
import {
  Ago,
  ConfirmButton,
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useMay,
  usePageSearch,
  useQueryOf,
} from '../../kit/index.ts';
import { CHANNEL_WORDS } from './words.ts';

const FILTERS = ['confirmed', 'pending', 'unsubscribed', 'bounced'] as const;
type Filter = (typeof FILTERS)[number];

export function Subscribers() {
  const [search, setSearch] = usePageSearch<'state'>();
  const state: Filter = FILTERS.find((filter) => filter === search.state) ?? 'confirmed';
  const list = useQueryOf(comms.listSubscribers, { query: { state, limit: 200 } }, { keepPrevious: true });
  const components = useQueryOf(comms.listComponents);
  const remove = useCommand(comms.removeSubscriber, { done: 'Subscriber removed', problems: 'inline' });
  const may = useMay('comms.removeSubscriber');
  const segment = useCommand(comms.setSegments, { done: 'Saved' });
  const names = new Map((components.data?.items ?? []).map(({ id, name }) => [id, name]));
  return (
    <Page
      title="Subscribers"
      crumbs={[{ label: 'Status page', to: '/status-page' }]}
      subtitle={
        list.data
          ? `${list.data.confirmed} confirmed, ${list.data.pending} still to confirm. Addresses are sealed; only the first letter is shown.`
          : 'Addresses are sealed; only the first letter is shown.'
      }
      actions={
        <SegmentedControl
          aria-label="Which subscribers"
          value={state}
          onChange={(value) => setSearch({ state: value === 'confirmed' ? null : value })}
          data={[
            { value: 'confirmed', label: 'Confirmed' },
            { value: 'pending', label: 'To confirm' },
            { value: 'unsubscribed', label: 'Left' },
            { value: 'bounced', label: 'Bounced' },
          ]}
        />
      }
    >
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {!list.error && (
        <Section label="Subscribers" flush>
          <DataList
            label="Subscribers"
            items={list.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title={state === 'confirmed' ? 'Nobody has subscribed yet' : 'Nobody here'}>
                People subscribe on the status page and confirm where they want to be reached. Each mail carries a way
                out.
              </EmptyState>
            }
            columns={[
              { key: 'address', label: 'Address', primary: true, render: ({ address }) => address || 'forgotten' },
              {
                key: 'state',
                label: 'State',
                width: '10rem',
                render: (item) => (
                  <StateBadge state={item.state} tone={item.state === 'unsubscribed' ? 'idle' : undefined} />
                ),
              },
              {
                key: 'channel',
                label: 'By',
                width: '8rem',
                render: ({ channel }) => CHANNEL_WORDS[channel],
              },
              {
                key: 'segment',
                label: 'Critical operations',
                width: '9rem',
                wideOnly: true,
                render: ({ id, address, state: now, segments }) => (
                  <Switch
                    size="xs"
                    aria-label={`${address || 'this subscriber'} relies on us for critical work`}
                    checked={segments.includes('critical_operations')}
                    disabled={!may || now !== 'confirmed'}
                    onChange={(event) =>
                      segment.mutate({
                        params: { id },
                        body: { segments: event.currentTarget.checked ? ['critical_operations'] : [] },
                      })
                    }
                  />
                ),
              },
              {
                key: 'components',
                label: 'Wants to hear of',
                render: ({ componentIds }) =>
                  componentIds.length === 0
                    ? 'Everything'
                    : componentIds.map((id) => names.get(id) ?? 'a former component').join(', '),
              },
              {
                key: 'since',
                label: 'Since',
                width: '9rem',
                render: ({ confirmedAt, createdAt }) => <Ago at={confirmedAt ?? createdAt} />,
              },
              {
                key: 'remove',
                label: 'Remove',
                labelHidden: true,
                corner: true,
                width: '7rem',
                align: 'right',
                render: (item) =>
                  may && item.state !== 'unsubscribed' ? (
                    <ConfirmButton
                      size="compact-sm"
                      danger
                      title={`Remove ${item.address}?`}
                      consequences={['No more mails go there.', 'The address is forgotten; it can subscribe again.']}
                      confirm="Remove subscriber"
                      onConfirm={() => remove.mutateAsync({ params: { id: item.id } })}
                    >
                      Remove
                    </ConfirmButton>
                  ) : null,
              },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}
