/** Which service a group is about when nobody has said: what earlier ones of the same alert were about, and what its words name. Pure. */
import type { Named, Past, Situation, Suggestion } from './situation.ts';

interface Evidence {
  service: Named;
  weight: number;
  why: string;
}

/** Shorter names stand in too many words. */
const SHORTEST_NAME = 4;

/** The best two, when the service is not known. Each piece of evidence leaves so much doubt; doubts multiply. */
export function bestService(situation: Situation): Suggestion[] {
  if (situation.services.length > 0) return [];
  const evidence = [...fromEarlier(situation), ...fromWords(situation), ...fromPast(situation.past)];
  const byId = Map.groupBy(evidence, ({ service }) => service.id);
  return [...byId.values()]
    .map((list): Suggestion => {
      const sure = 1 - list.reduce((doubt, { weight }) => doubt * (1 - weight), 1);
      const { service } = list[0]!;
      const reasons = list.toSorted((a, b) => b.weight - a.weight).map(({ why }) => why);
      return {
        kind: 'service',
        value: service.id,
        label: service.name,
        score: Math.round(100 * sure),
        reasons: [...new Set(reasons)].slice(0, 4),
        detail: {},
      };
    })
    .toSorted((a, b) => b.score - a.score || (a.label < b.label ? -1 : 1))
    .slice(0, 2);
}

function fromEarlier({ earlier }: Situation): Evidence[] {
  const all = earlier.reduce((sum, { groups }) => sum + groups, 0);
  return earlier.map(({ service, groups }) => ({
    service,
    // One case is a hint; three of three are as good as certain.
    weight: 0.9 * (groups / all) * (1 - 0.5 ** groups),
    why: `${groups} of ${all} earlier alerts with this title were about ${service.name}`,
  }));
}

function fromWords({ title, sent, catalogue }: Situation): Evidence[] {
  const found: Evidence[] = [];
  for (const service of catalogue) {
    if (namesIt(title, service)) found.push({ service, weight: 0.5, why: `its title names ${service.name}` });
    for (const alert of sent) {
      const label = Object.entries(alert.labels).find(([, value]) => namesIt(value, service));
      if (label) found.push({ service, weight: 0.6, why: `label ${label[0]} is “${label[1].slice(0, 60)}”` });
      else if (namesIt(alert.source, service))
        found.push({ service, weight: 0.6, why: `it comes from ${alert.source.slice(0, 60)}` });
      else if (alert.title !== title && namesIt(alert.title, service))
        found.push({ service, weight: 0.4, why: `an alert in it names ${service.name}` });
      if (found.at(-1)?.service === service && found.at(-1)!.weight > 0.5) break;
    }
  }
  // “orders” stands in “orders-db”: the longer name is meant.
  return found.filter(
    ({ service }) => !found.some((other) => other.service !== service && other.service.slug.includes(service.slug)),
  );
}

/** The address or the name as whole words: `orders-db` in `orders-db-3.eu`, not `order` in `reorders`. */
export function namesIt(text: string, { slug, name }: Pick<Named, 'slug' | 'name'>): boolean {
  const low = text.toLowerCase();
  return [slug.toLowerCase(), name.toLowerCase()].some((word) => {
    if (word.length < SHORTEST_NAME) return false;
    for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + 1))
      if (!isWordAt(low, at - 1) && !isWordAt(low, at + word.length)) return true;
    return false;
  });
}
const isWordAt = (text: string, at: number): boolean => {
  const char = text.at(at);
  return (
    at >= 0 &&
    at < text.length &&
    char !== undefined &&
    (char.toLowerCase() !== char.toUpperCase() || (char >= '0' && char <= '9'))
  );
};

const fromPast = (past: Past[]): Evidence[] =>
  past.slice(0, 3).flatMap((one) =>
    one.services.map((service) => ({
      service,
      weight: 0.35 * one.score,
      why: `${one.key}, ${Math.round(100 * one.score)} % alike, affected ${service.name}`,
    })),
  );
