/** Tells the players by mail: that it begins, what happens in the story, that it is over. The channel adds the marks. */
import { send } from '#channels';
import { type Ctx, config } from '#kernel';
import { userById } from '#security';
import { type ExerciseRow, exerciseKey, playersOf } from './store.ts';

/** One mail to each player and the facilitator; `occasion` makes sure that the same thing is told once. */
export async function tellPlayers(ctx: Ctx, exercise: ExerciseRow, occasion: string, subject: string, text: string) {
  const ids = new Set([exercise.facilitatorId, ...(await playersOf(ctx, exercise.id))]);
  for (const id of ids) {
    const user = await userById(ctx, id);
    if (!user?.active) continue;
    const key = `exercise:${exercise.id}:${occasion}:${id}`;
    const link = `${config.publicUrl}/drills/${exercise.id}`;
    const message = { subject: `${exerciseKey(exercise)}: ${subject}`, text: `${text}\n\n${link}\n` };
    await send(ctx, { channel: 'email', to: user.email, message, purpose: 'internal', ref: exercise.id, key });
  }
}
