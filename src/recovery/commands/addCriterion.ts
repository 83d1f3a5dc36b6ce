/** Adds an HTTP check that must be true through the soak. */
import { checkCel, checkUrl, conflict, type Ctx, emit, invalid, personOf } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command, systemActor } from '#security';
import { criteriaChanged } from '../events.ts';
import { expectation } from '../model.ts';
import { criteriaOf, type CriterionRow, insertCriterion } from '../store.ts';
import { wakeSampler } from '../timer.ts';
import { openPlan } from './openPlan.ts';

export interface AddCriterionInput {
  incidentId: string;
  name: string;
  url: string;
  expectStatus?: number | undefined;
  expectContains?: string | undefined;
  expectJson?: string | undefined;
}

/** More than this would only hide which of them matters. */
const MOST = 50;

export const addCriterion = command(
  'recovery.addCriterion',
  { allow: 'responder', subject: (_input: AddCriterionInput, row: CriterionRow) => row.id },
  async (ctx: Ctx, input: AddCriterionInput): Promise<CriterionRow> => {
    const incident = await incidentById(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    if (!incident.active) throw conflict(`${incident.key} is ${incident.phase}`, 'recovery.incident_active');
    checkUrl(input.url);
    const wrong = input.expectJson ? checkCel(input.expectJson) : null;
    if (wrong) {
      const message = `${wrong.message} (at character ${wrong.position + 1})`;
      throw invalid('The condition cannot be used', 'recovery.criterion.expression', [{ path: 'expectJson', message }]);
    }
    const plan = await openPlan({ ...ctx, actor: systemActor('recovery.plan') }, { incidentId: incident.id });
    if ((await criteriaOf(ctx.db, plan.id)).length >= MOST)
      throw conflict(`A plan has at most ${MOST} criteria`, 'recovery.criterion.most');
    const expected = {
      expectStatus: input.expectStatus ?? null,
      expectContains: input.expectContains ?? null,
      expectJson: input.expectJson ?? null,
    };
    const row = await insertCriterion(ctx, plan, {
      ...expected,
      name: input.name,
      kind: 'http',
      runId: null,
      url: input.url,
      expression: null,
      source: 'person',
      addedBy: personOf(ctx.actor) ?? ctx.actor.id,
    });
    ctx.audit.after = { name: input.name, url: input.url, ...expected };
    await emit(
      ctx,
      criteriaChanged,
      { incidentId: incident.id, planId: plan.id },
      { subject: plan.id, incident: incident.id },
    );
    await appendTimeline(ctx, incident.id, {
      kind: 'recovery',
      text: `Readiness criterion added: ${input.name} (${expectation(expected)})`,
    });
    await wakeSampler(ctx, plan.id);
    return row;
  },
);
