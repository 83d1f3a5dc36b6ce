/** How many incidents are under way, beside the word in the navigation. */
import { endpoints as incidents } from '#contract/incidents';
import { useQueryOf } from '../../kit/index.ts';

export function ActiveCount() {
  const { data } = useQueryOf(incidents.list, { query: { state: 'active', exercise: 'without', limit: 20 } });
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return <span aria-label={`${count} under way`}>{count < 20 ? count : '20+'}</span>;
}
