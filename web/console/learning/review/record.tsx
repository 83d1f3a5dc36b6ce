/** The record beside the editor: the timeline as it was written at the time, and what else is known. */
import { SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import type { Reading, Review } from '#contract/learning';
import {
  formatDuration,
  Loaded,
  PersonName,
  Section,
  StateBadge,
  sentence,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import classes from '../learning.module.css';

/** The measures of the incident; one without a number says why. */
export function Measures({ measures }: { measures: Reading[] }) {
  return (
    <dl className={classes.measures}>
      {measures.map((measure) => (
        <div key={measure.id} title={`${measure.from} → ${measure.to}. ${measure.note}`}>
          <dt>{measure.name}</dt>
          {measure.minutes === null ? (
            <dd className={classes.absent}>no number: {measure.absent}</dd>
          ) : (
            <dd>{measure.beforeImpact ? 'before impact' : formatDuration(measure.minutes * 60)}</dd>
          )}
        </div>
      ))}
    </dl>
  );
}

const parts = ['timeline', 'thinking', 'questions', 'people', 'messages'] as const;
type Part = (typeof parts)[number];
const partLabels: Record<Part, string> = {
  timeline: 'Timeline',
  thinking: 'Thinking',
  questions: 'Open',
  people: 'Roles',
  messages: 'Messages',
};

export function RecordPanel({ review }: { review: Review }) {
  const [part, setPart] = useState<Part>('timeline');
  return (
    <section className={classes.record} tabIndex={0} aria-label="The record">
      <Section title="The record">
        <SegmentedControl
          fullWidth
          size="xs"
          mb="sm"
          aria-label="Part of the record"
          value={part}
          onChange={(value) => setPart(value as Part)}
          data={parts.map((value) => ({ value, label: partLabels[value] }))}
        />
        {part === 'timeline' && <Timeline incident={review.incident.id} />}
        {part === 'thinking' && <Thinking review={review} />}
        {part === 'questions' && <OpenQuestions review={review} />}
        {part === 'people' && <Roles review={review} />}
        {part === 'messages' && <Messages review={review} />}
      </Section>
    </section>
  );
}

function Timeline({ incident }: { incident: string }) {
  const timeline = useQueryOf(incidents.timeline, { params: { id: incident }, query: { after: 0, limit: 200 } });
  return (
    <Loaded query={timeline}>
      {({ items, total }) => (
        <>
          <ol className={classes.timeline}>
            {items.map((entry) => (
              <li key={entry.seq}>
                <p>{entry.text}</p>
                <small>
                  <When at={entry.occurredAt} /> · {entry.actor.name}
                </small>
              </li>
            ))}
          </ol>
          {total > items.length && (
            <Text fz="sm" c="dimmed">
              {total - items.length} more stand in the incident itself.
            </Text>
          )}
        </>
      )}
    </Loaded>
  );
}

const Nothing = ({ children }: { children: string }) => (
  <Text fz="sm" c="dimmed">
    {children}
  </Text>
);

function Thinking({ review }: { review: Review }) {
  const { hypotheses, decisions, containment } = review.record;
  if (hypotheses.length + decisions.length + containment.length === 0) {
    return <Nothing>No hypothesis, decision or containment action is on record.</Nothing>;
  }
  return (
    <ol className={classes.timeline}>
      {hypotheses.map((hypothesis) => (
        <li key={hypothesis.text}>
          <p>{hypothesis.text}</p>
          <StateBadge state={hypothesis.state} quiet />
        </li>
      ))}
      {decisions.map((decision) => (
        <li key={`${decision.at}${decision.question}`}>
          <p>
            {decision.question} <b>{decision.choice}</b>
          </p>
          <small>
            <When at={decision.at} /> · decided by {decision.by}
          </small>
        </li>
      ))}
      {containment.map((step) => (
        <li key={`${step.at}${step.text}`}>
          <p>{step.text}</p>
          <small>
            {step.at && (
              <>
                <When at={step.at} /> ·{' '}
              </>
            )}
            {step.state}
          </small>
        </li>
      ))}
    </ol>
  );
}

function OpenQuestions({ review }: { review: Review }) {
  const { questions } = review.record;
  if (questions.length === 0) return <Nothing>Every question that was asked was answered.</Nothing>;
  return (
    <ol className={classes.timeline}>
      {questions.map((question) => (
        <li key={question.askedAt + question.text}>
          <p>{question.text}</p>
          <small>
            asked <When at={question.askedAt} /> · {question.owner ?? 'nobody was asked by name'}
          </small>
        </li>
      ))}
    </ol>
  );
}

function Roles({ review }: { review: Review }) {
  const { roles, phases } = review.record;
  return (
    <ol className={classes.timeline}>
      {roles.map((holder) => (
        <li key={`${holder.role}${holder.from}`}>
          <p>
            <PersonName person={holder.person} plain />, {holder.role}
          </p>
          <small>
            from <When at={holder.from} />
          </small>
        </li>
      ))}
      {phases.map((phase) => (
        <li key={`${phase.phase}${phase.from}`}>
          <p>{sentence(phase.phase)}</p>
          <small>
            <When at={phase.from} /> to <When at={phase.to} none="now" />
          </small>
        </li>
      ))}
    </ol>
  );
}

function Messages({ review }: { review: Review }) {
  const { messages } = review.record;
  if (messages.length === 0) return <Nothing>No update went out.</Nothing>;
  return (
    <ol className={classes.timeline}>
      {messages.map((message) => (
        <li key={`${message.at}${message.headline}`}>
          <p>{message.headline}</p>
          <small>
            <When at={message.at} /> · {message.audience}
          </small>
        </li>
      ))}
    </ol>
  );
}
