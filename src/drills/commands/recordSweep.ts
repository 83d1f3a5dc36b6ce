/** Keeps what the sweep after an exercise found, for everybody to see. */
import { emit, json } from '#kernel';
import { command } from '#security';
import { exerciseSwept } from '../events.ts';
import type { SweepResult } from '../model.ts';
import { exerciseKey, lockExercise, saveExercise } from '../store.ts';

export const recordSweep = command(
  'drills.recordSweep',
  { allow: 'internal' },
  async (ctx, input: { id: string; result: SweepResult }) => {
    const exercise = await lockExercise(ctx, input.id);
    ctx.audit.subject = exercise.id;
    // A second run after a crash finds less than the first: what was found is added up, never forgotten.
    const found = [...(exercise.sweep?.found ?? []), ...input.result.found];
    await saveExercise(ctx, exercise.id, { sweep: json({ clean: input.result.clean, found }) });
    const about = { exerciseId: exercise.id, key: exerciseKey(exercise), clean: input.result.clean };
    await emit(ctx, exerciseSwept, about, { subject: exercise.id });
    ctx.audit.after = { clean: input.result.clean, found: found.length };
  },
);
