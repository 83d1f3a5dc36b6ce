/** One watched series: its values with the expected band, what was unusual and why, and what people thought of it. */
import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core';
import { IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { useState } from 'react';
import { type Anomaly, type MetricSeriesDetail, endpoints as signals } from '#contract/signals';
import {
  Columns,
  EmptyState,
  Facts,
  formatDuration,
  Loaded,
  Page,
  Section,
  useCommand,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import classes from '../monitors/monitors.module.css';
import { SeriesPlot } from './plot.tsx';
import { band, number, SeriesBadge, votesText } from './words.tsx';

export function OneSeries() {
  const { id } = usePageParams<'id'>();
  const [hours, setHours] = useState('24');
  const query = useQueryOf(
    signals.getMetricSeries,
    { params: { id }, query: { hours: Number(hours) } },
    { keepPrevious: true, refetchInterval: 30_000 },
  );
  return (
    <Loaded query={query} lines={6}>
      {(series) => <Shown series={series} hours={hours} setHours={setHours} />}
    </Loaded>
  );
}

interface ShownProps {
  series: MetricSeriesDetail;
  hours: string;
  setHours: (hours: string) => void;
}

function Shown({ series, hours, setHours }: ShownProps) {
  return (
    <Page
      title={series.name}
      crumbs={[{ label: 'Metrics', to: '/monitors/metrics' }]}
      badges={<SeriesBadge state={series.state} />}
      subtitle={`${series.watch.name} · ${series.reading === 'rate' ? 'gain in a second' : 'value'}, by ${formatDuration(series.stepSeconds)}`}
      width="wide"
    >
      <Columns side={<Side series={series} />}>
        <Section
          title="Values and what was expected"
          actions={
            <SegmentedControl
              aria-label="Stretch of time"
              size="xs"
              value={hours}
              onChange={setHours}
              data={[
                { value: '6', label: '6 h' },
                { value: '24', label: '24 h' },
                { value: '72', label: '3 d' },
              ]}
            />
          }
        >
          {series.points.length > 1 ? (
            <SeriesPlot series={series} />
          ) : (
            <EmptyState title="No values in this stretch of time">They are kept for three days.</EmptyState>
          )}
        </Section>
        <Section title="What was unusual" flush={series.anomalies.length > 0}>
          {series.anomalies.length === 0 ? (
            <EmptyState title="Nothing yet">
              {series.state === 'learning'
                ? `Its usual course is being learnt: ${series.seen} of ${series.needed} steps.`
                : 'All values so far were as expected.'}
            </EmptyState>
          ) : (
            <ul className={classes.found} aria-label="Anomalies">
              {series.anomalies.map((one) => (
                <Found key={one.id} one={one} />
              ))}
            </ul>
          )}
        </Section>
      </Columns>
    </Page>
  );
}

function Found({ one }: { one: Anomaly }) {
  const may = useMay('signals.judgeAnomaly');
  const judge = useCommand(signals.judgeAnomaly, {
    done: (output) => `Thank you. From now on this series calls at a score of ${output.threshold}.`,
  });
  const say = (useful: boolean) =>
    judge.mutate({ params: { id: one.id }, body: { useful: one.useful === useful ? null : useful } });
  return (
    <li>
      <div>
        <div className={classes.headline}>
          <strong>{number(one.value)}</strong>
          <span>expected {band(one.low, one.high)}</span>
        </div>
        <p>{one.reasons.join('; ')}.</p>
        <small>
          <When at={one.at} /> · score {one.score} (calls from {one.threshold})
          {!one.told && ' · found in the past, nobody was told'}
          {one.judgedBy && ` · ${one.useful ? 'useful' : 'not useful'}, says ${one.judgedBy.name}`}
        </small>
      </div>
      {may && (
        <span className={classes.thumbs}>
          <Tooltip label="Useful: it was right to call">
            <ActionIcon
              variant={one.useful === true ? 'filled' : 'default'}
              size="lg"
              aria-label="Useful"
              aria-pressed={one.useful === true}
              loading={judge.isPending}
              onClick={() => say(true)}
            >
              <IconThumbUp size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Not useful: do not call for this again">
            <ActionIcon
              variant={one.useful === false ? 'filled' : 'default'}
              size="lg"
              aria-label="Not useful"
              aria-pressed={one.useful === false}
              loading={judge.isPending}
              onClick={() => say(false)}
            >
              <IconThumbDown size={18} />
            </ActionIcon>
          </Tooltip>
        </span>
      )}
    </li>
  );
}

function Side({ series }: { series: MetricSeriesDetail }) {
  const moved = Math.round((series.threshold - series.baseThreshold) * 100) / 100;
  return (
    <>
      <Section title="Now">
        <Facts
          items={[
            { label: 'Value', value: number(series.value) },
            { label: 'Expected', value: band(series.low, series.high) },
            { label: 'Score', value: series.score },
            { label: 'Last heard', value: <When at={series.heardAt} /> },
          ]}
        />
      </Section>
      <Section
        title="When it calls"
        description="The score adds up how rare a value is, in powers of ten: change of level, time of day, order of values."
      >
        <Facts
          items={[
            { label: 'From a score of', value: series.threshold },
            {
              label: 'Moved by votes',
              value: moved === 0 ? 'Not moved' : `${moved > 0 ? '+' : '−'}${Math.abs(moved)}`,
            },
            { label: 'Votes', value: votesText(series.votes) },
          ]}
        />
      </Section>
      <Section title="Labels">
        <Facts items={Object.entries(series.labels).map(([label, value]) => ({ label, value }))} />
      </Section>
    </>
  );
}
