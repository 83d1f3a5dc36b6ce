/** What the company's pager looks like on the day the demo is loaded: ways to reach people, rotas of roles, leave, swaps, what is planned. */
import { addMs, newId, zone } from '#kernel';
import {
  acceptSwap,
  addAbsence,
  addCalendar,
  certify,
  createSchedule,
  offerSwap,
  roleByKey,
  updatePolicy,
  updateRole,
  whoIsOnCall,
} from '#people';
import { createMonitor, planMaintenance } from '#signals';
import type { Company } from './company.ts';
import { mailOf, people, teams } from './data/people.ts';
import { leave, monitors, phones, rotas, swaps, unconfirmed } from './data/roster.ts';
import type { Stage } from './stage.ts';

const DAY = 86_400_000;
const PLACE = 'Europe/Berlin';
const admin = people[0]!.name;

/** Sets up what the people screens show. After the past was played: nobody of it was called by these rotas. */
export async function setRoster(stage: Stage, company: Company): Promise<void> {
  const before = (days: number) => addMs(stage.now, -days * DAY);
  await reachPeople(stage, before(30));
  await giveRotas(stage, before(21));
  await changePolicies(stage, before(14), company);
  await goAway(stage, before(3));
  await swapShifts(stage, before(1));
  await watch(stage, before(1), company);
}

/** Proven addresses and numbers, as rows: the codes of then were typed in long ago. */
async function reachPeople(stage: Stage, at: Date): Promise<void> {
  const row = (name: string, kind: string, value: string, after: object) => ({
    ...{ id: newId('cm'), userId: stage.idOf(name), kind, value, endpointId: null, ...after },
    ...{ label: '', verifiedAt: at, createdAt: at },
  });
  const mails = people
    .filter(({ name }) => !unconfirmed.includes(name))
    .map(({ name }) => row(name, 'email', mailOf(name), { highAfter: 0, lowAfter: 0 }));
  const numbers = Object.entries(phones).map(([name, number]) =>
    row(name, 'sms', number, { highAfter: 0, lowAfter: null }),
  );
  await stage.db
    .insertInto('people.contactMethods')
    .values([...mails, ...numbers])
    .execute();
}

async function giveRotas(stage: Stage, at: Date): Promise<void> {
  for (const { role: key, name, turns, certified } of rotas)
    await stage.at(at, admin, async (ctx) => {
      const { id: scheduleId } = await createSchedule(ctx, {
        ...{ name, teamId: null, zone: PLACE, handoverWeekday: 1, handoverTime: '09:00', everyWeeks: 1 },
        startsOn: zone.instantToWall(PLACE, at).date,
        participants: turns.map(stage.idOf),
        acceptWarnings: true,
      });
      const { builtIn: _, retiredAt: __, position: ___, createdAt: ____, ...card } = await roleByKey(ctx, key);
      await updateRole(ctx, { ...card, scheduleId, certification: 'warn' });
      for (const person of certified)
        await certify(ctx, { roleKey: key, userId: stage.idOf(person), note: 'Led the tabletop of this quarter' });
    });
}

/** Payments: whoever's turn it is of two, then the on-call, for the worst the commander; Integrations: low urgency in office hours only. */
async function changePolicies(stage: Stage, at: Date, { services }: Company): Promise<void> {
  const office = [{ kind: 'daily' as const, days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }];
  const change = async (service: string, steps: Parameters<typeof updatePolicy>[1]['steps'], rename: string) => {
    const { policyId, teamId } = services.get(service)!;
    await stage.at(at, admin, (ctx) =>
      updatePolicy(ctx, { id: policyId, version: 1, name: rename, teamId, steps, repeat: 1, ackTimeoutMinutes: 60 }),
    );
  };
  const onCall = { kind: 'team_on_call' as const, id: services.get('payments-api')!.teamId };
  const team = { kind: 'team' as const, id: services.get('payments-api')!.teamId };
  const commander = { kind: 'role' as const, id: 'incident_commander' };
  await change(
    'payments-api',
    [
      { delaySeconds: 300, targets: [onCall] },
      { delaySeconds: 300, targets: [team], call: 'round_robin' },
      { delaySeconds: 600, targets: [commander], when: { urgency: 'high', priorities: [1, 2] } },
    ],
    'Payments: on call, next of the team, commander',
  );
  const partners = { kind: 'team_on_call' as const, id: services.get('partner-api')!.teamId };
  await change(
    'partner-api',
    [
      { delaySeconds: 600, targets: [partners] },
      {
        delaySeconds: 1800,
        targets: [{ kind: 'team', id: partners.id }],
        when: { hours: { zone: PLACE, windows: office, outside: 'skip' } },
      },
    ],
    'Integrations: on call, the team in office hours',
  );
}

