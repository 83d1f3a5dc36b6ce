/** Watched metrics: which series, what is unusual about them now, and how useful people found it. */
import { Button, Modal, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { type MetricSeries, type MetricWatch, endpoints as signals } from '#contract/signals';
import {
  Ago,
  type Column,
  ConfirmButton,
  CopyBlock,
  DataList,
  EmptyState,
  Hint,
  LinkButton,
  Loaded,
  type OutputOf,
  Page,
  Section,
  StateBadge,
  useCommand,
  useMay,
  usePageSearch,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from '../monitors/monitors.module.css';
import { EyesTabs } from '../monitors/words.tsx';
import { WatchForm } from './form.tsx';
import { band, number, SeriesBadge, votesText } from './words.tsx';

export function Metrics() {
  const watches = useQueryOf(signals.listMetricWatches, undefined, { refetchInterval: 30_000 });
  const may = useMay('signals.createMetricWatch');
  const [editing, setEditing] = useState<MetricWatch | 'new'>();
  const add = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Watch metrics
    </Button>
  );
  const none = watches.data?.items.length === 0;
  return (
    <Page
      title="Metrics"
      subtitle="Series of numbers whose usual course is learnt. What is unusual becomes an alert that says what was expected, and why."
      actions={!none && add}
      width="wide"
    >
      <EyesTabs here="/monitors/metrics" />
      <Loaded query={watches} lines={5}>
        {(found) =>
          found.items.length === 0 ? (
            <Connect found={found} add={add} />
          ) : (
            <>
              {found.items.flatMap((watch) =>
                watch.trouble || watch.refused ? [<Trouble key={watch.id} watch={watch} />] : [],
              )}
              <SeriesSection />
              <Section title="What is watched" description={votesText(found.votes)} flush>
                <WatchTable items={found.items} edit={may ? setEditing : undefined} />
              </Section>
            </>
          )
        }
      </Loaded>
      <Modal
        opened={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={editing === 'new' ? 'Watch metrics' : 'Change the watch'}
        size="lg"
      >
        {editing && (
          <WatchForm
            {...(editing === 'new' ? {} : { watch: editing })}
            senders={watches.data?.senders ?? []}
            onDone={() => setEditing(undefined)}
          />
        )}
      </Modal>
    </Page>
  );
}

/** What to do first: let Prometheus send, or ask it. */
function Connect({ found, add }: { found: OutputOf<typeof signals.listMetricWatches>; add: ReactNode }) {
  const sending = found.senders.filter((sender) => sender.metrics > 0);
  if (sending.length > 0)
    return (
      <EmptyState title="Metrics come in, none is watched yet" action={add}>
        {sending.map((sender) => `${sender.name} sends ${sender.metrics} metrics.`).join(' ')} Choose which series are
        to be watched; after about five hours their usual course is known.
      </EmptyState>
    );
  return (
    <>
      <EmptyState title="No metric is watched yet" action={add}>
        Either ask a Prometheus that can be reached from here by a query, or let Prometheus send by remote write: add an
        integration of the kind Prometheus, and put its key into prometheus.yml.
      </EmptyState>
      <Section
        title="Let Prometheus send"
        actions={
          <LinkButton variant="default" to="/settings/integrations">
            Integrations
          </LinkButton>
        }
      >
        <CopyBlock
          label="prometheus.yml"
          value={`remote_write:
  - url: ${found.writeUrl}
    authorization:
      credentials: KEY OF THE INTEGRATION
    write_relabel_configs:
      - source_labels: [__name__]
        regex: http_requests_total
        action: keep
`}
        />
      </Section>
    </>
  );
}

function Trouble({ watch }: { watch: MetricWatch }) {
  if (watch.trouble)
    return (
      <Hint tone="warn" title={`${watch.name}: the last question had no answer`}>
        {watch.trouble}. What is missing is asked for again as soon as there is one.
      </Hint>
    );
  return (
    <Hint
      tone="notice"
      title={`${watch.name}: ${watch.refused!.many} more series fit than the ${watch.maxSeries} it may hold`}
    >
      Not watched, for example: {watch.refused!.example}. Narrow the selector, or raise the limit of the watch.
    </Hint>
  );
}

function SeriesSection() {
  const [search, setSearch] = usePageSearch<'text' | 'watch'>();
  const [limit, setLimit] = useState(50);
  const list = useQueryOf(
    signals.listMetricSeries,
    {
      query: {
        limit,
        ...(search.text ? { text: search.text } : {}),
        ...(search.watch ? { watchId: search.watch } : {}),
      },
    },
    { keepPrevious: true, refetchInterval: 30_000 },
  );
  return (
    <>
      <div className={classes.filters}>
        <TextInput
          aria-label="Search series"
          placeholder="Metric, label or watch"
          leftSection={<IconSearch size={15} />}
          value={search.text ?? ''}
          onChange={(event) => setSearch({ text: event.currentTarget.value })}
        />
      </div>
      <Section label="Watched series" flush>
        <DataList
          label="Watched series"
          items={list.data?.items}
          rowKey={(one) => one.id}
          rowTo={(one) => ({ to: `/monitors/metrics/${one.id}` })}
          empty={
            <EmptyState title={search.text ? 'No series fits' : 'No series has come in yet'}>
              {search.text ? 'Change the search.' : 'They appear with their first value.'}
            </EmptyState>
          }
          columns={seriesColumns}
        />
      </Section>
      {list.data?.nextCursor && limit < 200 && (
        <Button variant="default" onClick={() => setLimit(200)}>
          Show more
        </Button>
      )}
    </>
  );
}

const seriesColumns: Column<MetricSeries>[] = [
  {
    key: 'state',
    label: 'State',
    width: '7.5rem',
    corner: true,
    labelHidden: true,
    render: (one) => <SeriesBadge state={one.state} />,
  },
  {
    key: 'name',
    label: 'Series',
    primary: true,
    render: (one) => (
      <span className={classes.name}>
        <span>{one.name}</span>
        <small>
          {one.watch.name}
          {one.state === 'learning' && ` · ${Math.min(one.seen, one.needed)} of ${one.needed} steps learnt`}
        </small>
      </span>
    ),
  },
  {
    key: 'value',
    label: 'Value',
    align: 'right',
    width: '8rem',
    render: (one) => <span className={classes.num}>{number(one.value)}</span>,
  },
  {
    key: 'band',
    label: 'Expected',
    align: 'right',
    width: '12rem',
    render: (one) => <span className={classes.num}>{band(one.low, one.high)}</span>,
  },
  { key: 'heard', label: 'Heard', width: '8rem', wideOnly: true, render: (one) => <Ago at={one.heardAt} /> },
];

function WatchTable({ items, edit }: { items: MetricWatch[]; edit: ((watch: MetricWatch) => void) | undefined }) {
  const remove = useCommand(signals.removeMetricWatch, { done: 'No longer watched' });
  return (
    <DataList
      label="Watches"
      items={items}
      rowKey={(one) => one.id}
      columns={[
        {
          key: 'name',
          label: 'Watch',
          primary: true,
          render: (one) => (
            <span className={classes.name}>
              <span>{one.name}</span>
              <small>{one.selector || one.query}</small>
            </span>
          ),
        },
        {
          key: 'state',
          label: 'State',
          width: '9rem',
          corner: true,
          labelHidden: true,
          render: (one) =>
            !one.enabled ? (
              <StateBadge state="paused" label="Paused" tone="idle" />
            ) : one.alerting > 0 ? (
              <StateBadge state="unusual" label={`${one.alerting} unusual`} tone="warn" />
            ) : (
              <StateBadge state="usual" label="Usual" tone="ok" />
            ),
        },
        {
          key: 'series',
          label: 'Series',
          align: 'right',
          width: '7rem',
          render: (one) => <span className={classes.num}>{`${one.series} of ${one.maxSeries}`}</span>,
        },
        {
          key: 'found',
          label: 'In 30 days',
          width: '11rem',
          render: (one) => (
            <span className={classes.name}>
              <span>{one.anomalies === 1 ? '1 anomaly' : `${one.anomalies} anomalies`}</span>
              <small>{votesText(one.votes)}</small>
            </span>
          ),
        },
        ...(edit
          ? [
              {
                key: 'act',
                label: 'Change',
                labelHidden: true,
                width: '11rem',
                render: (one: MetricWatch) => (
                  <span className={classes.counts}>
                    <Button variant="default" size="compact-sm" onClick={() => edit(one)}>
                      Change
                    </Button>
                    <ConfirmButton
                      danger
                      size="compact-sm"
                      title={`Stop watching “${one.name}”?`}
                      consequences={['What was learnt of its series is forgotten.', 'Its open alerts end.']}
                      confirm="Stop watching"
                      onConfirm={() => remove.mutateAsync({ params: { id: one.id } })}
                    >
                      Stop
                    </ConfirmButton>
                  </span>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
