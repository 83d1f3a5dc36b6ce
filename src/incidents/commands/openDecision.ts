/** Puts a decision on the table: the question, its options and when each is right, who decides and by when. */
import { emit, invalid, json, newId } from '#kernel';
import { command, userById } from '#security';
import { wrongWith } from '../decisions/facts.ts';
import { decisionRequested } from '../events.ts';
import { isEnded, refuse } from '../lifecycle/model.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { Option, PointRow } from '../tables-command.ts';

export interface OpenDecisionInput {
  incidentId: string;
  question: string;
  options: { text: string; when?: string | undefined }[];
  ownerId?: string | undefined;
  dueAt?: Date | undefined;
}

export const openDecision = command(
  'incidents.openDecision',
  { allow: 'responder' },
  async (ctx, input: OpenDecisionInput): Promise<PointRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (isEnded(incident.phase)) throw problemOf(refuse('incidents.phase.ended', `${incident.key} has ended`).refusal);
    refuseSecrets(ctx, { question: input.question, options: input.options.map(({ text }) => text).join('\n') });
    const errors = input.options.flatMap(({ when }, i) => {
      const wrong = when ? wrongWith(when) : null;
      return wrong ? [{ path: `options.${i}.when`, message: wrong }] : [];
    });
    if (errors.length > 0) throw invalid('A condition cannot be read', 'incidents.decisions.condition', errors);
    const owner = input.ownerId ? await userById(ctx, input.ownerId) : undefined;
    if (input.ownerId && !owner?.active) {
      throw invalid('No such active person', 'incidents.decisions.owner', [
        { path: 'ownerId', message: 'not an active person' },
      ]);
    }
    const options: Option[] = input.options.map(({ text, when }) => ({ text: storable(text), when: when || null }));
    const row = await ctx.db
      .insertInto('incidents.decisionPoints')
      .values({
        id: newId('dpt'),
        incidentId: incident.id,
        question: storable(input.question),
        options: json(options),
        ownerId: owner?.id ?? null,
        dueAt: input.dueAt ?? null,
        state: 'open',
        openedBy: selfOf(ctx.actor),
        openedByName: ctx.actor.name,
        openedAt: ctx.now,
        exercise: incident.exercise,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await write(ctx, incident, {
      kind: 'decision',
      text: `To decide${owner ? `, by ${owner.name}` : ''}: ${row.question} (${options.map(({ text }) => text).join(' / ')})`,
      refs: [{ kind: 'decision_point', id: row.id }],
    });
    const payload = { incidentId: incident.id, key: incident.key, pointId: row.id };
    await emit(ctx, decisionRequested, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.after = { pointId: row.id };
    return row;
  },
);
