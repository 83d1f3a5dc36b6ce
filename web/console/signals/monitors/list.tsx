/** Monitors: what we look at ourselves, what is down first. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { type Monitor, endpoints as signals } from '#contract/signals';
import {
  Ago,
  DataList,
  EmptyState,
  LinkButton,
  Loaded,
  Page,
  Section,
  useMay,
  usePageSearch,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './monitors.module.css';
import { Strip } from './strip.tsx';
import { EyesTabs, milliseconds, MonitorBadge, percent } from './words.tsx';

const last = (monitor: Monitor) =>
  monitor.places
    .filter((place) => place.lastAt !== null)
    .toSorted((a, b) => String(b.lastAt).localeCompare(String(a.lastAt)))[0];

export function Monitors() {
  const [search, setSearch] = usePageSearch<'state' | 'text'>();
  const [limit, setLimit] = useState(50);
  const state = search.state as 'up' | 'down' | 'unknown' | 'paused' | undefined;
  const list = useQueryOf(
    signals.listMonitors,
    { query: { limit, ...(state ? { state } : {}), ...(search.text ? { text: search.text } : {}) } },
    { keepPrevious: true, refetchInterval: 30_000 },
  );
  const may = useMay('signals.createMonitor');
  const counts = list.data?.counts;
  const none = counts !== undefined && counts.up + counts.down + counts.unknown + counts.paused === 0;
  const add = may && (
    <LinkButton to="/monitors/new" leftSection={<IconPlus size={16} />}>
      Watch something
    </LinkButton>
  );
  return (
    <Page title="Monitors" subtitle="What this product looks at with its own eyes." actions={!none && add} width="wide">
      <EyesTabs here="/monitors" />
      <Loaded query={list} lines={6}>
        {({ items, nextCursor, counts: n }) =>
          none ? (
            <EmptyState title="Nothing is watched yet" action={add}>
              A page, a port, a name, a query, a whole journey: tell it where to look and what must hold. When it does
              not, people are called like for any other alert.
            </EmptyState>
          ) : (
            <>
              <div className={classes.filters}>
                <TextInput
                  aria-label="Search monitors"
                  placeholder="Name or address"
                  leftSection={<IconSearch size={15} />}
                  value={search.text ?? ''}
                  onChange={(event) => setSearch({ text: event.currentTarget.value })}
                />
                <SegmentedControl
                  aria-label="State"
                  value={state ?? ''}
                  onChange={(next) => setSearch({ state: next || null })}
                  data={[
                    { value: '', label: `All ${n.up + n.down + n.unknown + n.paused}` },
                    { value: 'down', label: `Down ${n.down}` },
                    { value: 'unknown', label: `Unknown ${n.unknown}` },
                    { value: 'up', label: `Up ${n.up}` },
                    { value: 'paused', label: `Paused ${n.paused}` },
                  ]}
                />
              </div>
              <Section label="Monitors" flush>
                <MonitorTable items={items} />
              </Section>
              {nextCursor && limit < 200 && (
                <Button variant="default" onClick={() => setLimit(200)}>
                  Show more
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function MonitorTable({ items }: { items: Monitor[] }) {
  return (
    <DataList
      label="Monitors"
      items={items}
      rowKey={(one) => one.id}
      rowTo={(one) => ({ to: `/monitors/${one.id}` })}
      empty={<EmptyState title="No monitor fits">Change the search or the state.</EmptyState>}
      columns={[
        {
          key: 'state',
          label: 'State',
          width: '7rem',
          corner: true,
          labelHidden: true,
          render: (one) => <MonitorBadge state={one.state} enabled={one.enabled} />,
        },
        {
          key: 'name',
          label: 'Monitor',
          primary: true,
          render: (one) => (
            <span className={classes.name}>
              <span>{one.name}</span>
              <small>{one.reason || `${one.kindTitle} · ${one.target}`}</small>
            </span>
          ),
        },
        { key: 'strip', label: 'Last 24 hours', width: '17rem', render: (one) => <Strip monitor={one} /> },
        {
          key: 'uptime',
          label: 'Good',
          align: 'right',
          width: '6rem',
          render: (one) => <span className={classes.num}>{percent(one.uptime)}</span>,
        },
        {
          key: 'ms',
          label: 'Took',
          align: 'right',
          width: '6rem',
          render: (one) => <span className={classes.num}>{milliseconds(last(one)?.lastMs ?? null)}</span>,
        },
        {
          key: 'last',
          label: 'Looked',
          width: '8rem',
          wideOnly: true,
          render: (one) => <Ago at={last(one)?.lastAt} none="never" />,
        },
      ]}
    />
  );
}
