/** One readiness criterion: its verdict as word and shape, its age, its recent past. */
import { Text } from '@mantine/core';
import { useState } from 'react';
import { type Criterion, endpoints } from '#contract/recovery';
import { Ago, ConfirmButton, StateBadge, useCommand } from '../../kit/index.ts';
import classes from './recovery.module.css';

export function CriterionLine({
  criterion,
  mayRemove,
  incidentId,
}: {
  criterion: Criterion;
  mayRemove: boolean;
  incidentId: string;
}) {
  return (
    <li>
      <StateBadge state={criterion.verdict} />
      <div className={classes.what}>
        <span className={classes.name}>{criterion.name}</span>
        <Text fz="xs" c="dimmed" component="div">
          {criterion.verdict === 'true' ? criterion.expects : criterion.detail || criterion.expects}
          {criterion.kind === 'http' && criterion.verdict === 'true' && ` · ${criterion.url}`}
        </Text>
        <History criterion={criterion} />
      </div>
      <div className={classes.side}>
        <Text fz="xs" c="dimmed" component="div">
          <Ago at={criterion.sampledAt} none="not yet" />
        </Text>
        {mayRemove && <Remove criterion={criterion} key={incidentId} />}
      </div>
    </li>
  );
}

/** The last samples as a strip of marks; the words beside it say the same for those who do not see it. */
function History({ criterion }: { criterion: Criterion }) {
  const { history } = criterion;
  if (history.length < 2) return null;
  const bad = history.filter(({ verdict }) => verdict !== 'true').length;
  return (
    <div
      className={classes.history}
      role="img"
      aria-label={`Last ${history.length} samples: ${bad === 0 ? 'all true' : `${bad} not true`}`}
    >
      {history.map((one, index) => (
        <span key={`${one.at}:${index}`} data-verdict={one.verdict} />
      ))}
    </div>
  );
}

function Remove({ criterion }: { criterion: Criterion }) {
  const remove = useCommand(endpoints.removeCriterion, { done: 'Criterion removed', problems: 'inline' });
  const [reason, setReason] = useState('');
  return (
    <ConfirmButton
      size="compact-xs"
      variant="subtle"
      aria-label={`Remove ${criterion.name}`}
      title={`Remove "${criterion.name}"?`}
      consequences={[
        'Restored can then be declared without it. That it was removed, by whom and why stays in the record.',
      ]}
      confirm="Remove criterion"
      danger
      reason={{ label: 'Why', value: reason, onChange: setReason }}
      onConfirm={() => remove.mutateAsync({ params: { id: criterion.id }, body: { reason } })}
    >
      Remove
    </ConfirmButton>
  );
}
