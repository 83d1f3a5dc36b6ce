/** The rules of alerts and groups as tables, and as properties over random sequences of events. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absorb,
  type Alert,
  applyEvent,
  type Effect,
  effectOf,
  FLAP_WINDOW_MS,
  type Group,
  type NormalEvent,
  rises,
  type Severity,
  SEVERITIES,
  settle,
  severityOf,
  STOP_GRACE_MS,
  urgencyOf,
} from './model.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms);
const event = (action: NormalEvent['action'], severity: Severity = 'error'): NormalEvent => ({
  action,
  severity,
  key: 'k',
  title: 't',
  description: '',
  source: '',
  service: null,
  labels: {},
  details: {},
  links: [],
  startedAt: null,
  endedAt: null,
  group: null,
  marks: [],
});
const group = (more: Partial<Group> = {}): Group => ({
  id: 'grp',
  integrationId: 'int',
  groupKey: 'g',
  windowed: false,
  serviceId: null,
  title: 't',
  severity: 'error',
  state: 'open',
  alertCount: 1,
  firingCount: 1,
  eventCount: 1,
  flaps: 0,
  firstAt: at(0),
  lastAt: at(0),
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgedVia: null,
  resolvedAt: null,
  resolvedBy: null,
  incidentId: null,
  incidentKey: null,
  pageId: null,
  suppressedBy: null,
  startedAt: null,
  correlationId: null,
  held: null,
  routed: null,
  test: false,
  exercise: false,
  ...more,
});
const alert = (more: Partial<Alert> = {}): Alert => ({
  id: 'alr',
  integrationId: 'int',
  dedupKey: 'k',
  fingerprint: 'f',
  groupId: 'grp',
  serviceId: null,
  title: 't',
  severity: 'error',
  state: 'firing',
  description: '',
  source: '',
  labels: {},
  details: {},
  links: [],
  marks: [],
  count: 1,
  flaps: 0,
  firstAt: at(0),
  lastAt: at(0),
  resolvedAt: null,
  resolvedBy: null,
  startedAt: null,
  endedAt: null,
  expiresAt: null,
  lastSignalId: 's',
  test: false,
  exercise: false,
  ...more,
});

describe('an event', () => {
  const resolvedBySource = alert({ state: 'resolved', resolvedAt: at(0), resolvedBy: 'source' });
  it.each([
    ['trigger', undefined, 0, 'opened'],
    ['trigger', alert(), 0, 'repeated'],
    ['trigger', resolvedBySource, FLAP_WINDOW_MS - 1, 'reopened'],
    ['trigger', resolvedBySource, FLAP_WINDOW_MS, 'opened'],
    ['trigger', { ...resolvedBySource, resolvedBy: 'person' as const }, 1000, 'opened'],
    ['resolve', undefined, 0, 'nothing'],
    ['resolve', resolvedBySource, 0, 'nothing'],
    ['resolve', alert(), 0, 'resolved'],
    ['acknowledge', undefined, 0, 'nothing'],
    ['acknowledge', alert(), 0, 'acknowledged'],
  ] as const)('%s on %j after %d ms: %s (%s)', (action, known, ms, effect) => {
    expect(effectOf({ action }, known, at(ms))).toBe(effect);
  });

  it.each([
    ['critical', 'critical'],
    ['CRITICAL ', 'critical'],
    ['page', 'critical'],
    ['P2', 'error'],
    ['warn', 'warning'],
    ['none', 'info'],
    ['', null],
    ['banana', null],
    [undefined, null],
  ] as const)('of severity %j counts as %j', (word, severity) => expect(severityOf(word)).toBe(severity));

  it('is asked about by its severity', () => {
    expect(SEVERITIES.map(urgencyOf)).toEqual(['high', 'high', 'low', null]);
    expect(rises('warning', 'error')).toBe(true);
    expect(rises('error', 'critical')).toBe(false);
    expect(rises('info', 'warning')).toBe(true);
  });
});

describe('a group', () => {
  const turn = (before: Group | undefined, after: Group, acknowledged = false, ms = 0) =>
    settle(before, after, acknowledged, at(ms));

  it('opens, is acknowledged once, and resolves when nothing fires any more', () => {
    expect(turn(undefined, group()).turn).toBe('opened');
    expect(turn(group(), group(), true)).toMatchObject({
      turn: 'acknowledged',
      group: { state: 'acknowledged', acknowledgedVia: 'source' },
    });
    expect(
      turn(
        group({ state: 'acknowledged', acknowledgedAt: at(0) }),
        group({ state: 'acknowledged', acknowledgedAt: at(0) }),
        true,
      ).turn,
    ).toBe('unchanged');
    expect(turn(group(), group({ firingCount: 0 }))).toMatchObject({
      turn: 'resolved',
      group: { state: 'resolved', resolvedBy: 'source' },
    });
  });

  it('that flaps waits for a quiet window before it resolves', () => {
    expect(turn(group({ flaps: 3 }), group({ flaps: 3, firingCount: 0 }))).toMatchObject({
      turn: 'resolve_held',
      group: { state: 'open' },
    });
  });

  it('whose urgency rises is open again for everybody, whoever had it', () => {
    const before = group({ severity: 'warning', state: 'acknowledged', acknowledgedAt: at(0), acknowledgedBy: 'usr' });
    expect(turn(before, { ...before, severity: 'critical' })).toMatchObject({
      turn: 'worse',
      group: { state: 'open', acknowledgedBy: null },
    });
  });

  it('that comes back within the grace keeps who has it; later it asks anew', () => {
    const before = group({
      state: 'resolved',
      resolvedAt: at(0),
      resolvedBy: 'source',
      acknowledgedAt: at(0),
      acknowledgedBy: 'usr',
      firingCount: 0,
    });
    expect(turn(before, { ...before, firingCount: 1 }, false, STOP_GRACE_MS - 1)).toMatchObject({
      turn: 'reopened',
      group: { state: 'acknowledged', acknowledgedBy: 'usr' },
    });
    expect(turn(before, { ...before, firingCount: 1 }, false, STOP_GRACE_MS)).toMatchObject({
      turn: 'reopened',
      group: { state: 'open', acknowledgedBy: null },
    });
  });

  it('counts exactly, whatever the order of events and times', () => {
    const step = fc.record({
      action: fc.constantFrom('trigger' as const, 'resolve' as const, 'acknowledge' as const),
      wait: fc.integer({ min: 0, max: 2 * FLAP_WINDOW_MS }),
      severity: fc.constantFrom(...SEVERITIES),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const alerts: Alert[] = [];
        let own = group({ alertCount: 0, firingCount: 0, eventCount: 0, severity: 'info' });
        let ms = 0;
        for (const { action, wait, severity } of steps) {
          ms += wait;
          const known = alerts.at(-1);
          const effect: Effect = effectOf({ action }, known, at(ms));
          const next =
            effect === 'opened'
              ? alert({ severity })
              : known && applyEvent(known, event(action, severity), effect, 's', at(ms));
          if (!next) continue;
          if (effect === 'opened') alerts.push(next);
          else alerts[alerts.length - 1] = next;
          own = absorb(own, effect, next, at(ms));
        }
        expect(own.alertCount).toBe(alerts.length);
        expect(own.firingCount).toBe(alerts.filter((one) => one.state === 'firing').length);
        expect(own.eventCount).toBe(steps.filter(({ action }) => action === 'trigger').length);
        expect(own.eventCount).toBe(alerts.reduce((sum, one) => sum + one.count, 0));
        expect(own.flaps).toBe(alerts.reduce((sum, one) => sum + one.flaps, 0));
      }),
    );
  });
});
