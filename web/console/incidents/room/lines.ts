/** Carries out what a line of the composer means. */
import { endpoints as comms } from '#contract/comms';
import { endpoints as incidents } from '#contract/incidents';
import { commandEndpoints as command } from '#contract/incidents-command';
import { endpoints as people } from '#contract/people';
import { serverNow, useCommand, useGo, useQueryOf } from '../../../kit/index.ts';
import { useRoles } from '../../people/role-words.ts';
import { useRoom } from './context.tsx';
import type { Known, Line } from './slash.ts';

type Clear = Exclude<Line, { kind: 'unclear' }>;

/** Whom and what a line may name: every role of the catalogue, everybody who is active. */
export function useKnown(): Known {
  const { all } = useRoles();
  const { data } = useQueryOf(people.people);
  return {
    roles: all.map(({ key, title }) => ({ key, title })),
    people: (data?.items ?? []).filter(({ active }) => active).map(({ id, name }) => ({ id, name })),
  };
}

export function useLine(incidentId: string): { run: (line: Clear) => Promise<unknown>; busy: boolean } {
  const { incident } = useRoom();
  const go = useGo();
  const options = { problems: 'inline' } as const;
  const note = useCommand(incidents.postEntry, options);
  const hypothesis = useCommand(incidents.addHypothesis, options);
  const decision = useCommand(incidents.recordDecision, options);
  const severity = useCommand(incidents.changeSeverity, options);
  const role = useCommand(incidents.assignRole, options);
  const task = useCommand(incidents.addTask, options);
  const impact = useCommand(incidents.recordImpact, options);
  const question = useCommand(command.askQuestion, options);
  const update = useCommand(comms.startDraft, options);
  const params = { id: incidentId };
  const run = (line: Clear): Promise<unknown> => {
    switch (line.kind) {
      case 'note':
      case 'action':
        return note.mutateAsync({ params, body: { text: line.text, kind: line.kind } });
      case 'restricted': {
        const readers = line.personId ? [line.personId] : undefined;
        return note.mutateAsync({ params, body: { text: line.text, classification: 'restricted', readers } });
      }
      case 'hypothesis':
        return hypothesis.mutateAsync({ params, body: { text: line.text } });
      case 'decision':
        return decision.mutateAsync({ params, body: { question: line.question, choice: line.choice } });
      case 'severity':
        return severity.mutateAsync({ params, body: { severity: line.severity, reason: line.reason } });
      case 'role':
        return role.mutateAsync({ params, body: { role: line.role, userId: line.userId } });
      case 'impact': {
        const { customers, pctRequests, method } = line;
        return impact.mutateAsync({ params, body: { customers, pctRequests, method } });
      }
      case 'question': {
        const dueAt = line.minutes ? new Date(serverNow() + line.minutes * 60_000).toISOString() : undefined;
        return question.mutateAsync({ params, body: { text: line.text, ownerId: line.ownerId, dueAt } });
      }
      case 'update':
        return update
          .mutateAsync({ params, body: line.text ? { fields: { doing: [line.text] } } : {} })
          .then(() => go(`/incidents/${incident.key}/update`));
      default:
        return task.mutateAsync({ params, body: { text: line.text, personId: line.personId } });
    }
  };
  const all = [note, hypothesis, decision, severity, role, task, impact, question, update];
  return { run, busy: all.some(({ isPending }) => isPending) };
}
