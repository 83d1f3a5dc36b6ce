/** How many alert groups nobody has yet, beside "Alerts" in the navigation. */
import { Badge } from '@mantine/core';
import { endpoints as signals } from '#contract/signals';
import { useQueryOf } from '../../kit/index.ts';

export function OpenAlertsCount() {
  const { data } = useQueryOf(signals.listGroups, {
    query: { state: 'open', exercise: 'false', top: 'true', limit: 100 },
  });
  const count = data?.items.filter((group) => !group.test).length ?? 0;
  if (count === 0) return null;
  return (
    <Badge size="sm" circle={count < 10} color="red" aria-label={`${count} open`}>
      {count === 100 ? '99+' : count}
    </Badge>
  );
}
