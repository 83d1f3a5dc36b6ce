/** More people report to one lead than one person keeps in view: the sub-teams that are proposed. */
import { Text } from '@mantine/core';
import { Hint } from '../../../kit/index.ts';
import { useRoles } from '../../people/role-words.ts';
import { useCommandView } from './lanes.tsx';
import classes from './room.module.css';

export function SpanHint() {
  const { titleOf } = useRoles();
  const wide = useCommandView()?.spans.find(({ proposal }) => proposal.length > 0);
  if (!wide) return null;
  return (
    <Hint tone="notice" title={`${wide.reports} people report to ${wide.lead.name}`}>
      More than seven is more than one person keeps in view ({titleOf(wide.role).toLowerCase()}). Proposed sub-teams:
      <ul className={classes.lines}>
        {wide.proposal.map(({ lead, members }) => (
          <li key={lead.id}>
            <Text fz="sm">
              {lead.name} leads {members.map(({ name }) => name).join(', ')}
            </Text>
          </li>
        ))}
      </ul>
    </Hint>
  );
}
