/**
 * P4, second half: the running product while its clock jumps.
 *
 * Each run opens alerts on a policy of five steps, the third of them a rotation by the hour, walks some steps, resolves a
 * part of the alerts, and then the clock of the database jumps (or the node is stopped while it goes on, or the nodes'
 * own clocks are wrong). The sink knows who was called when. Nothing may be skipped, doubled, out of order or early, and
 * after a long gap each page takes one step and then waits its full delay ("resume, don't replay").
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { type Clock, openClock } from '../rig/clock.ts';
import { type Company, openCompany, type Step } from '../rig/company.ts';
import { type Node, openRig } from '../rig/processes.ts';
import { type Random, randomOf } from '../rig/random.ts';
import { openCalls, type Calls } from './calls.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
interface Kind {
  name: string;
  jump?: number;
  /** The nodes are stopped while the clock goes on by so much. */
  freeze?: number;
  /** How wrong the clocks of the two nodes are: one ahead, one behind. */
  skew?: number;
  /** It comes right after the alerts were accepted, while their first calls are being sent. */
  inFirst?: true;
}
export const KINDS: Kind[] = [
  { name: '+1 s', jump: 1000 },
  { name: '+60 s', jump: MIN },
  { name: '+1 h', jump: HOUR },
  { name: '+25 h', jump: 25 * HOUR },
  { name: '-1 s', jump: -1000 },
  { name: '-60 s', jump: -MIN },
  { name: '-1 h', jump: -HOUR },
  { name: '-25 h', jump: -25 * HOUR },
  { name: '+1 h in the first sending', jump: HOUR, inFirst: true },
  { name: '-1 h in the first sending', jump: -HOUR, inFirst: true },
  { name: 'freeze 10 min', freeze: 10 * MIN },
  { name: 'nodes ±5 s', skew: 5000 },
  { name: 'nodes ±2 min', skew: 2 * MIN },
];
const STEPS = 5;
/** A little before and after the moment a step falls due. */
const BEFORE = 2000;
const AFTER = 1000;
/** A clock that is put back by less is not noticed: a step waits that much longer. */
const NOTICED = -2000;
/** Until nodes have noticed that the clock was put back, or how far it has gone on before: a sign of life, and some. */
const TO_NOTICE_MS = 3000;
/** How exactly they know by how much. */
const GRAIN = 1500;

export interface JumpFigures {
  runs: number;
  alerts: number;
  resolvedMeanwhile: number;
  stepsExpected: number;
  skipped: number;
  doubled: number;
  /** One message that came twice, with the same id: P2's matter, not a step of its own. */
  copies: number;
  outOfOrder: number;
  early: number;
  replayed: number;
  wrongPerson: number;
  afterResolved: number;
  examples: string[];
}

interface Stage {
  clock: Clock;
  company: Company;
  nodes: Node[];
  calls: Calls;
  random: Random;
  figures: JumpFigures;
  scheduleId: string;
  /** Where the nodes read how wrong their clocks are. */
  skews: string[];
}

