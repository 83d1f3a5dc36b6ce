/** Answers a question, withdraws it, or gives it to somebody else. */
import { conflict, emit, invalid, notFound } from '#kernel';
import { command, userById } from '#security';
import { questionAnswered } from '../events.ts';
import { knownId } from '../links.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { lockIncident } from '../store.ts';
import type { QuestionRow } from '../tables-command.ts';

export interface SetQuestionInput {
  questionId: string;
  answer?: string | undefined;
  /** The answer is said in plain words and may be quoted to customers and executives. */
  plain?: boolean | undefined;
  withdraw?: boolean | undefined;
  ownerId?: string | undefined;
  dueAt?: Date | undefined;
}

export const setQuestion = command(
  'incidents.setQuestion',
  { allow: 'responder' },
  async (ctx, input: SetQuestionInput): Promise<QuestionRow> => {
    const asked = await ctx.db
      .selectFrom('incidents.questions')
      .select('incidentId')
      .where('id', '=', knownId('que', 'Question', input.questionId))
      .executeTakeFirst();
    if (!asked) throw notFound('Question', input.questionId);
    const incident = await lockIncident(ctx, asked.incidentId);
    const before = await ctx.db
      .selectFrom('incidents.questions')
      .selectAll()
      .where('id', '=', input.questionId)
      .executeTakeFirstOrThrow();
    refuseSecrets(ctx, { answer: input.answer });
    if (before.state !== 'open' && before.answer === input.answer) return before;
    if (before.state !== 'open') {
      throw conflict(
        `This question is ${before.state} already`,
        'incidents.questions.settled',
        'Ask a new one, or write a note.',
      );
    }
    if (input.ownerId && !(await userById(ctx, input.ownerId))?.active) {
      throw invalid('No such active person', 'incidents.questions.owner', [
        { path: 'ownerId', message: 'not an active person' },
      ]);
    }
    const state = input.answer ? 'answered' : input.withdraw ? 'withdrawn' : 'open';
    const row = await ctx.db
      .updateTable('incidents.questions')
      .set({
        state,
        answer: storable(input.answer ?? ''),
        plain: input.plain ?? false,
        ownerId: input.ownerId ?? before.ownerId,
        dueAt: input.dueAt ?? before.dueAt,
        ...(state !== 'open' && { settledAt: ctx.now, settledBy: selfOf(ctx.actor), settledByName: ctx.actor.name }),
      })
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const word = {
      answered: `Answered: ${row.text} → ${row.answer}`,
      withdrawn: `Question withdrawn: ${row.text}`,
      open: `Question passed on: ${row.text}`,
    }[state];
    await write(ctx, incident, { kind: 'question', text: word, refs: [{ kind: 'question', id: row.id }] });
    const payload = { incidentId: incident.id, key: incident.key, questionId: row.id, state };
    await emit(ctx, questionAnswered, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.before = { state: before.state, ownerId: before.ownerId };
    ctx.audit.after = { questionId: row.id, state, ownerId: row.ownerId };
    return row;
  },
);
