/**
 * P19: nobody on call never means that nobody is paged.
 *
 * Random policies over broken ground: rotations without anybody, rotations that begin next week, teams without members,
 * in any order; and somebody who tries to leave while still on call. An alert is fired into each. Every one must reach somebody at the sink, and every
 * schedule with a gap in the next 14 days must show it at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Company, openCompany, type Person, type Step } from './rig/company.ts';
import { type Accepted, sendAlert } from './rig/gen.ts';
import { openJournal, readJournal } from './rig/journal.ts';
import { openRig } from './rig/processes.ts';
import { type Random, randomOf } from './rig/random.ts';
import { type Experiment, load } from './rig/report.ts';
import type { Receipt } from './rig/sink-process.ts';

type Target = Step['targets'][number];

interface Ground {
  targets: Target[];
  /** Schedules that have somebody now; the others have a gap. */
  gaps: string[];
}

const DAY_MS = 86_400_000;
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);

/** Schedules, teams and people, sound and broken. */
async function lay(company: Company, random: Random): Promise<Ground> {
  const [sound, leaver] = company.people as [Person, Person];
  const targets: Target[] = [
    { kind: 'user', id: sound.id },
    { kind: 'user', id: leaver.id },
  ];
  const gaps: string[] = [];
  const schedule = async (name: string, startsOn: string, participants: string[], gap: boolean) => {
    const made = await company.ask('post', '/api/v1/schedules', {
      name,
      zone: random.pick(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']),
      handoverWeekday: random.between(1, 7),
      handoverTime: random.pick(['00:00', '02:30', '09:00', '23:59']),
      startsOn,
      everyWeeks: random.between(1, 4),
      participants,
      acceptWarnings: true,
    });
    targets.push({ kind: 'schedule', id: made.id });
    if (gap) gaps.push(made.id);
  };
  await schedule('Sound', day(-90), [sound.id], false);
  await schedule('Empty', day(-90), [], true);
  await schedule('Begins later', day(random.between(9, 12)), [sound.id], true);
  await schedule('Begins soon', day(random.between(2, 5)), [leaver.id, sound.id], true);
  await schedule('Two', day(-90), [leaver.id, sound.id], false);
  for (const [name, members] of [
    ['Nobody', []],
    ['Nobody either', []],
    ['Somebody', [sound.id]],
  ] as const) {
    const team = await company.ask('post', '/api/v1/teams', {
      name,
      description: '',
      members: members.map((userId) => ({ userId, role: 'member' })),
    });
    targets.push({ kind: 'team', id: team.id });
  }
  return { targets, gaps };
}

export const p19: Experiment = async ({ tier, seed }, size) => {
  const random = randomOf(seed);
  const count = size ?? (tier === 'quick' ? 60 : 500);
  const rig = await openRig();
  try {
    const sink = await rig.sink({ SEED: String(seed) });
    const node = await rig.node('a');
    const company = await openCompany(node, sink, 2);
    const { targets, gaps } = await lay(company, random);
    const gen = openJournal(rig.journal('gen'));
    const keys: string[] = [];
    for (let n = 0; n < count; n++) {
      // A third of the policies has nothing sound at all.
      const broken = targets.filter((target) => isBroken(target, targets));
      const from = random.next() < 0.34 ? broken : targets;
      const steps = Array.from({ length: random.between(1, 4) }, () => ({
        delaySeconds: 3600,
        targets: Array.from({ length: random.between(1, 2) }, () => random.pick(from)),
      }));
      const { key } = await company.service(`Service-${n}`, steps, { repeat: random.between(0, 2) });
      keys.push(key);
    }
    // Somebody who is still called for pages may not leave: switching them off must be refused, in words.
    const leaving = await company.admin.web(node).patch(`/api/v1/users/${company.people[1]!.id}`, { active: false });
    const leaverRefused = leaving.status === 409;
    const shown: any[] = (await company.get('/api/v1/on-call')).items;
    const gapsHidden = gaps.filter((id) => !shown.some((item) => item.schedule.id === id && item.gaps.length > 0));
    for (const [n, key] of keys.entries()) await sendAlert(gen, () => [node], { alert: `alert-${n}-end`, key });
    await sleep(4000);
    const accepted = readJournal<Accepted>(rig.journal('gen')).filter((line) => line.kind === 'accepted');
    const receipts = readJournal<Receipt>(sink.journal).filter(
      (line) => line.kind === 'receipt' && line.type === 'page.sent',
    );
    const reached = (alert: string) => receipts.filter((line) => line.data.title?.includes(alert));
    const nobody = accepted.filter((line) => reached(line.alert).length === 0).map((line) => line.alert);
    const byEmergency = accepted.filter((line) =>
      reached(line.alert).some((r) => r.path === `/${company.admin.id}`),
    ).length;
    return {
      promise: 'p19',
      n: accepted.length,
      figures: {
        alerts: accepted.length,
        pagedToNobody: nobody.length,
        examples: nobody.slice(0, 5),
        reachedThroughEmergencyContact: byEmergency,
        leavingRefusedWhileOnCall: leaverRefused,
        schedulesWithGaps: gaps.length,
        gapsNotShown: gapsHidden.length,
        seed,
        load: load(),
      },
      pass:
        accepted.length === count &&
        nobody.length === 0 &&
        leaverRefused &&
        gapsHidden.length === 0 &&
        // Of a dozen, by chance, all may have reached somebody else.
        (byEmergency > 0 || count < 30),
    };
  } finally {
    await rig.close();
  }
};

/** By their order in `lay`: the schedules without anybody now, and the teams without members. */
const isBroken = (target: Target, targets: Target[]) => [3, 4, 5, 7, 8].includes(targets.indexOf(target));
