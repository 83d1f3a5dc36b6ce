/** While an exercise runs everybody sees it, on every page, with the way to stop it. */
import { endpoints as drills } from '#contract/drills';
import { Hint, TextLink, useQueryOf, When } from '../../kit/index.ts';

export function RunningBanner() {
  const exercises = useQueryOf(drills.listExercises, { query: { limit: 10 } });
  const running = exercises.data?.items.filter((exercise) => exercise.state === 'running') ?? [];
  if (running.length === 0) return null;
  return (
    <aside aria-label="Running exercises">
      {running.map((exercise) => (
        <Hint key={exercise.id} tone="exercise" title="EXERCISE">
          <TextLink to={`/drills/${exercise.id}`}>
            {exercise.key} {exercise.title}
          </TextLink>{' '}
          runs on {exercise.service?.name ?? 'no service'} until <When at={exercise.endsBy} />. Alerts marked as
          exercise are practice; anything real comes first.
        </Hint>
      ))}
    </aside>
  );
}
