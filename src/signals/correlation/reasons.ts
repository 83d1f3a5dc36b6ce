/** Why a case is believed to come from its origin, in sentences. Pure. */
import { CHANGED_WITHIN_MS, type Found, type Scene } from './scene.ts';

/** What a person can check: how many depend on it, when it began itself, what was changed there. */
export function reasonsFor(scene: Scene, { originId, silent, lead, members }: Found): string[] {
  const { topology, changes, limits, sightings } = scene;
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
  if (silent) reasons.push(`${name} has not alerted itself: it is concluded from what depends on it`);
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
  const change = changes.get(originId);
  if (change && change.at <= began + 60_000 && began - change.at <= CHANGED_WITHIN_MS)
    reasons.push(
      `${name} was changed ${seconds(Math.max(0, Math.round((began - change.at) / 1000)))} before: ${change.summary}`,
    );
  return reasons;
}

const seconds = (n: number): string => (n < 120 ? `${n} s` : `${Math.round(n / 60)} min`);
