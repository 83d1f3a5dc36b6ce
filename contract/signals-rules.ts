/** What crosses the wire for rules about what comes in: triage, inhibition, grouping, and what one would have changed. */
import { z } from 'zod';
import { endpoint, instant } from './core.ts';

const matcher = z.strictObject({
  name: z.string().trim().min(1).max(200),
  value: z.string().max(500),
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true),
});
const label = z.string().trim().min(1).max(200);
const severity = z.enum(['critical', 'error', 'warning', 'info']);

export const outcome = z.strictObject({
  serviceId: z.string().max(100).optional(),
  severity: severity.optional(),
  /** How people are asked, whatever the severity says. */
  urgency: z.enum(['high', 'low', 'none']).optional(),
  policyId: z.string().max(100).optional(),
  /** Nobody is asked; the alert is kept and shown with this reason. */
  suppress: z.string().trim().min(1).max(500).optional(),
  /** An expression that comes to a text: alerts with the same are one group. */
  groupBy: z.string().trim().min(1).max(1000).optional(),
  /** Declare an incident of this severity. */
  declare: z.number().int().min(1).max(4).optional(),
});
export const triageSpec = z.strictObject({
  when: z.string().trim().min(1).max(4000),
  then: outcome,
  goOn: z.boolean().optional(),
});
export const inhibitSpec = z.strictObject({
  source: z.array(matcher).min(1).max(20),
  target: z.array(matcher).min(1).max(20),
  equal: z.array(label).max(20),
});
export const groupingSpec = z.strictObject({
  integrationId: z.string().max(100).optional(),
  serviceId: z.string().max(100).optional(),
  labels: z.array(label).max(20),
  windowMinutes: z.number().min(1).max(1440),
  overSource: z.boolean().optional(),
});

const common = { name: z.string().trim().min(1).max(120), enabled: z.boolean().default(true) };
/** A rule as it is written. */
export const ruleInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('triage'), ...common, spec: triageSpec }),
  z.strictObject({ kind: z.literal('inhibit'), ...common, spec: inhibitSpec }),
  z.strictObject({ kind: z.literal('grouping'), ...common, spec: groupingSpec }),
]);
export type RuleInput = z.input<typeof ruleInput>;

export const rule = z.object({
  id: z.string(),
  kind: z.enum(['triage', 'inhibit', 'grouping']),
  name: z.string(),
  enabled: z.boolean(),
  spec: z.union([triageSpec, inhibitSpec, groupingSpec]),
  version: z.number().int(),
  /** The last time that it could not be evaluated; the alert was handled as without it. */
  failing: z.object({ error: z.string(), at: instant, count: z.number().int() }).nullable(),
  createdBy: z.string(),
  updatedAt: instant,
});
export type Rule = z.infer<typeof rule>;

export const ruleTried = z.object({
  total: z.number().int(),
  matched: z.number().int(),
  changed: z.number().int(),
  by: z.object({
    service: z.number(),
    severity: z.number(),
    urgency: z.number(),
    policy: z.number(),
    suppress: z.number(),
    group: z.number(),
    declare: z.number(),
  }),
  failed: z.number().int(),
  error: z.string().nullable(),
  examples: z.array(
    z.object({
      alertId: z.string(),
      title: z.string(),
      at: instant,
      changes: z.array(z.object({ what: z.string(), from: z.string(), to: z.string() })),
    }),
  ),
});
export type RuleTried = z.infer<typeof ruleTried>;

const byId = z.strictObject({ id: z.string().min(1).max(100) });

export const ruleEndpoints = {
  listRules: endpoint({
    id: 'signals.listRules',
    method: 'GET',
    path: '/api/v1/alert-rules',
    summary: 'Rules about what comes in, in their order',
    access: 'read',
    response: z.object({ items: z.array(rule) }),
  }),
  createRule: endpoint({
    id: 'signals.createRule',
    method: 'POST',
    path: '/api/v1/alert-rules',
    summary: 'Add a rule behind the others of its kind; it holds from the next alert on',
    access: 'signals.saveRule',
    body: ruleInput,
    response: rule,
    status: 201,
  }),
  saveRule: endpoint({
    id: 'signals.saveRule',
    method: 'PUT',
    path: '/api/v1/alert-rules/:id',
    summary: 'Change a rule',
    access: 'signals.saveRule',
    params: byId,
    body: z.strictObject({ version: z.number().int().optional(), rule: ruleInput }),
    response: rule,
  }),
  removeRule: endpoint({
    id: 'signals.removeRule',
    method: 'DELETE',
    path: '/api/v1/alert-rules/:id',
    summary: 'Remove a rule',
    access: 'signals.removeRule',
    params: byId,
    response: z.object({ id: z.string() }),
  }),
  orderRules: endpoint({
    id: 'signals.orderRules',
    method: 'POST',
    path: '/api/v1/alert-rules/order',
    summary: 'Put the rules of one kind into an order; the first that matches decides',
    access: 'signals.orderRules',
    body: z.strictObject({
      kind: z.enum(['triage', 'inhibit', 'grouping']),
      ids: z.array(z.string().max(100)).max(300),
    }),
    response: z.object({ items: z.array(rule) }),
  }),
  tryRule: endpoint({
    id: 'signals.tryRule',
    method: 'POST',
    path: '/api/v1/alert-rules/try',
    summary: 'What a triage rule would have changed in the last week; nothing is kept',
    access: 'signals.saveRule',
    body: z.strictObject({
      /** Of the rule it would replace; at the end when absent. */
      id: z.string().max(100).optional(),
      spec: triageSpec,
    }),
    response: ruleTried,
  }),
};
