/** PB05–PB10, PB12, PB14, PB16–PB19: what an action must say, what a plan must have, and what is worth a second look. Pure. */
import { lintText } from '#contract/comms-lint/index';
import type { ActionStep, Playbook } from '../schema.ts';
import { placedSteps, type Rule, type Say } from './say.ts';

export const actions: Rule = (playbook, say) => {
  for (const { step, path } of placedSteps(playbook)) if (step.type === 'action') actionStep(playbook, step, path, say);
};

function actionStep(playbook: Playbook, step: ActionStep, path: PropertyKey[], say: Say): void {
  const lacks = (['verify', 'timeout', 'idempotency_key', 'manual'] as const).filter(
    (field) => step[field] === undefined,
  );
  if (lacks.length > 0) say('PB05', path, `the action has no ${lacks.join(', no ')}`);
  const risk = step.risk.class;
  if (risk === 'irreversible' && (step.autonomy === 'veto' || step.autonomy === 'auto'))
    say('PB06', [...path, 'autonomy'], 'an irreversible action is never above "approve"');
  if (risk === 'irreversible' && (step.retry?.max_attempts ?? 1) > 1)
    say('PB06', [...path, 'retry'], 'an irreversible action is never retried blindly');
  if (risk === 'compensable' && step.autonomy === 'auto')
    say('PB06', [...path, 'autonomy'], 'a compensable action is never above "veto"');
  if ((step.undo === undefined || step.undo === 'none') && !step.undo_note)
    say('PB07', path, 'say how to undo it (undo), or why that cannot be done (undo_note)');
  const ruled = playbook.spec.guardrails.approvals.some((one) => one.for.includes(risk));
  if (risk !== 'reversible' && !ruled)
    say('PB08', [...path, 'risk', 'class'], `guardrails.approvals has no rule for ${risk} actions`);
}

const CONTRACT = ['writes', 'reads', 'ordering', 'idempotency', 'precheck', 'invariants', 'reconcile'] as const;

/** PB09: going degraded must say how data stays right. */
export const degraded: Rule = ({ spec }, say) => {
  for (const [index, mode] of spec.degraded_modes.entries()) {
    const lacks = CONTRACT.filter((field) => {
      const value = mode.data_integrity?.[field];
      return value === undefined || (Array.isArray(value) && value.length === 0);
    });
    if (lacks.length > 0)
      say(
        'PB09',
        ['spec', 'degraded_modes', index, 'data_integrity'],
        `the integrity contract lacks ${lacks.join(', ')}`,
      );
  }
};

/** PB10, PB12, PB14, PB16: what a playbook for a situation must have. A runbook is steps only. */
export const whole: Rule = (playbook, say) => {
  if (playbook.kind === 'Runbook') return;
  const { spec, metadata } = playbook;
  const steps = placedSteps(playbook);
  if (!steps.some(({ step, block }) => block === 'containment' && step.type === 'check' && step.marks === 'contained'))
    say('PB10', ['spec', 'containment'], 'no step marks "contained": add a check with marks: contained');
  if (spec.communications.stakeholders.length === 0 && spec.communications.customer.length === 0)
    say('PB12', ['spec', 'communications'], 'nobody is told: add a stakeholder or customer rule');
  if (metadata.tier === 1 && !spec.drill)
    say('PB14', ['spec'], 'a playbook for tier 1 has a drill: add the block drill');
  if (spec.severity.at(-1)?.when.trim() !== 'true')
    say('PB16', ['spec', 'severity'], 'the last severity rule is "true", so that one always fits');
};

/** PB17: long plans are not read at three in the morning. */
export const length: Rule = (playbook, say) => {
  const steps = placedSteps(playbook).filter(({ step }) => step.type !== 'parallel');
  const containment = steps.filter(({ block }) => block === 'containment');
  const marks = containment.findIndex(({ step }) => step.type === 'check' && step.marks === 'contained');
  if (marks > 7) say('PB17', ['spec', 'containment'], 'more than 7 steps before containment', 'warning');
  if (steps.length > 30) say('PB17', ['spec'], `${steps.length} steps: more than 30 are not followed`, 'warning');
  for (const { step, path } of steps) {
    if (step.type === 'manual' && !step.timebox) say('PB17', path, 'a manual step should have a timebox', 'warning');
    const text = step.type === 'manual' ? step.text : step.type === 'action' ? (step.manual ?? '') : '';
    const field = step.type === 'manual' ? 'text' : 'manual';
    if (text.length > 240) say('PB17', [...path, field], 'over 240 characters: split it into two steps', 'warning');
  }
};

/** PB18: a plan nobody has looked at for half a year is a guess. */
export const reviewDate: Rule = ({ metadata }, say, today) => {
  if (!metadata.reviewBy || !today) return;
  const days = (Date.parse(metadata.reviewBy) - today.getTime()) / 86_400_000;
  const path = ['metadata', 'reviewBy'];
  if (days < -1) say('PB18', path, 'the review date is past: read it again and set a new one', 'warning');
  if (days > 180) say('PB18', path, 'the review date is over 180 days away', 'warning');
};

/** PB19: the facts go to customers, so they must read like something for customers. */
export const facts: Rule = ({ spec }, say) => {
  for (const field of ['impact', 'protection', 'customer_actions'] as const) {
    const text = spec.communications.facts[field];
    if (!text) continue;
    for (const mark of lintText(text, { audience: 'public' }))
      say(
        'PB19',
        ['spec', 'communications', 'facts', field],
        `${mark.rule}${mark.words && ` ("${mark.words}")`}: ${mark.reason}`,
        'warning',
      );
  }
};
