/** The words of the digest. Pure. */
import { zone } from '#kernel';
import type { Hider, Refusing } from './queries.ts';

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const KINDS = { silence: 'Silence', maintenance: 'Maintenance', rule: 'Rule', inhibition: 'Inhibition rule' } as const;

/** Names in alerts and silences are somebody else's: one line, however they were written. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 200);

export function digestSubject(hiders: Hider[], refusing: Refusing[], from: Date): string {
  const groups = hiders.reduce((sum, one) => sum + one.groups, 0);
  const week = `in the week of ${from.toISOString().slice(0, 10)}`;
  return groups > 0
    ? `${count(groups, 'alert group')} hidden ${week}`
    : `${count(refusing.length, 'switched-off integration')} still sent to ${week}`;
}

/** One paragraph for each thing that hid something, the worst first. */
export function digestLines(
  hiders: Hider[],
  refusing: Refusing[],
  { from, until, zone: place }: { from: Date; until: Date; zone: string },
): string[] {
  const span = `From ${utc(from)} to ${utc(until)} (UTC) these kept people from being asked. If one of them was not meant, end it.`;
  return [
    span,
    ...hiders.slice(0, 50).map((one) => hiderLine(one, place)),
    ...(hiders.length > 50 ? [`And ${hiders.length - 50} more.`] : []),
    ...refusing.map(
      (one) =>
        `The integration “${oneLine(one.name)}” is switched off and is still sent to: ${count(one.refused, 'post')} refused since it was made, the last ${zone.sayInstant(place, one.lastAt)}.`,
    ),
  ];
}

const utc = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');

function hiderLine(one: Hider, place: string): string {
  const much = [
    `hid ${count(one.groups, 'alert group')} (${count(one.alerts, 'alert')})`,
    one.critical > 0 ? `${one.critical} critical` : '',
    one.asked > 0 ? `somebody was asked about ${one.asked} of them all the same` : 'nobody was asked about any of them',
  ];
  const until = one.endsAt
    ? `${one.on ? 'until' : 'ended'} ${zone.sayInstant(place, one.endsAt)}`
    : one.on
      ? 'in force'
      : 'no longer in force';
  const services = one.services.map(({ name }) => oneLine(name)).join(', ');
  return [
    `${KINDS[one.kind]} “${oneLine(one.name)}”, set by ${one.setBy ? oneLine(one.setBy) : 'nobody known (see the audit log)'}, ${until}: ${much.filter(Boolean).join(', ')}.`,
    one.reason ? `  Reason given: ${oneLine(one.reason)}` : '',
    services ? `  Services: ${services}` : '',
    ...one.examples.map(({ title, severity }) => `  - ${severity}: ${oneLine(title)}`),
  ]
    .filter(Boolean)
    .join('\n');
}