const holiday = (date: string, name: string) =>
  `BEGIN:VEVENT\r\nUID:${date}@orchardline.example\r\nDTSTAMP:20250101T000000Z\r\nDTSTART;VALUE=DATE:${date}\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:${name}\r\nEND:VEVENT\r\n`;

async function goAway(stage: Stage, at: Date): Promise<void> {
  const day = (days: number) => zone.instantToWall(PLACE, addMs(stage.now, days * DAY)).date;
  for (const { who, from, to, note } of leave)
    await stage.at(at, who, (ctx) => addAbsence(ctx, { from: day(from), to: day(to), note }));
  const days = {
    '20250101': 'New Year',
    '20250501': 'Labour Day',
    '20251003': 'German Unity Day',
    '20251225': 'Christmas Day',
    '20251226': 'Second day of Christmas',
  };
  const events = Object.entries(days).map(([date, name]) => holiday(date, name));
  const text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Orchardline//Holidays//EN\r\n${events.join('')}END:VCALENDAR\r\n`;
  await stage.at(at, admin, (ctx) =>
    addCalendar(ctx, { name: 'Public holidays, Germany', covers: 'days', entries: 'whole_days', zone: PLACE, text }),
  );
}

/** Who has the shift of that day gives it away; it is taken by somebody of the same rotation, or waits. */
async function swapShifts(stage: Stage, at: Date): Promise<void> {
  const schedules = await stage.db.selectFrom('people.schedules').select(['id', 'name']).execute();
  for (const { team, day, taker, note } of swaps) {
    const title = teams.find(({ slug }) => slug === team)!.name;
    const schedule = schedules.find(({ name }) => name === title)!;
    const { date } = zone.instantToWall(PLACE, addMs(stage.now, day * DAY));
    const stretch = { from: `${date}T18:00`, to: `${date}T23:00` };
    const members = people.filter((person) => person.team === team);
    const instant = zone.wallToInstant(PLACE, `${date}T19:00`);
    const holder = await stage.at(at, null, (ctx) => whoIsOnCall(ctx, schedule.id, instant));
    const from = members.find(({ name }) => stage.idOf(name) === holder);
    const other = members.find((person) => person !== from && person.role === 'responder');
    if (!from || !other) continue;
    const offer = { scheduleId: schedule.id, ...stretch, note, toUserId: taker ? stage.idOf(other.name) : null };
    const { id } = await stage.at(at, from.name, (ctx) => offerSwap(ctx, offer));
    if (taker) await stage.at(addMs(at, 3_600_000), other.name, (ctx) => acceptSwap(ctx, { id }));
  }
}

/** Monitors are there to be read: switched off, since what they would watch does not exist. */
async function watch(stage: Stage, at: Date, { services }: Company): Promise<void> {
  for (const { service, ...fields } of monitors)
    await stage.at(at, admin, (ctx) =>
      createMonitor(ctx, { ...fields, serviceId: services.get(service)!.id, enabled: false }),
    );
  const night = addMs(stage.now, 2 * DAY);
  await stage.at(at, 'Elif Demir', (ctx) =>
    planMaintenance(ctx, {
      ...{ name: 'Event log moves to new disks', serviceIds: [services.get('event-log')!.id], matchers: [] },
      ...{ startsAt: night, endsAt: addMs(night, 2 * 3_600_000), holdCritical: false },
      reason: 'The old disks are at 85 % of their writes',
    }),
  );
}
