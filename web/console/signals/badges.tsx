/** Small marks of alerts: severity in the source's words, state, and what is special about a group. */
import type { Group } from '#contract/signals';
import { ExerciseBadge, StateBadge, type Tone } from '../../kit/index.ts';

const tones: Record<Group['severity'], Tone> = {
  critical: 'danger',
  error: 'warn',
  warning: 'notice',
  info: 'idle',
};

/** `Critical`, `Error`, `Warning`, `Info`: what the source calls it, not the severity of an incident. */
export const AlertSeverity = ({ severity, quiet }: { severity: Group['severity']; quiet?: boolean }) => (
  <StateBadge state={severity} tone={tones[severity]} quiet={quiet} />
);

/** Exercise, test, flapping: only when they are. */
export const GroupMarks = ({ group }: { group: Pick<Group, 'exercise' | 'test' | 'flapping'> }) => (
  <>
    {group.exercise && <ExerciseBadge />}
    {group.test && <StateBadge state="test" tone="exercise" label="Test" />}
    {group.flapping && <StateBadge state="flapping" tone="notice" label="Flapping" />}
  </>
);

/** Who has a group, or who is being asked. */
export function Holder({ group }: { group: Group }) {
  if (group.acknowledgedBy) return <span>{group.acknowledgedBy.name}</span>;
  if (group.acknowledgedAt) return <span>Taken at its source</span>;
  if (group.state === 'resolved') return <span>–</span>;
  if (group.assignee) return <span>{group.assignee.name}, asked again</span>;
  if (group.asked.length === 0) return <span>{group.pageId ? 'Paging' : 'Nobody asked'}</span>;
  const [first, ...others] = group.asked.toReversed();
  return <span>{`Asked ${first!.name}${others.length > 0 ? ` and ${others.length} before` : ''}`}</span>;
}
