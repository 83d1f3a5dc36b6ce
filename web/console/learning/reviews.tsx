/** Reviews: those still to finish with the first due on top, and those that are done. */
import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { endpoints as learning, type ReviewSummary } from '#contract/learning';
import {
  Countdown,
  DataList,
  EmptyState,
  ExerciseBadge,
  Page,
  PersonName,
  ProblemAlert,
  Section,
  SeverityBadge,
  StateBadge,
  useMay,
  usePageSearch,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { Ask } from './ask.tsx';
import classes from './learning.module.css';

export function Reviews() {
  const [search, setSearch] = usePageSearch<'show'>();
  const show = search.show === 'finished' ? 'finished' : 'open';
  const mayAsk = useMay('learning.requestReview');
  const [asking, setAsking] = useState(false);
  const reviews = useQueryOf(learning.listReviews, { query: { show, limit: 100 } }, { keepPrevious: true });
  return (
    <Page
      title="Reviews"
      subtitle="What an incident taught, written while it is fresh. A SEV1 or SEV2 gets one by itself when it is restored."
      actions={
        <>
          <SegmentedControl
            aria-label="Which reviews"
            value={show}
            onChange={(value) => setSearch({ show: value === 'open' ? null : value })}
            data={[
              { value: 'open', label: 'To do' },
              { value: 'finished', label: 'Finished' },
            ]}
          />
          {mayAsk && (
            <Button variant="default" onClick={() => setAsking(true)}>
              Ask for a review
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert error={reviews.error} retry={() => void reviews.refetch()} />
      {!reviews.error && (
        <Section title={show === 'open' ? 'To do' : 'Finished'} flush>
          <DataList
            label="Reviews"
            items={reviews.data?.items}
            rowKey={({ id }) => id}
            rowTo={({ id }) => ({ to: `/reviews/${id}` })}
            empty={<Nothing show={show} />}
            columns={[
              {
                key: 'incident',
                label: 'Incident',
                primary: true,
                render: ({ incident, exercise }) => (
                  <>
                    <span className={classes.key}>{incident.key}</span> {incident.title} {exercise && <ExerciseBadge />}
                  </>
                ),
              },
              {
                key: 'severity',
                label: 'Severity',
                width: '7rem',
                render: ({ incident }) => <SeverityBadge severity={incident.severity} short />,
              },
              { key: 'state', label: 'State', width: '10rem', render: (review) => <ReviewState review={review} /> },
              {
                key: 'owner',
                label: 'Owner',
                width: '12rem',
                render: ({ owner }) => <PersonName person={owner} none="Nobody yet" />,
              },
              {
                key: 'due',
                label: show === 'open' ? 'Due' : 'Finished',
                width: '10rem',
                render: ({ dueAt, finishedAt }) =>
                  finishedAt ? <When at={finishedAt} day /> : <Countdown at={dueAt} none="Not set" />,
              },
              { key: 'actions', label: 'Improvements', width: '9rem', render: (review) => <Counts review={review} /> },
            ]}
          />
        </Section>
      )}
      {asking && <Ask onClose={() => setAsking(false)} />}
    </Page>
  );
}

function Nothing({ show }: { show: 'open' | 'finished' }) {
  if (show === 'finished') return <EmptyState title="No review is finished yet" />;
  return (
    <EmptyState title="No review is waiting">
      When a SEV1 or SEV2 incident is restored, its review stands here, filled from the record. For any other incident,
      ask for one.
    </EmptyState>
  );
}

/** Overdue beats the state: that is what somebody has to know. */
export function ReviewState({ review }: { review: Pick<ReviewSummary, 'state' | 'overdue' | 'loopClosedAt'> }) {
  if (review.overdue) return <StateBadge state="overdue" />;
  if (review.state === 'closed') return <StateBadge state="loop_closed" tone="ok" label="Loop closed" />;
  if (review.state === 'reviewed') return <StateBadge state="reviewed" tone="progress" label="Actions open" />;
  return <StateBadge state={review.state} tone={review.state === 'scheduled' ? 'progress' : undefined} />;
}

function Counts({ review }: { review: ReviewSummary }) {
  const { proposed, open, overdue, done } = review.actions;
  if (proposed + open + done === 0) return <span className={classes.none}>None</span>;
  const parts = [proposed > 0 && `${proposed} proposed`, open > 0 && `${open} open`, done > 0 && `${done} done`].filter(
    Boolean,
  );
  return (
    <span>
      {parts.join(', ')}
      {overdue > 0 && <span className={classes.late}> {overdue} late</span>}
    </span>
  );
}
