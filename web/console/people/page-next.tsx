/** Who is next on a page, or would have been: the rungs of its own frozen policy that have not come yet. */
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { PageWithLog, UpcomingTurn } from '#contract/people';
import { Countdown, Section, TextLink, When } from '../../kit/index.ts';
import ladder from './ladder.module.css';
import classes from './people.module.css';

/** Nothing for a page that has ended or has nobody left to call. */
export function WhoIsNext({ page }: { page: PageWithLog }) {
  const [all, setAll] = useState(false);
  if (page.upcoming.length === 0) return null;
  const title = page.state === 'acknowledged' ? 'Who would have been next' : 'Who is next';
  return (
    <Section title={title} description="By the policy as it was when this page started, and who is on call now.">
      <ol className={ladder.ladder} aria-label={title} data-timeless={!page.upcoming[0]?.at || undefined}>
        {page.upcoming.slice(0, all ? undefined : SHOWN).map((turn, index) => (
          // Turns have no identity before they happen.
          <li key={index} className={ladder.rung} data-kind={KINDS[turn.stage] ?? 'step'}>
            <span className={ladder.when}>{turn.at && <When at={turn.at} />}</span>
            <span className={ladder.knot} aria-hidden="true">
              {turn.stage === 'step' ? turn.step : ''}
            </span>
            <span>
              <Who turn={turn} />
              {index === 0 && turn.at && (
                <span className={ladder.line}>
                  <Countdown at={turn.at} over="late" />
                </span>
              )}
              {turn.notes.map((note) => (
                <span key={note} className={ladder.line}>
                  {note}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
      {!all && page.upcoming.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" mt="sm" onClick={() => setAll(true)}>
          And after them
        </Button>
      )}
    </Section>
  );
}

/** The next few; the rest by a press. */
const SHOWN = 3;

const KINDS: Partial<Record<UpcomingTurn['stage'], string>> = {
  wait: 'turn',
  team_leads: 'last',
  emergency: 'last',
  unanswered: 'last',
};

function Who({ turn }: { turn: UpcomingTurn }) {
  if (turn.stage === 'unanswered') return <>Nobody is left: it stays open as unanswered</>;
  if (turn.stage === 'wait') return <>Waits for the hours of step {turn.step}</>;
  const names = turn.people.map(({ name }) => name).join(', ');
  const told = turn.told.length > 0 ? `${names ? ' and ' : ''}${turn.told.join(', ')} told` : '';
  const lead =
    turn.stage === 'emergency' ? ' (emergency contact)' : turn.stage === 'team_leads' ? ' (team’s leads)' : '';
  const round = turn.stage === 'step' && turn.round > 1 ? `, round ${turn.round}` : '';
  const reason = turn.people[0]?.because;
  return (
    <>
      <b>{names}</b>
      {told}
      {lead}
      {round && <span className={ladder.sub}>{round}</span>}
      {reason && turn.stage === 'step' && <span className={ladder.line}>{reason}</span>}
    </>
  );
}

/** Pages about the same thing that go to others. */
export function OthersAsked({ page }: { page: PageWithLog }) {
  if (page.others.length === 0) return null;
  return (
    <Section title="Also asked about this">
      <ul className={classes.lines}>
        {page.others.map(({ id, called, state, acknowledgedBy, policyName }) => (
          <li key={id}>
            <TextLink to={`/pages/${id}`}>{called.map(({ name }) => name).join(', ') || policyName}</TextLink>
            <Text fz="sm" c="dimmed">
              {state === 'acknowledged' ? `${acknowledgedBy?.name ?? 'Somebody'} has said yes` : WORDS[state]}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const WORDS: Record<string, string> = { paging: 'is being called', unanswered: 'has not answered', stopped: 'is over' };
