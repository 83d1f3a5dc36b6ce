/** Keeps one thing an exercise taught. What should change becomes a proposed improvement at once. */
import { conflict, emit, personOf } from '#kernel';
import { proposeAction } from '#learning';
import { command } from '#security';
import { lessonRecorded } from '../events.ts';
import { exerciseKey, insertLesson, type LessonRow, lockExercise } from '../store.ts';

export const noteLesson = command(
  'drills.noteLesson',
  { allow: 'responder' },
  async (ctx, input: { id: string; kind: LessonRow['kind']; text: string }) => {
    const exercise = await lockExercise(ctx, input.id);
    const key = exerciseKey(exercise);
    if (exercise.state === 'closed') throw conflict(`${key} is closed`, 'drills.close.closed');
    const notedBy = personOf(ctx.actor);
    if (!notedBy) throw conflict('A lesson is noted by a person', 'drills.lesson.person');
    await insertLesson(ctx, { exerciseId: exercise.id, kind: input.kind, text: input.text, notedBy });
    if (input.kind === 'change') {
      await proposeAction(ctx, { title: input.text.slice(0, 300), detail: `Learned in ${key}: ${exercise.title}` });
    }
    await emit(ctx, lessonRecorded, { exerciseId: exercise.id, key }, { subject: exercise.id });
    ctx.audit.subject = exercise.id;
    ctx.audit.after = { kind: input.kind };
  },
);
