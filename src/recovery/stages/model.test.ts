/** Analysis and what follows from it, as rules: no data never counts as good. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterFailure,
  count,
  decide,
  fingerprint,
  NOTHING,
  progress,
  type Sample,
  sampleOf,
  together,
} from './model.ts';
import { planOfBlocks, planProblems, targetsOf } from './plan.ts';

const rule = { count: 4, failureLimit: 1, inconclusiveLimit: 1, errorLimit: 2 };
const run = (samples: Sample[], endless = false) => decide(samples.reduce(count, NOTHING), rule, endless);

describe('a sample', () => {
  test.each([
    ['true', 'false', 'pass'],
    ['false', 'true', 'fail'],
    ['false', 'false', 'inconclusive'],
    ['unknown', 'false', 'error'],
    ['true', 'unknown', 'error'],
    ['unknown', 'true', 'fail'],
    ['true', 'true', 'fail'],
    ['true', null, 'pass'],
    ['false', null, 'fail'],
    ['unknown', null, 'error'],
  ] as const)('pass %s and fail %s is %s', (pass, fail, expected) => expect(sampleOf(pass, fail)).toBe(expected));
});

describe('an analysis', () => {
  test.each<[string, Sample[], string]>([
    ['all samples passed', ['pass', 'pass', 'pass', 'pass'], 'passed'],
    ['not all are taken', ['pass', 'pass', 'pass'], 'running'],
    ['as many failed as may', ['fail', 'pass', 'pass', 'pass'], 'passed'],
    ['one more failed than may', ['fail', 'pass', 'fail'], 'failed'],
    ['too many were unclear', ['inconclusive', 'pass', 'inconclusive'], 'inconclusive'],
    ['errors, but not in a row', ['error', 'error', 'pass', 'error', 'error', 'pass', 'pass', 'pass'], 'passed'],
    ['too many errors in a row', ['pass', 'error', 'error', 'error'], 'error'],
  ])('%s', (_name, samples, expected) => expect(run(samples)).toBe(expected));

  test('errors are never counted as samples: whatever was not measured does not add up to a pass (property)', () => {
    const samples = fc.array(fc.constantFrom<Sample>('pass', 'fail', 'inconclusive', 'error'), { maxLength: 30 });
    fc.assert(
      fc.property(samples, (list) => {
        const measured = list.filter((one) => one !== 'error').length;
        const passed = list.filter((one) => one === 'pass').length;
        if (run(list) === 'passed') {
          expect(measured).toBeGreaterThanOrEqual(rule.count);
          expect(passed).toBeGreaterThan(0);
          expect(list.filter((one) => one === 'fail').length).toBeLessThanOrEqual(rule.failureLimit);
        }
        expect(run(list, true)).not.toBe('passed');
      }),
    );
  });

  test('pass advances, fail fails the stage, inconclusive or error pauses it; one bad place decides', () => {
    expect(together(['passed', 'passed'])).toBe('passed');
    expect(together(['passed', 'running'])).toBe('running');
    expect(together(['passed', 'inconclusive', 'running'])).toBe('inconclusive');
    expect(together(['error', 'passed'])).toBe('error');
    expect(together(['passed', 'passed', 'passed', 'failed'])).toBe('failed');
    expect(together(['inconclusive', 'error', 'failed'])).toBe('failed');
  });
});

describe('a stage that fails', () => {
  const stage = { position: 2, failures: 1, noReturn: false };
  test('goes back one stage the first time and waits for the commander the second time', () => {
    expect(afterFailure(stage, null)).toEqual({ do: 'roll_back', to: 1 });
    expect(afterFailure({ ...stage, position: 0 }, null)).toEqual({ do: 'roll_back', to: -1 });
    expect(afterFailure({ ...stage, failures: 2 }, null)).toMatchObject({ do: 'pause' });
  });
  test('is never taken back beyond the point of no return', () => {
    expect(afterFailure({ ...stage, noReturn: true }, null)).toMatchObject({ do: 'pause' });
    expect(afterFailure({ ...stage, position: 1 }, 1)).toMatchObject({ do: 'pause' });
    expect(afterFailure({ ...stage, position: 3 }, 1)).toEqual({ do: 'roll_back', to: 2 });
  });
});

describe('a plan', () => {
  const blocks = {
    analysis_defaults: { interval: '10s', count: 2, failure_limit: 1 },
    stages: [
      { id: 'p10', shift: { kind: 'weight', to: '10%' }, soak: '1m' },
      {
        id: 'p100',
        shift: { kind: 'live_writes', to: '100%' },
        soak: '2m',
        manual_gate: 'incident_commander',
        analysis: { count: 5 },
      },
    ],
    health_checks: [
      {
        id: 'up',
        sweep: { url: 'https://{region}.shop.example{endpoint}', regions: ['eu', 'us'], endpoints: ['/a', '/b'] },
      },
    ],
    data_checks: [{ id: 'matches', pass: 'probe.diff.value == 0', blocks: ['p100', 'nowhere', 'restored'] }],
  };
  const origins = [
    { action: 'traffic.weight', with: { route: 'psp', to: 'fallback' }, undo: { route: 'psp', to: 'first', pct: 100 } },
  ];
  const plan = planOfBlocks(blocks, { point_of_no_return: 'p100' }, origins);

  test('leads a shift back by the action that contained, to where its undo leads; what no connector knows is done by hand', () => {
    expect(plan.stages[0]!.shift).toMatchObject({
      action: 'traffic.weight',
      with: { route: 'psp', to: 'first', pct: 10 },
    });
    expect(plan.stages[1]!.shift).toMatchObject({ action: null });
    expect(plan.stages[1]).toMatchObject({ gate: 'incident_commander', noReturn: true, soakSeconds: 120 });
    expect(plan.stages[1]!.analysis).toMatchObject({ count: 5, failureLimit: 1, intervalSeconds: 10 });
  });
  test('a check naming a stage that is not there is told', () => {
    expect(planProblems(plan)).toEqual([{ path: 'data_checks.0.blocks', message: 'there is no stage "nowhere"' }]);
  });
  test('a sweep asks every endpoint in every region', () => {
    expect(targetsOf(plan.checks[0]!).map(({ target, url }) => [target, url])).toEqual([
      ['eu /a', 'https://eu.shop.example/a'],
      ['eu /b', 'https://eu.shop.example/b'],
      ['us /a', 'https://us.shop.example/a'],
      ['us /b', 'https://us.shop.example/b'],
    ]);
  });
  test('an approach is the same when action, target and parameters are', () => {
    const [first, second] = plan.stages;
    expect(fingerprint(first!).key).toBe(fingerprint({ ...first!, id: 'other' }).key);
    expect(fingerprint(first!).key).not.toBe(fingerprint(second!).key);
    const more = { ...first!, shift: { ...first!.shift!, with: { ...first!.shift!.with, pct: 11 } } };
    expect(fingerprint(more).key).not.toBe(fingerprint(first!).key);
  });
  test('progress counts what is through', () => {
    expect(progress([{ state: 'passed' }, { state: 'soaking' }], 'staging')).toEqual({
      passed: 1,
      total: 2,
      share: 50,
    });
    expect(progress([{ state: 'passed' }, { state: 'passed' }], 'completed').share).toBe(100);
  });
});
