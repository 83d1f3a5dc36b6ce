/** Every lint rule of domain.md 3.3 with a fixture that it hits, at its place, and a near miss that it lets pass. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlaybook } from './parse.ts';

const file = (name: string) => readFileSync(new URL(`../library/${name}.yaml`, import.meta.url), 'utf8');
const payment = file('payment-provider-latency');
const orders = file('orders-db-primary-failure');
const today = new Date('2026-05-01T00:00:00Z');

/** The source with one piece of text replaced; a fixture whose piece is not there is no fixture. */
function change(source: string, from: string | RegExp, to: string): string {
  const changed = source.replace(from, to);
  if (changed === source) throw new Error(`the fixture has no ${String(from)}`);
  return changed;
}
const in_ = (source: string) => (from: string | RegExp, to: string) => change(source, from, to);
const inPayment = in_(payment);
const inOrders = in_(orders);
const manualStep = (extra: string) =>
  inPayment(
    / {2}containment:\n/,
    `  containment:\n    - { id: extra, type: manual, role: operations_lead, ${extra} }\n`,
  );

interface Case {
  /** What the rule catches. */
  hit: string;
  /** Almost the same, and fine. */
  miss: string;
  /** What the line of the problem contains. */
  at: string;
}
const cases: Record<string, Case> = {
  PB01: {
    hit: inPayment('  review:', '  reviews: {}\n  review:'),
    miss: inPayment(/ {2}review:/, '  # reviews\n  review:'),
    at: 'reviews: {}',
  },
  'PB01 a required block': {
    hit: inPayment(/ {2}rollback_plan:[\s\S]*?\n(?= {2}recovery:)/, ''),
    miss: inPayment('kind: Playbook', 'kind: Runbook'),
    at: 'spec:',
  },
  PB02: {
    hit: manualStep('timebox: 5m, text: x }').replace('id: extra', 'id: cap_retries').replace(' } }', ' }'),
    miss: manualStep('timebox: 5m, text: x'),
    at: 'id: cap_retries',
  },
  'PB02 a reference': {
    hit: inPayment('mode: deferred_capture', 'mode: deferred_captures'),
    miss: inPayment('role: vendor_manager', 'role: payments'),
    at: 'mode: deferred_captures',
  },
  PB03: {
    hit: inPayment('expr: probe.retry_ratio.value <= 0.1', 'expr: probe.retry_rate.value <= 0.1'),
    miss: inPayment('expr: probe.retry_ratio.value <= 0.1', 'expr: probe.own_p95_ms.value <= 0.1'),
    at: 'probe.retry_rate',
  },
  'PB03 a syntax error': {
    hit: inPayment('expr: probe.retry_ratio.value <= 0.1', "expr: 'probe.retry_ratio.value <= '"),
    miss: inPayment('expr: probe.retry_ratio.value <= 0.1', "expr: 'probe.retry_ratio.value <= 0.2'"),
    at: 'probe.retry_ratio.value <= ',
  },
  PB04: {
    hit: inPayment(/A: operations_lead, C: \[payments\]/, 'A: [operations_lead, payments], C: [payments]'),
    miss: inPayment(/A: operations_lead, C: \[payments\]/, 'A: finance, C: [payments]'),
    at: 'vendor_escalation',
  },
  'PB04 a role that does not exist': {
    hit: inPayment('R: [vendor_manager]', 'R: [wizard]'),
    miss: inPayment('R: [vendor_manager]', 'R: [support]'),
    at: 'vendor_escalation',
  },
  PB05: {
    hit: inPayment(/ +verify: \{ expr: probe\.retry_ratio[^\n]*\n/, ''),
    miss: inPayment('within: 3m', 'within: 4m'),
    at: 'id: cap_retries',
  },
  PB06: {
    hit: inOrders(/(action: postgres\.promote\s+autonomy: )approve/, '$1veto'),
    miss: inOrders(/(action: postgres\.promote\s+autonomy: )approve/, '$1suggest'),
    at: 'autonomy: veto',
  },
  'PB06 blind retries': {
    hit: inOrders('retry: { max_attempts: 1 }', 'retry: { max_attempts: 2 }'),
    miss: inOrders('retry: { max_attempts: 1 }', 'retry: { max_attempts: 1, base: 2s }'),
    at: 'max_attempts: 2',
  },
  PB07: {
    hit: inOrders(/ +undo_note: Promotion[^\n]*\n/, ''),
    miss: inOrders('Promotion cannot be undone', 'It cannot be undone'),
    at: 'id: promote',
  },
  PB08: {
    hit: inPayment(/ +- \{ for: \[compensable\][^\n]*\n/, ''),
    miss: inPayment('for: [compensable]', 'for: [compensable, reversible]'),
    at: 'class: compensable',
  },
  PB09: {
    hit: inPayment(/ +ordering: per_order\n/, ''),
    miss: inPayment('ordering: per_order', 'ordering: none'),
    at: 'data_integrity:',
  },
  PB10: {
    hit: inPayment(/ +marks: contained\n/, ''),
    miss: inPayment('marks: contained', 'marks: contained # here'),
    at: 'containment:',
  },
  PB11: {
    hit: inPayment('blocks: [p10, p50, p100, drain, restored]', 'blocks: [p10, p51]'),
    miss: inPayment('blocks: [p10, p50, p100, drain, restored]', 'blocks: [p10, p50]'),
    at: 'p51',
  },
  PB12: {
    hit: inPayment(/ {4}customer:\n(?: {6}-[^\n]*\n)+/, ''),
    miss: inPayment(
      / {4}customer:\n(?: {6}-[^\n]*\n)+/,
      '    stakeholders:\n      - { to: [legal], template: partner_notice }\n',
    ),
    at: 'communications:',
  },
  PB13: {
    hit: inPayment(/,\n +objective: o4|, objective: o4/, ''),
    miss: inPayment('fallback_ok_ratio: 0.93', 'fallback_ok_ratio: 0.9'),
    at: 'id: o4',
  },
  'PB13 an unknown probe': {
    hit: inPayment('set: { fallback_ok_ratio: 0.93 }', 'set: { fallback_ratio: 0.93 }'),
    miss: inPayment('set: { fallback_ok_ratio: 0.93 }', 'set: { timeout_ratio: 0.93 }'),
    at: 'fallback_ratio',
  },
  PB14: {
    hit: inPayment(/ {2}drill:[\s\S]*?\n(?= {2}review:)/, ''),
    miss: change(inPayment(/ {2}drill:[\s\S]*?\n(?= {2}review:)/, ''), 'tier: 1', 'tier: 2'),
    at: 'spec:',
  },
  PB15: {
    hit: inPayment('  triggers:', '    idle: { provider: tcp, target: "a:1" }\n\n  triggers:'),
    miss: inPayment('  triggers:', '    # idle\n\n  triggers:'),
    at: 'idle:',
  },
  'PB15 a trigger without probe': {
    hit: inPayment(/when: probe\.vendor_status[^\n]*/, 'when: incident.severity == 1'),
    miss: inPayment(/when: probe\.vendor_status[^\n]*/, 'when: probe.vendor_status.value == "major"'),
    at: 'when: incident.severity == 1',
  },
  PB16: {
    hit: inPayment(/ +- \{ sev: 3, when: 'true' \}\n/, ''),
    miss: inPayment("{ sev: 3, when: 'true' }", "{ sev: 4, when: 'true' }"),
    at: 'severity:',
  },
  PB17: { hit: manualStep('text: Look'), miss: manualStep('timebox: 5m, text: Look'), at: 'id: extra' },
  'PB17 a long text': {
    hit: manualStep(`timebox: 5m, text: ${'x'.repeat(241)}`),
    miss: manualStep(`timebox: 5m, text: ${'x'.repeat(240)}`),
    at: 'id: extra',
  },
  'PB17 many steps before containment': {
    hit: change(
      manualStep('timebox: 5m, text: Look'),
      '    - { id: extra',
      '    - { id: more, type: manual, role: support, timebox: 5m, text: x }\n    - { id: extra',
    ),
    miss: manualStep('timebox: 5m, text: Look'),
    at: 'containment:',
  },
  PB18: {
    hit: inPayment(/reviewBy: \S+/, 'reviewBy: 2026-04-01'),
    miss: inPayment(/reviewBy: \S+/, 'reviewBy: 2026-10-01'),
    at: 'reviewBy',
  },
  'PB18 too far away': {
    hit: inPayment(/reviewBy: \S+/, 'reviewBy: 2026-12-01'),
    miss: inPayment(/reviewBy: \S+/, 'reviewBy: 2026-05-01'),
    at: 'reviewBy',
  },
  PB19: {
    hit: inPayment(/impact: Some card[^\n]*/, 'impact: The Kubernetes pods of our backend are in CrashLoopBackOff.'),
    miss: inPayment(/impact: Some card[^\n]*/, 'impact: Some card payments do not complete.'),
    at: 'impact:',
  },
  PB20: {
    hit: inPayment(/ +cooldown: [^\n]*\n/, ''),
    miss: inPayment(/cooldown: \{ per_target: 10m/, 'cooldown: { per_target: 1m'),
    at: 'triggers:',
  },
  'PB20 a loop': {
    hit: inPayment('if: probe.timeout_ratio.value > 0.1', "if: decision.use_fallback == 'shift'"),
    miss: inPayment('if: probe.timeout_ratio.value > 0.1', 'if: probe.timeout_ratio.value > 0.2'),
    at: 'id: open_breaker',
  },
};

test.each(Object.entries(cases))(
  '%s hits its fixture at its place, and lets the near miss pass',
  (name, { hit, miss, at }) => {
    const rule = name.split(' ')[0]!;
    const found = parsePlaybook(hit, today).problems.filter((one) => one.rule === rule);
    expect(found.map((one) => hit.split('\n')[one.line - 1])).toEqual(
      expect.arrayContaining([expect.stringContaining(at)]),
    );
    expect(
      parsePlaybook(miss, today).problems.filter(
        (one) => one.rule === rule && name !== 'PB17 many steps before containment',
      ),
    ).toEqual([]);
  },
);

test('all twenty rules have their fixtures, and each level is as the format says', () => {
  const rules = new Set(Object.keys(cases).map((name) => name.split(' ')[0]!));
  expect([...rules].sort()).toEqual(Array.from({ length: 20 }, (_, n) => `PB${String(n + 1).padStart(2, '0')}`));
  for (const [name, { hit }] of Object.entries(cases)) {
    const rule = name.split(' ')[0]!;
    const levels = new Set(
      parsePlaybook(hit, today)
        .problems.filter((one) => one.rule === rule)
        .map((one) => one.level),
    );
    expect([name, ...levels]).toEqual([name, ['PB17', 'PB18', 'PB19'].includes(rule) ? 'warning' : 'error']);
  }
});

test('a plan without roles, without anybody who is told, or with a degraded mode without its contract is not approved', () => {
  const errors = (source: string) =>
    parsePlaybook(source, today)
      .problems.filter((one) => one.level === 'error')
      .map((one) => one.rule);
  expect(errors(inPayment(/required: \[incident_commander[^\n]*/, 'required: []'))).toContain('PB04');
  expect(errors(cases.PB12!.hit)).toContain('PB12');
  expect(errors(cases.PB09!.hit)).toContain('PB09');
  expect(errors(payment)).toEqual([]);
});
