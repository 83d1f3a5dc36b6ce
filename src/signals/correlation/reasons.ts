/** Why a case is believed to come from its origin, in sentences. Pure. */
import { changedBefore, type Found, type Scene } from './scene.ts';

/** What a person can check: how many depend on it, when it began itself, what was changed there. */
export function reasonsFor(scene: Scene, { originId, silent, lead, members }: Found): string[] {
  const { topology, limits, sightings } = scene;
  const name = topology.nameOf(originId);
  const began = Math.min(lead.since, ...members.map(({ since }) => since));
  const around = new Set(
    sightings.filter((one) => Math.abs(one.since - began) <= 2 * limits.windowMs).map(({ serviceId }) => serviceId),
  );
  around.delete(originId);
  const mine = new Set([lead, ...members].map(({ serviceId }) => serviceId));
  mine.delete(originId);
  for (const id of mine) around.add(id);
  const verb = mine.size === 1 ? 'depends' : 'depend';
  const reasons = [
    `${mine.size} of ${around.size} alerting ${around.size === 1 ? 'service' : 'services'} ${verb} on ${name}`,
  ];
  if (silent) reasons.push(...ofSilent(scene, originId, began));
  else {
    const others = members.filter(({ serviceId }) => serviceId !== originId);
    const first = Math.min(...others.map(({ since }) => since));
    const gap = Math.round((first - lead.since) / 1000);
    if (Number.isFinite(gap))
      reasons.push(
        gap > 0
          ? `it alerted ${seconds(gap)} before the first of them`
          : gap === 0
            ? 'it alerted at the same time'
            : `it alerted ${seconds(-gap)} after the first of them`,
      );
  }
  const change = changedBefore(scene, originId, began);
  if (change)
    reasons.push(
      `${name} was changed ${seconds(Math.max(0, Math.round((began - change.at) / 1000)))} before: ${change.summary}`,
    );
  return reasons;
}

/** What speaks for an origin whose people were not asked: its own milder alert, its own status page, or nothing of its own. */
function ofSilent({ topology, sightings, reports, limits }: Scene, originId: string, began: number): string[] {
  const name = topology.nameOf(originId);
  const own = sightings.find((one) => one.serviceId === originId && Math.abs(one.since - began) <= limits.windowMs);
  const reported = reports?.get(originId);
  if (own) {
    const gap = Math.round((began - own.since) / 1000);
    return [
      `it alerts itself, less urgently (${own.severity})${gap > 0 ? `, ${seconds(gap)} before the first of them` : ''}`,
    ];
  }
  if (reported) return [`${name} reports trouble itself: “${reported}”`];
  return [`${name} has not alerted itself: it is concluded from what depends on it`];
}

const seconds = (n: number): string => (n < 120 ? `${n} s` : `${Math.round(n / 60)} min`);