/** Runs each kind `rounds` times with so many alerts. */
export async function jumpClocks(rounds: number, alerts: number, seed: number): Promise<JumpFigures> {
  const rig = await openRig();
  const nodes: Node[] = [];
  try {
    const sink = await rig.sink({ SEED: String(seed), DELAY_MAX_MS: '120' });
    const skews = ['a', 'b'].map((name) => join(rig.dir, `skew-${name}`));
    const env = (file: string) => ({
      SKEW_FILE: file,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../rig/skew.ts'))}`,
    });
    nodes.push(await rig.node('a', env(skews[0]!)));
    const [company, second] = await Promise.all([openCompany(nodes[0]!, sink, 6), rig.node('b', env(skews[1]!))]);
    nodes.push(second);
    const clock = await openClock(rig.databaseUrl);
    const figures: JumpFigures = {
      runs: 0,
      alerts: 0,
      resolvedMeanwhile: 0,
      stepsExpected: 0,
      skipped: 0,
      doubled: 0,
      copies: 0,
      outOfOrder: 0,
      early: 0,
      replayed: 0,
      wrongPerson: 0,
      afterResolved: 0,
      examples: [],
    };
    const startsOn = new Date((await clock.now()) - 2 * 24 * HOUR).toISOString().slice(0, 10);
    const people = company.people.map(({ id }) => id);
    const { id: scheduleId } = await company.ask('post', '/api/v1/schedules', {
      name: 'By the hour',
      zone: 'UTC',
      layers: [
        { name: 'x', unit: 'hour', every: 1, startsOn, handoverTime: '00:00', participants: [people[2], people[3]] },
      ],
      acceptWarnings: true,
    });
    const calls = openCalls(
      sink.journal,
      [[0], [1], [2, 3], [4], [5]].map((step) => step.map((n) => people[n]!)),
    );
    const stage: Stage = { clock, company, nodes, calls, random: randomOf(seed), figures, scheduleId, skews };
    for (let round = 0; round < rounds; round++)
      for (const kind of KINDS) await oneRun(stage, kind, `${round}-${KINDS.indexOf(kind)}`, alerts);
    await clock.close();
    return figures;
  } catch (error) {
    for (const node of nodes) console.error(`node ${node.name} said last: ${node.output().slice(-3000)}`);
    throw error;
  } finally {
    await rig.close();
  }
}

interface Run extends Stage {
  kind: Kind;
  delays: number[];
  /** Alerts that are still called for. */
  alive: string[];
  /** What the clock showed before and after the calls of the step in force. */
  from: number;
  until: number;
}

async function oneRun(stage: Stage, kind: Kind, name: string, count: number): Promise<void> {
  const { company, clock, random, figures, calls } = stage;
  stage.skews.forEach((file, i) => writeFileSync(file, String((kind.skew ?? 0) * (i === 0 ? 1 : -1))));
  const people = company.people.map(({ id }) => id);
  const delays = Array.from({ length: STEPS }, () => random.between(70, 600));
  const steps = delays.map((delaySeconds, n): Step => {
    const target = n === 2 ? { kind: 'schedule' as const, id: stage.scheduleId } : { kind: 'user' as const, id: '' };
    return { delaySeconds, targets: [n === 2 ? target : { kind: 'user', id: people[[0, 1, 2, 4, 5][n]!]! }] };
  });
  const { key } = await company.service(`Service-${name}`, steps);
  const alive = Array.from({ length: count }, (_, n) => `alert-${name}-${n}-end`);
  const run: Run = { ...stage, kind, delays, alive, from: await clock.now(), until: 0 };
  figures.runs += 1;
  figures.alerts += count;
  if (kind.inFirst) await beforeBack(run);
  await post(run, key, 'firing', alive);
  const at = kind.inFirst ? 1 : random.between(1, STEPS - 1);
  if (kind.inFirst) {
    await clock.jump(kind.jump ?? 0);
    await called(run, 1);
    await noticed(run);
    await afterJump(run, 1);
  } else await calledAndJumped(run, key, at);
  for (let step = at + 1; step < STEPS; step++) await walk(run, step);
  await judge(
    run,
    alive.filter((alert) => !run.alive.includes(alert)),
    at,
  );
  await post(run, key, 'resolved', run.alive);
  await stopped(run, run.alive);
}

/** The calls up to `at`, some alerts resolved, and the jump in the middle of the wait after it. */
async function calledAndJumped(run: Run, key: string, at: number): Promise<void> {
  const { alive, figures } = run;
  await called(run, 1);
  for (let step = 1; step < at; step++) await walk(run, step);
  const gone = alive.filter((_, n) => n % 8 === 7);
  if (gone.length > 0) {
    await post(run, key, 'resolved', gone);
    await stopped(run, gone);
    run.alive = alive.filter((alert) => !gone.includes(alert));
    figures.resolvedMeanwhile += gone.length;
  }
  await jump(run, at);
}

/** Time that the experiment lets pass is known to the nodes before the clock is put back, as if it had passed by itself. */
const beforeBack = ({ kind }: Run) => ((kind.jump ?? 0) > NOTICED ? undefined : sleep(TO_NOTICE_MS));

