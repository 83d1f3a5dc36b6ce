/** Figures over many incidents, honest about how little few cases say. */
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { endpoints as learning, type MeasureReport, type Metrics as Report } from '#contract/learning';
import {
  EmptyState,
  formatDuration,
  Hint,
  Loaded,
  Page,
  Section,
  sentence,
  TextLink,
  usePageSearch,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import classes from '../learning.module.css';
import { Strip } from './strip.tsx';

const periods = [
  { value: '90', label: 'Last 90 days' },
  { value: '180', label: 'Last half-year' },
  { value: '365', label: 'Last year' },
];
const DAY = 86_400_000;

export function Metrics() {
  const [search, setSearch] = usePageSearch<'days' | 'severity'>();
  const days = periods.some(({ value }) => value === search.days) ? Number(search.days) : 365;
  // To the minute, so that the question stays the same while the page is looked at.
  const from = useMemo(() => new Date(Math.floor(Date.now() / 60_000) * 60_000 - days * DAY).toISOString(), [days]);
  const severity = ['1', '2', '3'].includes(search.severity ?? '') ? Number(search.severity) : undefined;
  const figures = useQueryOf(learning.metrics, { query: { from, severity } }, { keepPrevious: true });
  return (
    <Page
      title="Figures"
      subtitle="Every incident is a dot. Times are skewed and few, so there is no mean, and no median under five cases."
      actions={
        <div className={classes.filters}>
          <Select
            aria-label="Period"
            data={periods}
            value={String(days)}
            allowDeselect={false}
            onChange={(value) => setSearch({ days: value === '365' ? null : value })}
            w={160}
          />
          <Select
            aria-label="Severity"
            placeholder="All severities"
            clearable
            data={[1, 2, 3].map((value) => ({ value: String(value), label: `SEV${value} only` }))}
            value={severity ? String(severity) : null}
            onChange={(value) => setSearch({ severity: value })}
            w={160}
          />
        </div>
      }
    >
      <Loaded query={figures} lines={8}>
        {(report) => <Figures report={report} />}
      </Loaded>
    </Page>
  );
}

function Figures({ report }: { report: Report }) {
  const n = report.severities.reduce((sum, severity) => sum + severity.n, 0);
  if (n === 0) {
    return (
      <Section title="No incidents in this period">
        <EmptyState title="Nothing to count">
          When incidents are restored, their times appear here: how long until they were noticed, contained, recovered.
          Drills are never counted.
        </EmptyState>
      </Section>
    );
  }
  return (
    <>
      <Population report={report} n={n} />
      {report.measures.map((measure) => (
        <Measure key={measure.id} measure={measure} />
      ))}
    </>
  );
}

function Population({ report, n }: { report: Report; n: number }) {
  const mix = report.severities.filter((one) => one.n > 0).map((one) => `${one.n} × SEV${one.severity}`);
  const found = report.detection.filter((one) => one.n > 0).map((one) => `${one.n} by ${one.by}`);
  return (
    <Section title={`${n} ${n === 1 ? 'incident' : 'incidents'}`}>
      <p className={classes.small}>
        <When at={report.from} day /> to <When at={report.to} day />. {mix.join(', ')}. Found: {found.join(', ')}.
      </p>
      {report.notCounted.length > 0 && (
        <p className={classes.small}>
          Not counted:{' '}
          {report.notCounted.map(({ incidentId, key, reason }, i) => (
            <span key={incidentId}>
              {i > 0 && ', '}
              <TextLink to={`/incidents/${key}`}>{key}</TextLink> ({reason})
            </span>
          ))}
          .
        </p>
      )}
      {n < 5 && (
        <Hint tone="notice" title="Few cases.">
          Under five, a median would say more than is known. Read the incidents themselves.
        </Hint>
      )}
    </Section>
  );
}

/** Whole minutes from two on: seconds would pretend to a precision nobody has. */
const say = (minutes: number | null) =>
  minutes === null ? null : formatDuration(minutes < 2 ? minutes * 60 : Math.round(minutes) * 60);

function Measure({ measure }: { measure: MeasureReport }) {
  const { summary } = measure;
  const figures = [
    { label: 'n', value: String(summary.n) },
    { label: 'Median', value: say(summary.median) },
    { label: '75 of 100 within', value: say(summary.p75) },
    { label: '90 of 100 within', value: say(summary.p90) },
    { label: '95 of 100 within', value: say(summary.p95) },
  ].filter(({ value }) => value !== null);
  return (
    <Section
      title={measure.name}
      description={`From ${measure.from} to ${measure.to}. ${measure.note}`}
      id={measure.id}
    >
      {summary.n === 0 ? (
        <p className={classes.small}>No case has both times.</p>
      ) : (
        <>
          <dl className={classes.figures}>
            {figures.map(({ label, value }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Strip report={measure} />
        </>
      )}
      <LeftOut measure={measure} />
      <Change measure={measure} />
      {summary.n > 0 && <Table measure={measure} />}
    </Section>
  );
}

function LeftOut({ measure }: { measure: MeasureReport }) {
  if (measure.leftOut.length === 0) return null;
  return (
    <p className={classes.small}>
      Left out ({measure.leftOut.length}):{' '}
      {measure.leftOut.map(({ incidentId, key, reason }, i) => (
        <span key={incidentId}>
          {i > 0 && '; '}
          <TextLink to={`/incidents/${key}`}>{key}</TextLink>, {reason}
        </span>
      ))}
      .
    </p>
  );
}

/** The two halves of the period. An interval that includes zero is called what it is. */
function Change({ measure }: { measure: MeasureReport }) {
  const { change } = measure;
  if (!change) return null;
  const signed = (minutes: number) => `${minutes > 0 ? '+' : minutes < 0 ? '−' : ''}${say(Math.abs(minutes))}`;
  return (
    <p className={classes.small}>
      Older half {say(change.before.median)} (n {change.before.n}), newer half {say(change.after.median)} (n{' '}
      {change.after.n}): <b>{sentence(change.verdict)}</b>. Difference {signed(change.difference)}, 95 % interval{' '}
      {signed(change.interval[0])} to {signed(change.interval[1])}.
    </p>
  );
}

function Table({ measure }: { measure: MeasureReport }) {
  return (
    <details className={classes.details}>
      <summary>All {measure.summary.n} as a list</summary>
      <ul>
        {[...measure.dots]
          .sort((a, b) => b.minutes - a.minutes)
          .map((dot) => (
            <li key={dot.incidentId}>
              <TextLink to={`/incidents/${dot.key}`}>{dot.key}</TextLink> {dot.title}:{' '}
              {dot.note ? 'seen before any impact' : say(dot.minutes)}
            </li>
          ))}
      </ul>
    </details>
  );
}
