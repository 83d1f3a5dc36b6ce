/** The number of pages that call me and that nobody has taken. */
import { endpoints as people } from '#contract/people';
import { useQueryOf } from '../../kit/index.ts';

export function OpenPagesCount() {
  const pages = useQueryOf(people.pages, { query: { state: 'open', mine: 'true', limit: 100 } });
  const count = pages.data?.items.length ?? 0;
  return count === 0 ? null : <span aria-label={`${count} open for you`}>{count}</span>;
}
