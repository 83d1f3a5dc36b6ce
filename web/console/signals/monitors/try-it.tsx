/** One look at once, before anything is kept: what was asked, what was there. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Tried, endpoints as signals } from '#contract/signals';
import { type InputOf, ProblemAlert, StateBadge, useCommand } from '../../../kit/index.ts';
import classes from './monitors.module.css';
import { milliseconds } from './words.tsx';

type Body = NonNullable<InputOf<typeof signals.tryMonitor>>['body'];

export function TryIt({ input }: { input: () => Body }) {
  const [seen, setSeen] = useState<Tried>();
  const attempt = useCommand(signals.tryMonitor, { onDone: setSeen, problems: 'inline' });
  return (
    <div className={classes.group} role="group" aria-label="Try it">
      <div>
        <Button
          variant="default"
          loading={attempt.isPending}
          onClick={() => {
            setSeen(undefined);
            attempt.mutate({ body: input() });
          }}
        >
          Try it now
        </Button>
      </div>
      <ProblemAlert error={attempt.error} />
      <div aria-live="polite">{seen && <Seen seen={seen} />}</div>
    </div>
  );
}

function Seen({ seen }: { seen: Tried }) {
  const tone = seen.ok === null ? 'idle' : seen.ok ? 'ok' : 'danger';
  const word = seen.ok === null ? 'Could not look' : seen.ok ? 'All is well' : 'Fails';
  return (
    <div className={classes.block}>
      <div className={classes.line}>
        <StateBadge state={word} label={word} tone={tone} />
        <span>
          {milliseconds(seen.ms)}
          {seen.reason && `: ${seen.reason}`}
        </span>
      </div>
      {seen.checked.length > 0 && (
        <ul className={classes.rows}>
          {seen.checked.map((one, n) => (
            <li key={n}>
              <StateBadge
                state={one.ok ? 'holds' : 'fails'}
                label={one.ok ? 'Holds' : 'Fails'}
                tone={one.ok ? 'ok' : 'danger'}
                quiet
              />
              <span>
                {one.text}
                {one.actual && <span className={classes.help}> it was {one.actual}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {seen.sample && (
        <pre className={classes.sample} tabIndex={0} aria-label="What came back">
          {seen.sample}
        </pre>
      )}
    </div>
  );
}
