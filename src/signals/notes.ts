/** What people wrote on an alert where it came from, kept with the alert. */
import { type Ctx, newId, sha256hex } from '#kernel';

export interface NewNote {
  key: string;
  fingerprint?: string;
  text: string;
  author: string;
}

/** Keeps notes on the newest alert of each key. A note on an alert that is not known goes nowhere. */
export async function saveNotes(ctx: Ctx, integrationId: string, notes: NewNote[]): Promise<void> {
  for (const note of notes) {
    const alert = await ctx.db
      .selectFrom('signals.alerts')
      .select('id')
      .where('integrationId', '=', integrationId)
      .where('fingerprint', '=', note.fingerprint ?? sha256hex(note.key))
      .where('exercise', '=', ctx.exercise)
      .orderBy('firstAt', 'desc')
      .executeTakeFirst();
    if (!alert) continue;
    await ctx.db
      .insertInto('signals.alertNotes')
      .values({
        id: newId('not'),
        alertId: alert.id,
        text: note.text.slice(0, 25_000),
        author: note.author.slice(0, 255),
        at: ctx.now,
        exercise: ctx.exercise,
      })
      .execute();
  }
}

/** Notes of an alert, oldest first. */
export const notesOf = (ctx: Pick<Ctx, 'db'>, alertId: string) =>
  ctx.db.selectFrom('signals.alertNotes').selectAll().where('alertId', '=', alertId).orderBy('at').limit(200).execute();
