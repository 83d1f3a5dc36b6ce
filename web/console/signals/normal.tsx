/** What is measured of a service now beside what is normal at this hour: on its page, and in the war room. */
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as signals, type MetricSeries } from '#contract/signals';
import { Ago, type Column, DataList, LinkButton, Section, TextLink, useMay, useQueryOf } from '../../kit/index.ts';
import { band, number, SeriesBadge } from './metrics/words.tsx';
import classes from './signals.module.css';

const COLUMNS: Column<MetricSeries>[] = [
  {
    key: 'what',
    label: 'Measured',
    primary: true,
    render: (series) => <TextLink to={`/monitors/metrics/${series.id}`}>{nameOf(series)}</TextLink>,
  },
  { key: 'now', label: 'Now', align: 'right', render: ({ value }) => <b>{number(value)}</b> },
  { key: 'normal', label: 'Normal at this hour', align: 'right', render: ({ low, high }) => band(low, high) },
  { key: 'state', label: 'State', render: ({ state }) => <SeriesBadge state={state} /> },
  { key: 'heard', label: 'Heard', render: ({ heardAt }) => <Ago at={heardAt} /> },
];

/** `Orders a minute, region eu-west`: the name people gave it, and what tells it from its neighbours. */
function nameOf({ watch, labels }: MetricSeries): string {
  const told = Object.entries(labels).filter(([name]) => !['__name__', 'service', 'job'].includes(name));
  return [watch.name, ...told.map(([name, value]) => `${name} ${value}`)].join(', ');
}

/** On a service's page. Without a watch it says how to get one, to who may. */
export function NowAndNormal({ serviceId }: { serviceId: string }) {
  const { data } = useQueryOf(
    signals.listMetricSeries,
    { query: { serviceId, limit: 20 } },
    { refetchInterval: 30_000 },
  );
  const may = useMay('signals.createMetricWatch');
  if (!data) return null;
  return (
    <Section
      title="Now and normal"
      description="What is measured now, beside the band in which it usually lies at this hour of the week."
      flush={data.items.length > 0}
      actions={
        data.items.length === 0 &&
        may && (
          <LinkButton to="/monitors/metrics" variant="default" size="xs">
            Watch a metric
          </LinkButton>
        )
      }
    >
      {data.items.length === 0 ? (
        <span className={classes.dim}>No metric of it is watched, so nobody can say what is normal.</span>
      ) : (
        <DataList label="Now and normal" items={data.items} columns={COLUMNS} rowKey={({ id }) => id} />
      )}
    </Section>
  );
}

/** In the war room: of every affected service; nothing when nothing of them is watched. */
export function NowAndNormalOfIncident({ incidentId }: { incidentId: string }) {
  const incident = useQueryOf(incidents.get, { params: { id: incidentId } });
  const affected = incident.data?.affected ?? [];
  if (affected.length === 0) return null;
  return (
    <>
      {affected.map(({ serviceId, name }) => (
        <OfService key={serviceId} serviceId={serviceId} name={name} />
      ))}
    </>
  );
}

function OfService({ serviceId, name }: { serviceId: string; name: string }) {
  const { data } = useQueryOf(
    signals.listMetricSeries,
    { query: { serviceId, limit: 6 } },
    { refetchInterval: 30_000 },
  );
  if (!data || data.items.length === 0) return null;
  return (
    <Section title={`${name}: now and normal`}>
      <ul className={classes.side}>
        {data.items.map((series) => (
          <li key={series.id}>
            <span>
              <TextLink to={`/monitors/metrics/${series.id}`}>{nameOf(series)}</TextLink>{' '}
              <SeriesBadge state={series.state} />
            </span>
            <span>
              Now <b>{number(series.value)}</b> · normal {band(series.low, series.high)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
