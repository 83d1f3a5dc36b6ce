/** Asks a question that somebody owns and answers by a time; what nobody knows yet is not forgotten (M20, M32b). */
import { emit, invalid, newId } from '#kernel';
import { command, userById } from '#security';
import { questionAsked } from '../events.ts';
import { isEnded, refuse } from '../lifecycle/model.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import type { RoleName } from '../roles/model.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { QuestionRow } from '../tables-command.ts';
import { giveableRole } from './assignRole.ts';

export interface AskQuestionInput {
  incidentId: string;
  text: string;
  ownerId?: string | undefined;
  ownerRole?: RoleName | undefined;
  dueAt?: Date | undefined;
}

export const askQuestion = command(
  'incidents.askQuestion',
  { allow: 'responder' },
  async (ctx, input: AskQuestionInput): Promise<QuestionRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { text: input.text });
    if (isEnded(incident.phase)) throw problemOf(refuse('incidents.phase.ended', `${incident.key} has ended`).refusal);
    const owner = input.ownerId ? await userById(ctx, input.ownerId) : undefined;
    if (input.ownerId && !owner?.active) {
      throw invalid('No such active person', 'incidents.questions.owner', [
        { path: 'ownerId', message: 'not an active person' },
      ]);
    }
    const role = input.ownerRole ? await giveableRole(ctx, input.ownerRole) : undefined;
    const row = await ctx.db
      .insertInto('incidents.questions')
      .values({
        id: newId('que'),
        incidentId: incident.id,
        text: storable(input.text),
        askedBy: selfOf(ctx.actor),
        askedByName: ctx.actor.name,
        askedAt: ctx.now,
        ownerId: owner?.id ?? null,
        ownerRole: role?.key ?? null,
        dueAt: input.dueAt ?? null,
        state: 'open',
        answer: '',
        plain: false,
        exercise: incident.exercise,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const whom = owner?.name ?? role?.title;
    await write(ctx, incident, {
      kind: 'question',
      text: `Question${whom ? ` for ${whom}` : ''}: ${row.text}`,
      refs: [{ kind: 'question', id: row.id }],
    });
    const payload = { incidentId: incident.id, key: incident.key, questionId: row.id };
    await emit(ctx, questionAsked, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.after = { questionId: row.id };
    return row;
  },
);
