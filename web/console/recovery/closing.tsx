/** After restored: what was put back, what is left over and whose it is, and the watch that goes on. */
import { Text } from '@mantine/core';
import { useState } from 'react';
import { type Closing, type ClosingItem, endpoints } from '#contract/recovery-stages';
import { ConfirmButton, Hint, Loaded, StateBadge, type Tone, useCommand, useQueryOf, When } from '../../kit/index.ts';
import classes from './staircase.module.css';

const TONE: Record<ClosingItem['state'], Tone> = { done: 'ok', left: 'warn', due: 'notice', settled: 'idle' };
const WORD: Record<ClosingItem['state'], string> = { done: 'Done', left: 'Left over', due: 'To do', settled: 'Owned' };

export function ClosingList({ incidentId }: { incidentId: string }) {
  const query = useQueryOf(endpoints.closing, { params: { id: incidentId } }, { refetchInterval: 30_000 });
  return (
    <Loaded query={query}>
      {(closing) =>
        closing.items.length === 0 && !closing.watch ? null : (
          <section aria-label="After restored">
            <Text fz="sm" fw={600} mb={4}>
              After restored
            </Text>
            {closing.watch && <Watch watch={closing.watch} />}
            <ul className={classes.checks}>
              {closing.items.map((item) => (
                <li key={`${item.kind} ${item.ref}`}>
                  <StateBadge state={item.state} label={WORD[item.state]} tone={TONE[item.state]} />
                  <div>
                    <span className={classes.title}>{item.title}</span>
                    {(item.settledNote ?? item.detail) && (
                      <Text fz="xs" c="dimmed">
                        {item.settledNote ?? item.detail}
                      </Text>
                    )}
                  </div>
                  <div className={classes.side}>
                    {item.owner && item.state !== 'done' && (
                      <Text fz="xs" c="dimmed">
                        {item.owner.name}
                      </Text>
                    )}
                    {closing.may.settle && (item.state === 'left' || item.state === 'due') && (
                      <Own item={item} incidentId={incidentId} />
                    )}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </Loaded>
  );
}

function Watch({ watch }: { watch: NonNullable<Closing['watch']> }) {
  if (watch.state === 'suspected')
    return (
      <Hint tone="warn">It may be back: {watch.reasons.join('; ')}. If customers feel it, reopen the incident.</Hint>
    );
  if (watch.state !== 'watching') return null;
  return (
    <Text fz="xs" c="dimmed" component="div">
      The same criteria are watched until <When at={watch.until} />
    </Text>
  );
}

function Own({ item, incidentId }: { item: ClosingItem; incidentId: string }) {
  const settle = useCommand(endpoints.settleLeftover, { done: 'Noted', problems: 'inline' });
  const [note, setNote] = useState('');
  return (
    <ConfirmButton
      size="compact-xs"
      variant="subtle"
      title={item.title}
      consequences={['You own what is left. Your reason stays in the record and in the review.']}
      confirm="Own it"
      reason={{ label: 'How it is settled', value: note, onChange: setNote }}
      onConfirm={() =>
        settle.mutateAsync({ params: { id: incidentId }, body: { kind: item.kind, ref: item.ref, note } })
      }
    >
      Settle
    </ConfirmButton>
  );
}
