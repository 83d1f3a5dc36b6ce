/** Closes an exercise: with at least one lesson, or with the reason why there is none (M38). */
import { emit, personOf, Problem } from '#kernel';
import { command } from '#security';
import { exerciseClosed } from '../events.ts';
import { whyNotClosed } from '../model.ts';
import { exerciseKey, lessonsOf, lockExercise, saveExercise } from '../store.ts';

export const closeExercise = command(
  'drills.closeExercise',
  { allow: 'responder' },
  async (ctx, input: { id: string; noneBecause?: string | undefined }) => {
    const exercise = await lockExercise(ctx, input.id);
    const { length: lessons } = await lessonsOf(ctx, exercise.id);
    const refusal = whyNotClosed({ state: exercise.state, lessons, noneBecause: input.noneBecause });
    if (refusal) {
      throw new Problem(refusal.rule === 'drills.lessons' ? 422 : 409, refusal.title, {
        rule: refusal.rule,
        ...(refusal.rule === 'drills.lessons'
          ? { errors: [{ path: 'noneBecause', message: 'no lesson is noted: say why' }] }
          : {}),
      });
    }
    await saveExercise(ctx, exercise.id, {
      state: 'closed',
      closedAt: ctx.now,
      closedBy: personOf(ctx.actor) ?? null,
      noneBecause: lessons === 0 ? (input.noneBecause ?? null) : null,
    });
    const about = { exerciseId: exercise.id, key: exerciseKey(exercise) };
    await emit(ctx, exerciseClosed, about, { subject: exercise.id });
    ctx.audit.subject = exercise.id;
    ctx.audit.after = { lessons, noneBecause: input.noneBecause };
  },
);
