/** Changes that may have caused it, likeliest first, each with its score and the reasons behind it. */
import { Anchor } from '@mantine/core';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as signals, type Suspect } from '#contract/signals';
import { Ago, EmptyState, Loaded, useQueryOf } from '../../kit/index.ts';
import classes from './case.module.css';

export function Suspects({ groupId }: { groupId: string }) {
  const query = useQueryOf(signals.suspectsOfGroup, { params: { id: groupId } });
  return (
    <Loaded query={query} lines={3}>
      {({ items }) => <SuspectList items={items} />}
    </Loaded>
  );
}

/** For the war room. */
export function SuspectsOfIncident({ incidentId }: { incidentId: string }) {
  const query = useQueryOf(incidents.suspects, { params: { id: incidentId } });
  return (
    <Loaded query={query} lines={3}>
      {({ items }) => <SuspectList items={items} />}
    </Loaded>
  );
}

export function SuspectList({ items }: { items: Suspect[] }) {
  if (items.length === 0)
    return (
      <EmptyState title="No change fits">
        Nothing was changed here or upstream in the day before. Let your deploy pipeline post to /api/v1/changes.
      </EmptyState>
    );
  return (
    <ol className={classes.suspects} aria-label="Suspected changes, likeliest first">
      {items.slice(0, 5).map(({ change, score, factors, reasons }) => (
        <li key={change.id}>
          <span
            className={classes.score}
            title={`time ${factors.time} × place ${factors.place} × risk ${factors.risk}`}
            aria-label={`Score ${score} of 100`}
          >
            {score}
          </span>
          <span>
            {change.url ? (
              <Anchor fz="sm" href={change.url} rel="noreferrer noopener" target="_blank">
                {change.summary}
              </Anchor>
            ) : (
              change.summary
            )}
          </span>
          <span className={classes.meter} aria-hidden="true">
            <span style={{ inlineSize: `${score}%` }} />
          </span>
          <span className={classes.dim}>
            {reasons.slice(0, 2).join(' · ')} · {change.kind} by {change.source || 'unknown'} · <Ago at={change.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
