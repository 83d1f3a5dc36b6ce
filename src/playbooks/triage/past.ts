/** Past incidents as evidence: what one was, how alike it is, and what ended it. Pure. */
import { ALIKE, type Situation, type Suggestion } from './situation.ts';

/** What ended the most alike incident of which anything is known. */
export function bestFix({ past }: Situation): Suggestion[] {
  const known = past.filter(({ score, cause, actions }) => score >= ALIKE && (cause !== null || actions.length > 0));
  const best = known.toSorted((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))[0];
  if (!best) return [];
  const { id, key, cause, actions, restoredAfterSeconds } = best;
  const again = known.filter((one) => one !== best && one.cause !== null && one.cause === cause);
  const reasons = [
    ...best.reasons.slice(0, 3),
    ...(again.length > 0 ? [`${again.map((one) => one.key).join(', ')} had the same cause`] : []),
    ...(restoredAfterSeconds === null
      ? []
      : [`${key} was over after ${Math.max(1, Math.round(restoredAfterSeconds / 60))} min`]),
  ];
  return [
    {
      kind: 'fix',
      value: id,
      label: `As in ${key}: ${actions.at(-1) ?? cause ?? ''}`.slice(0, 300),
      score: Math.round(100 * best.score),
      reasons,
      detail: { key, cause, actions },
    },
  ];
}
