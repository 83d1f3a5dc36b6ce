/**
 * P4: no escalation step is skipped, repeated or early because of summer time, clock or zone.
 *
 * Two halves: who is on call around every change of the clocks, against an oracle in another language (`p4/rosters.ts`),
 * and the running product while its clock jumps (`p4/jumps.ts`). The quick tier asks at least one change of every zone and
 * jumps once in every way; the full tier asks all changes and jumps twenty times in every way, with 40 alerts.
 */
import { jumpClocks, KINDS } from './p4/jumps.ts';
import { compareRosters } from './p4/rosters.ts';
import { type Experiment, load } from './rig/report.ts';

/** What the full tier must reach to count as passed. */
const POINTS = 5_000_000;
const RUNS = 200;

export const p4: Experiment = async ({ tier, seed }, size) => {
  const full = tier === 'full';
  const rosters = await compareRosters(full ? 1 : 0.02, seed);
  const jumps = await jumpClocks(size ?? (full ? 20 : 1), full ? 40 : 8, seed);
  const { examples: wrongAnswers, ...asked } = rosters;
  const { examples: wrongSteps, runs, alerts, resolvedMeanwhile, stepsExpected, copies, ...wrong } = jumps;
  const enough = !full || (asked.points >= POINTS && (runs >= RUNS || size !== undefined));
  const right = asked.disagree === 0 && asked.gapsNobodyDeclared === 0 && asked.overlaps === 0;
  return {
    promise: 'p4',
    n: asked.points,
    figures: {
      rosters: { ...asked, examples: wrongAnswers },
      jumps: {
        runs,
        kinds: KINDS.map(({ name }) => name),
        alerts,
        resolvedMeanwhile,
        stepsExpected,
        ...wrong,
        copies,
        examples: wrongSteps,
      },
      seed,
      load: load(),
    },
    // Without the oracle the first half has not been tried, and a promise that was not tried is not kept.
    pass:
      asked.ran &&
      asked.points > 0 &&
      right &&
      stepsExpected > 0 &&
      Object.values(wrong).every((n) => n === 0) &&
      enough,
  };
};
