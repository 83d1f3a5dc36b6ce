/** What the matrix says of severity, and how it came to be what it is. */
import { Button, Text } from '@mantine/core';
import { Hint, useMay, When } from '../../../kit/index.ts';
import { useRoom } from './context.tsx';
import { useCommandView } from './lanes.tsx';
import classes from './room.module.css';

/** A milder proposal: quiet, beside what is affected. A worse one is the next step and stands there. */
export function SeverityHint() {
  const { incident, open } = useRoom();
  const proposal = useCommandView()?.severity.proposal;
  const may = useMay('incidents.changeSeverity');
  if (!proposal || !incident.active) return null;
  return (
    <Hint tone="notice" title={`The matrix says SEV${proposal.severity}`}>
      {proposal.because}
      {may && (
        <div>
          <Button
            size="compact-sm"
            mt={6}
            variant="default"
            onClick={() => open('change_severity', String(proposal.severity))}
          >
            Decide
          </Button>
        </div>
      )}
    </Hint>
  );
}

export function SeverityHistory() {
  const history = useCommandView()?.severity.history ?? [];
  if (history.length === 0) return null;
  return (
    <ul className={classes.lines} aria-label="How severity came about">
      {history.map((one) => (
        <li key={one.id}>
          <Text fz="xs">
            <When at={one.at} />{' '}
            {one.from === null
              ? `declared as SEV${one.to}`
              : one.from === one.to
                ? `SEV${one.to} kept`
                : `SEV${one.from} → SEV${one.to}`}{' '}
            by {one.by.name}
            {one.overrides && `, though SEV${one.proposed} was proposed (${one.because})`}
            {one.reason && `: ${one.reason}`}
          </Text>
        </li>
      ))}
    </ul>
  );
}
