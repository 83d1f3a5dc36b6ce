/** Drills: practice over the real path, marked from the first row to the last, and what was learned from it. */
import { defineModule } from '#kernel';
import { abortExercise } from './commands/abortExercise.ts';
import { closeExercise } from './commands/closeExercise.ts';
import { deliverInject } from './commands/deliverInject.ts';
import { endExercise } from './commands/endExercise.ts';
import { noteLesson } from './commands/noteLesson.ts';
import { recordSweep } from './commands/recordSweep.ts';
import { startExercise } from './commands/startExercise.ts';
import { events } from './events.ts';
import { reactions } from './reactions.ts';
import { routes } from './routes.ts';
import { sweepUp } from './sweep.ts';
import { deliverLater, endOfWindow } from './jobs.ts';

export { abortExercise, closeExercise, endExercise, noteLesson, startExercise };
export { exerciseById, listExercises } from './queries.ts';

export const module = defineModule({
  name: 'drills',
  commands: [startExercise, deliverInject, endExercise, abortExercise, recordSweep, noteLesson, closeExercise],
  events,
  reactions,
  jobs: [deliverLater, endOfWindow, sweepUp],
  routes,
});
