/** Test pages and what became of them; and the changes that could keep a page from somebody. */
import { endpoints as people } from '#contract/people';
import { Ago, DataList, EmptyState, ProblemAlert, Section, StateBadge, useQueryOf, When } from '../../kit/index.ts';
import classes from './people.module.css';
import { testState } from './reach-words.ts';

export function TestPages({ schedule }: { schedule: string | undefined }) {
  const tests = useQueryOf(people.testPages, { query: { limit: 12 } });
  return (
    <Section title="Test pages" description={schedule} flush>
      <ProblemAlert error={tests.error} retry={() => void tests.refetch()} />
      {!tests.error && (
        <DataList
          label="Test pages"
          items={tests.data?.items}
          rowKey={({ id }) => id}
          empty={
            <EmptyState title="No test page yet">
              A test page is answered there where it arrives: by the link, by a text, by a key in a call.
            </EmptyState>
          }
          columns={[
            {
              key: 'person',
              label: 'Person',
              primary: true,
              render: ({ person, channel, shown }) => (
                <span className={classes.reach}>
                  {person.name}
                  <span className={classes.sub}>
                    {channel} {shown}
                  </span>
                </span>
              ),
            },
            { key: 'sent', label: 'Sent', render: ({ sentAt }) => <When at={sentAt} date /> },
            {
              key: 'state',
              label: 'Result',
              render: ({ state, error, confirmedVia, answerBy }) => (
                <span className={classes.reach}>
                  <StateBadge state={state} {...testState[state]} />
                  <span className={classes.sub}>
                    {state === 'waiting' && (
                      <>
                        until <When at={answerBy} date />
                      </>
                    )}
                    {state === 'confirmed' && `by ${confirmedVia ?? ''}`}
                    {state === 'failed' && error}
                  </span>
                </span>
              ),
            },
            {
              key: 'why',
              label: 'Asked by',
              render: ({ kind, askedBy }) => (kind === 'scheduled' ? 'weekly' : (askedBy?.name ?? '–')),
            },
          ]}
        />
      )}
    </Section>
  );
}

export function HidingChanges() {
  const changes = useQueryOf(people.hidingChanges);
  if (changes.data?.items.length === 0) return null;
  return (
    <Section
      title="Changes that can hide trouble"
      description="Silences, emptied rotations, integrations switched off and the like. Each was told to the owners within minutes."
      flush
    >
      <ProblemAlert error={changes.error} retry={() => void changes.refetch()} />
      {!changes.error && (
        <DataList
          label="Changes that can hide trouble"
          items={changes.data?.items.slice(0, 10)}
          rowKey={({ seq }) => String(seq)}
          columns={[
            { key: 'what', label: 'What', primary: true, render: ({ text }) => text },
            { key: 'who', label: 'By', render: ({ actorName }) => actorName },
            { key: 'at', label: 'When', render: ({ at }) => <Ago at={at} /> },
          ]}
        />
      )}
    </Section>
  );
}
