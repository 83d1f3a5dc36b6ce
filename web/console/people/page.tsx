/** One page: what it is about, who was called and why them, and the button. */
import { Text } from '@mantine/core';
import { type PageEvent, endpoints as people } from '#contract/people';
import {
  Ago,
  Columns,
  ExerciseBadge,
  Facts,
  formatDuration,
  LinkButton,
  Loaded,
  Mono,
  Page,
  PersonName,
  Section,
  Shape,
  sentence,
  type Tone,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { PageActions } from './page-actions.tsx';
import { OthersAsked, WhoIsNext } from './page-next.tsx';
import { PageState } from './pages.tsx';
import classes from './people.module.css';

export function OnePage() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(people.page, { params: { id } });
  return (
    <Loaded query={query}>
      {(page) => (
        <Page
          title={page.title}
          tab="Page"
          crumbs={[{ label: 'Pages', to: '/pages' }]}
          exercise={page.exercise}
          badges={
            <>
              <PageState page={page} />
              {page.exercise && <ExerciseBadge />}
            </>
          }
          subtitle={page.serviceName}
          actions={
            page.link.startsWith('/') && (
              <LinkButton to={page.link} variant="default">
                See what is happening
              </LinkButton>
            )
          }
        >
          <PageActions page={page} />
          <Columns
            side={
              <Section title="Facts">
                <Facts
                  items={[
                    { label: 'Called', value: page.called.map(({ name }) => name).join(', ') },
                    { label: 'Policy', value: page.policyName },
                    { label: 'Urgency', value: page.urgency === 'high' ? 'High' : 'Low: called once, no clock' },
                    { label: 'Priority', value: page.priority && `P${page.priority}` },
                    { label: 'Assigned to', value: page.assignee && <PersonName person={page.assignee} /> },
                    {
                      label: 'Asks again',
                      value:
                        page.ackTimeoutMinutes && `${formatDuration(page.ackTimeoutMinutes * 60)} after it was taken`,
                    },
                    { label: 'Taken by', value: page.acknowledgedBy && <PersonName person={page.acknowledgedBy} /> },
                    {
                      label: 'Taken',
                      value: page.acknowledgedAt && (
                        <>
                          <When at={page.acknowledgedAt} /> ({page.acknowledgedVia})
                        </>
                      ),
                    },
                    { label: 'Ended because', value: page.endReason },
                    { label: 'Started', value: <Ago at={page.createdAt} /> },
                    { label: 'Id', value: <Mono>{page.id}</Mono> },
                  ].filter(({ value }) => value)}
                />
              </Section>
            }
          >
            {page.body && (
              <Section title="What it says">
                <Text className={classes.body}>{page.body}</Text>
              </Section>
            )}
            <WhoIsNext page={page} />
            <OthersAsked page={page} />
            <Section title="What was done" description="Who was called, why them, and how each message fared.">
              <ol className={classes.log}>
                {page.log.map((line, index) => (
                  <LogLine key={index} line={line} />
                ))}
              </ol>
            </Section>
          </Columns>
        </Page>
      )}
    </Loaded>
  );
}

const tones: Record<string, Tone> = {
  first: 'progress',
  called: 'progress',
  escalated: 'warn',
  repeat: 'warn',
  fell_through_nobody: 'warn',
  team_leads: 'warn',
  emergency_contact: 'danger',
  nobody_left: 'danger',
  unanswered: 'danger',
  not_delivered: 'danger',
  delivered: 'ok',
  stopped_acknowledged: 'ok',
  still_held: 'ok',
  holder: 'warn',
  condition: 'idle',
  waits_for_hours: 'notice',
  snoozed: 'notice',
  reassigned: 'notice',
  given_back: 'warn',
  called_next: 'warn',
  responders_added: 'progress',
};

function LogLine({ line }: { line: PageEvent }) {
  // Delivered and failed have a line of their own further down.
  const fate = line.reason === 'sent' && ['queued', 'sending', 'withdrawn'].includes(line.delivery?.state ?? '');
  return (
    <li>
      <Shape tone={tones[line.reason] ?? 'idle'} size={13} />
      <span>
        {line.text}
        {fate && <span className={classes.sub}> ({sentence(line.delivery?.state ?? '').toLowerCase()})</span>}
      </span>
      <span className={classes.at}>
        <When at={line.at} seconds />
      </span>
    </li>
  );
}