/** After a clock was put back all waits are as long as they were: what was due is due as much earlier by it. */
async function noticed(run: Run): Promise<void> {
  const back = run.kind.jump ?? 0;
  if (back > NOTICED) return;
  await sleep(TO_NOTICE_MS);
  run.from += back;
  run.until += run.kind.inFirst ? 0 : back;
}

/** From the calls of `step` to those of the next, looking shortly before they are due whether anything is early. */
async function walk(run: Run, step: number): Promise<void> {
  const delay = run.delays[step - 1]! * 1000;
  await run.clock.quiet();
  await run.clock.to(Math.max(run.from + delay - BEFORE, await run.clock.now()));
  await sleep(150);
  await early(run, step);
  const due = run.until + delay + AFTER + ((run.kind.jump ?? 0) <= NOTICED ? GRAIN : 0);
  await run.clock.to(Math.max(due, await run.clock.now()));
  // Time goes on by itself too: a page may have been called as soon as it was due.
  run.from += delay;
  await called(run, step + 1);
}

async function early(run: Run, step: number): Promise<void> {
  const many = run.alive.map((alert) => run.calls.of(alert).length);
  // Time goes on while the experiment works: what was due by now is not early.
  if ((await run.clock.now()) >= run.from + run.delays[step - 1]! * 1000) return;
  for (const [n, alert] of run.alive.entries()) {
    const more = (many[n] ?? 0) - step;
    if (more <= 0) continue;
    run.figures.early += more;
    say(run, `${alert}: a call before step ${step + 1} was due`);
  }
}

/** In the middle of the delay of `step`: the jump; and then on to the next step, whichever side of it the clock is now. */
async function jump(run: Run, step: number): Promise<void> {
  const { clock, kind, nodes, random } = run;
  const delay = run.delays[step - 1]! * 1000;
  const waited = random.between(20, run.delays[step - 1]! - 10) * 1000;
  await clock.quiet();
  await clock.to(Math.max(run.from + waited, await clock.now()));
  await sleep(60);
  await early(run, step);
  await beforeBack(run);
  if (kind.freeze) {
    for (const node of nodes) node.kill('SIGSTOP');
    await sleep(100);
    await clock.jump(kind.freeze);
    await sleep(700);
    for (const node of nodes) node.kill('SIGCONT');
  } else if (kind.jump) await clock.jump(kind.jump);
  await noticed(run);
  await afterJump(run, step);
}

/** On to the step after `step`, whichever side of its time the clock is now. */
async function afterJump(run: Run, step: number): Promise<void> {
  const { clock } = run;
  const delay = run.delays[step - 1]! * 1000;
  const now = await clock.now();
  if (now >= run.until + delay) {
    // Over by any clock: one step, at once, and no more. (It may have come before the clock was read.)
    run.from = now - 500;
    await called(run, step + 1);
    await clock.quiet();
    const next = run.from + run.delays[step]! * 1000;
    await clock.to(Math.max(next - BEFORE, await clock.now()));
    await sleep(300);
    const many = run.alive.map((alert) => run.calls.of(alert).length);
    if ((await clock.now()) >= next) return;
    for (const [n, alert] of run.alive.entries()) {
      const more = (many[n] ?? 0) - (step + 1);
      if (more > 0) say(run, `${alert}: ${more} steps at once after the jump`);
      run.figures.replayed += Math.max(0, more);
    }
  } else await walk(run, step);
}

/** A message whose sender lost its connection is sent again when its lease is over; later than this it counts as skipped. */
const TOO_LONG_MS = 60_000;

/** Waits until everybody alive has had so many calls, and remembers what the clock shows then. */
async function called(run: Run, many: number): Promise<void> {
  const end = performance.now() + TOO_LONG_MS;
  while (performance.now() < end && run.alive.some((alert) => run.calls.of(alert).length < many)) await sleep(20);
  run.until = await run.clock.now();
}

const say = (run: Run, text: string) =>
  run.figures.examples.length < 8 && run.figures.examples.push(`${run.kind.name}: ${text}`);

