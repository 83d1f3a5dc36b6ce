/** One monitor: how it is, how it was, from where, and what it looks at. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type MonitorDetail, endpoints as signals } from '#contract/signals';
import {
  Ago,
  Columns,
  ConfirmButton,
  DataList,
  EmptyState,
  Facts,
  formatDuration,
  Hint,
  LinkButton,
  Loaded,
  Mono,
  Page,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useGo,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import { AlertSeverity } from '../badges.tsx';
import classes from './monitors.module.css';
import { LatencyPlot } from './plot.tsx';
import { Strip } from './strip.tsx';
import { milliseconds, MonitorBadge, percent } from './words.tsx';

export function OneMonitor() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(signals.getMonitor, { params: { id } }, { refetchInterval: 15_000 });
  return <Loaded query={query}>{(monitor) => <Shown monitor={monitor} />}</Loaded>;
}

function Shown({ monitor }: { monitor: MonitorDetail }) {
  return (
    <Page
      title={monitor.name}
      crumbs={[{ label: 'Monitors', to: '/monitors' }]}
      badges={<MonitorBadge state={monitor.state} enabled={monitor.enabled} />}
      subtitle={
        <>
          {monitor.kindTitle} · <Mono>{monitor.target}</Mono>
        </>
      }
      actions={<Actions monitor={monitor} />}
      width="wide"
    >
      {monitor.enabled && monitor.reason && (
        <Hint tone={monitor.state === 'down' ? 'warn' : 'notice'} title={monitor.reason}>
          {monitor.state === 'down' ? 'Down' : 'Like this'} since <When at={monitor.since} />.
          {monitor.alerting && (
            <>
              {' '}
              Its alert is open: <TextLink to={`/alerts?text=${encodeURIComponent(monitor.name)}`}>alerts</TextLink>.
            </>
          )}
        </Hint>
      )}
      <Columns side={<Side monitor={monitor} />}>
        <Section title="Last 24 hours" description={`${percent(monitor.uptime)} of looks were good`}>
          <Strip monitor={monitor} wide />
        </Section>
        <Timing id={monitor.id} />
        <Section title="What turned" flush>
          <Changes monitor={monitor} />
        </Section>
      </Columns>
    </Page>
  );
}

function Actions({ monitor }: { monitor: MonitorDetail }) {
  const may = useMay('signals.updateMonitor');
  const go = useGo();
  const update = useCommand(signals.updateMonitor);
  const remove = useCommand(signals.removeMonitor, { done: 'No longer watched', onDone: () => go('/monitors') });
  if (!may) return null;
  const { id, enabled } = monitor;
  return (
    <>
      <ConfirmButton
        danger
        title={`Stop watching “${monitor.name}”?`}
        consequences={['What it saw is forgotten.', ...(monitor.alerting ? ['Its open alert is resolved.'] : [])]}
        confirm="Stop watching"
        onConfirm={() => remove.mutateAsync({ params: { id } })}
      >
        Remove
      </ConfirmButton>
      <ConfirmButton
        title={enabled ? 'Pause this monitor?' : 'Let it go on?'}
        consequences={
          enabled
            ? ['Nobody looks, and nobody is called.', ...(monitor.alerting ? ['Its open alert is resolved.'] : [])]
            : ['It is unknown until it was looked at.']
        }
        confirm={enabled ? 'Pause' : 'Go on'}
        onConfirm={() => update.mutateAsync({ params: { id }, body: { enabled: !enabled } })}
      >
        {enabled ? 'Pause' : 'Go on'}
      </ConfirmButton>
      <LinkButton to={`/monitors/${id}/edit`}>Edit</LinkButton>
    </>
  );
}

function Timing({ id }: { id: string }) {
  const [hours, setHours] = useState('24');
  const query = useQueryOf(
    signals.monitorSeries,
    { params: { id }, query: { hours: Number(hours) } },
    { keepPrevious: true, refetchInterval: 60_000 },
  );
  return (
    <Section
      title="Time taken"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Span"
          value={hours}
          onChange={setHours}
          data={[
            { value: '24', label: '24 h' },
            { value: '168', label: '7 d' },
            { value: '720', label: '30 d' },
          ]}
        />
      }
    >
      <Loaded query={query} lines={5}>
        {(series) =>
          series.points.length === 0 ? (
            <EmptyState title="Nothing was seen in this time" />
          ) : (
            <LatencyPlot points={series.points} from={series.from} to={series.to} seconds={series.seconds} />
          )
        }
      </Loaded>
    </Section>
  );
}

const WORDS = { up: 'Up', down: 'Down', unknown: 'Unknown', failing: 'Fails' } as const;
const TONES = { up: 'ok', down: 'danger', unknown: 'idle', failing: 'warn' } as const;

function Changes({ monitor }: { monitor: MonitorDetail }) {
  return (
    <DataList
      label="What turned"
      items={monitor.changes}
      rowKey={(one) => `${one.at}${one.state}${one.place?.id ?? ''}`}
      empty={<EmptyState title="Nothing has turned yet" />}
      columns={[
        {
          key: 'state',
          label: 'State',
          width: '8rem',
          corner: true,
          labelHidden: true,
          render: (one) => <StateBadge state={one.state} label={WORDS[one.state]} tone={TONES[one.state]} />,
        },
        { key: 'at', label: 'When', width: '12rem', primary: true, render: (one) => <When at={one.at} seconds /> },
        { key: 'place', label: 'Where', width: '8rem', render: (one) => one.place?.name ?? 'Together' },
        { key: 'reason', label: 'Why', render: (one) => one.reason || '–' },
      ]}
    />
  );
}

const FACT_WORDS: Record<string, string> = {
  status: 'Status',
  dns_ms: 'Name looked up',
  connect_ms: 'Connected',
  tls_ms: 'TLS',
  first_byte_ms: 'First byte',
  tls_days: 'Certificate days left',
  age_s: 'Age in seconds',
};
const factText = (name: string, value: string | number) =>
  name.endsWith('_ms') ? milliseconds(Number(value)) : String(value);

function Side({ monitor }: { monitor: MonitorDetail }) {
  return (
    <>
      <Section title="Places">
        <ul className={classes.rows}>
          {monitor.places.map((place) => (
            <li key={place.id}>
              <MonitorBadge state={place.state} />
              <b>{place.name}</b>
              <span>
                {milliseconds(place.lastMs)} <Ago at={place.lastAt} none="not yet" />
                {place.lastReason && `: ${place.lastReason}`}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {monitor.recent.map((one) => (
        <Section key={one.place.id} title={`Last look${monitor.recent.length > 1 ? ` from ${one.place.name}` : ''}`}>
          <Facts
            items={Object.entries(one.facts).map(([name, value]) => ({
              label: FACT_WORDS[name] ?? name.replaceAll('_', ' '),
              value: factText(name, value),
            }))}
          />
        </Section>
      ))}
      <Section title="Set up">
        <Facts
          items={[
            { label: 'Every', value: formatDuration(monitor.intervalSeconds) },
            { label: 'At most', value: formatDuration(monitor.timeoutSeconds) },
            { label: 'Down after', value: `${monitor.failAfter} in a row` },
            { label: 'Up after', value: `${monitor.recoverAfter} in a row` },
            { label: 'Places that must agree', value: `${monitor.quorum} of ${monitor.placeIds.length}` },
            { label: 'Severity', value: <AlertSeverity severity={monitor.severity} quiet /> },
            {
              label: 'Service',
              value: monitor.service && (
                <TextLink to={`/services/${monitor.service.id}`}>{monitor.service.name}</TextLink>
              ),
            },
            { label: 'Secrets kept', value: monitor.secrets.join(', ') },
            {
              label: 'Objectives',
              value:
                monitor.slos.length > 0 &&
                monitor.slos.map((slo) => (
                  <TextLink key={slo.id} to={`/monitors/slos/${slo.id}`}>
                    {slo.name}
                  </TextLink>
                )),
            },
          ]}
        />
      </Section>
    </>
  );
}
