/** Which playbooks to offer: what each is for, what it was good for before, and the words it shares. Pure. */
import { fit, slugOf } from '../runs/model.ts';
import type { Candidate, Severity, Situation, Suggestion } from './situation.ts';

/** The best two that are meant for such a situation. */
export function bestPlaybooks(situation: Situation, severity: Severity): Suggestion[] {
  return situation.playbooks
    .flatMap((candidate) => weigh(situation, severity, candidate) ?? [])
    .toSorted((a, b) => b.score - a.score || (a.label < b.label ? -1 : 1))
    .slice(0, 2);
}

function weigh(situation: Situation, severity: Severity, candidate: Candidate): Suggestion | null {
  const { playbook, shared } = candidate;
  const found = fit(playbook, { severity, services: situation.services });
  if (!found) return null;
  const slugs = playbook.metadata.services.map(slugOf);
  const covers = situation.services.some(({ slug }) => slugs.includes(slug));
  const doubts = [1 - (covers ? 0.55 : 0.1)];
  const reasons = [...found.reasons];
  const used = situation.past.find(({ playbooks }) => playbooks.some(({ id }) => id === candidate.id));
  if (used) {
    doubts.push(1 - 0.6 * used.score);
    reasons.unshift(`used in ${used.key}, which is ${Math.round(100 * used.score)} % alike`);
  }
  if (shared.length > 0) {
    doubts.push(1 - Math.min(0.3, 0.1 * shared.length));
    reasons.push(`shares the ${shared.length === 1 ? 'word' : 'words'} ${shared.slice(0, 4).join(', ')}`);
  }
  const score = Math.round(100 * (1 - doubts.reduce((all, one) => all * one, 1)));
  return { kind: 'playbook', value: candidate.id, label: candidate.title, score, reasons, detail: {} };
}