/** Every call of every alert of the run, by the sink's word and the times of the page's log. */
async function judge(run: Run, gone: string[], at: number): Promise<void> {
  const { figures, calls } = run;
  for (const alert of gone) {
    const more = calls.of(alert).length - at;
    if (more > 0) say(run, `${alert}: called after it was resolved`);
    figures.afterResolved += Math.max(0, more);
  }
  for (const alert of run.alive) {
    const steps = calls.of(alert).map((call) => call.step);
    figures.copies += calls.copies(alert);
    figures.stepsExpected += STEPS;
    for (let step = 1; step <= STEPS; step++) {
      const times = steps.filter((other) => other === step).length;
      if (times === 0) figures.skipped += 1;
      if (times > 1) figures.doubled += times - 1;
    }
    if (steps.some((step, n) => n > 0 && step < steps[n - 1]!)) figures.outOfOrder += 1;
    if (steps.join() !== '1,2,3,4,5') say(run, `${alert}: steps ${steps.join()}`);
    await judgeTimes(run, alert, at);
  }
}

/** To the millisecond, by what the product wrote: no step before its delay, and the rotation's person of that moment. */
async function judgeTimes(run: Run, alert: string, at: number): Promise<void> {
  const { calls, company, figures, kind } = run;
  const pageId = calls.of(alert)[0]?.pageId;
  if (!pageId) return;
  const { log } = await company.get(`/api/v1/pages/${pageId}`);
  const times: number[] = log
    .filter((line: { reason: string; person: unknown }) => line.reason === 'called')
    .map((line: { at: string }) => Date.parse(line.at));
  for (let n = 1; n < times.length; n++) {
    // Over the jump back the clock shows less than was waited.
    const back =
      n === at && (kind.jump ?? 0) <= NOTICED ? (kind.jump ?? 0) - GRAIN : Math.min(0, n === at ? (kind.jump ?? 0) : 0);
    const waited = times[n]! - times[n - 1]!;
    if (waited >= run.delays[n - 1]! * 1000 + back) continue;
    figures.early += 1;
    say(run, `${alert}: step ${n + 1} after ${waited} ms of ${run.delays[n - 1]! * 1000}`);
  }
  const third = calls.of(alert).find((call) => call.step === 3);
  const when = times[2];
  if (!third || when === undefined) return;
  const turn = Math.floor(when / HOUR) % 2;
  const wanted = company.people[turn === 0 ? 2 : 3]!.id;
  if (third.person !== wanted) {
    figures.wrongPerson += 1;
    say(run, `${alert}: step 3 called the wrong person of the rotation`);
  }
}

/** Alerts by the source's own wire, in one message each, a few at once. */
async function post(run: Run, key: string, status: 'firing' | 'resolved', alerts: string[]): Promise<void> {
  const startsAt = new Date(await run.clock.now()).toISOString();
  const one = async (alert: string, n: number) => {
    const body = {
      version: '4',
      status,
      groupKey: `g:${alert}`,
      groupLabels: { alertname: alert },
      commonAnnotations: { summary: alert },
      alerts: [
        {
          status,
          labels: { alertname: alert, severity: 'error' },
          annotations: { summary: alert },
          startsAt,
          ...(status === 'resolved' ? { endsAt: startsAt } : {}),
          fingerprint: alert,
        },
      ],
    };
    const answer = await fetch(`${run.nodes[n % 2]!.url}/integrations/v1/alertmanager/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the alert was answered ${answer.status}: ${await answer.text()}`);
  };
  for (let n = 0; n < alerts.length; n += 8) await Promise.all(alerts.slice(n, n + 8).map((alert, i) => one(alert, i)));
}

/** What the product waits after the source has resolved; a little more. */
const GRACE_MS = 8000;

/** Waits until the pages of these alerts have ended. */
async function stopped(run: Run, alerts: string[]): Promise<void> {
  await run.clock.pass(GRACE_MS);
  const end = performance.now() + TOO_LONG_MS;
  const wanted = new Set(alerts.map((alert) => run.calls.of(alert)[0]?.pageId));
  while (performance.now() < end) {
    const { items } = await run.company.get('/api/v1/pages?state=open&limit=200');
    if (!items.some(({ id }: { id: string }) => wanted.has(id))) return;
    await sleep(40);
  }
  throw new Error('pages of resolved alerts do not end');
}
