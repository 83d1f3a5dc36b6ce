/** One line for notes and slash commands; Enter writes it into the record. */
import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { ProblemAlert, useCommand } from '../../../kit/index.ts';
import classes from './room.module.css';
import { type Line, readLine, suggestions } from './slash.ts';

export function Composer({ incidentId, onPosted }: { incidentId: string; onPosted: () => void }) {
  const [text, setText] = useState('');
  const [hint, setHint] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const { run, busy } = useLine(incidentId);
  const offers = suggestions(text);
  // The field is free at once for the next line; a refused one comes back with its reason.
  const send = () => {
    const typed = text;
    if (typed.trim() === '') return;
    const line = readLine(typed);
    setHint(line.kind === 'unclear' ? line.hint : undefined);
    if (line.kind === 'unclear') return;
    setProblem(undefined);
    setText('');
    run(line).then(onPosted, (error: unknown) => {
      setProblem(error);
      setText((now) => (now === '' ? typed : now));
    });
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <Textarea
          aria-label="Write into the record"
          placeholder="A note, or / for more"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={10_000}
          flex={1}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Button type="submit" loading={busy} disabled={text.trim() === ''}>
          Write
        </Button>
      </Group>
      {(offers.length > 0 || hint) && (
        <ul className={classes.slash}>
          {hint && <li>Write it like this: {hint}</li>}
          {!hint &&
            offers.map(({ word, usage, help }) => (
              <li key={word}>
                <button type="button" onClick={() => setText(`/${word} `)}>
                  <b>{usage}</b> {help}
                </button>
              </li>
            ))}
        </ul>
      )}
      <ProblemAlert error={problem} />
    </form>
  );
}

/** Carries out what a line means. */
function useLine(incidentId: string): {
  run: (line: Exclude<Line, { kind: 'unclear' }>) => Promise<unknown>;
  busy: boolean;
} {
  const options = { problems: 'inline' } as const;
  const note = useCommand(incidents.postEntry, options);
  const hypothesis = useCommand(incidents.addHypothesis, options);
  const decision = useCommand(incidents.recordDecision, options);
  const severity = useCommand(incidents.changeSeverity, options);
  const role = useCommand(incidents.assignRole, options);
  const task = useCommand(incidents.addTask, options);
  const params = { id: incidentId };
  const run = (line: Exclude<Line, { kind: 'unclear' }>): Promise<unknown> => {
    switch (line.kind) {
      case 'note':
      case 'action':
        return note.mutateAsync({ params, body: { text: line.text, kind: line.kind } });
      case 'hypothesis':
        return hypothesis.mutateAsync({ params, body: { text: line.text } });
      case 'decision':
        return decision.mutateAsync({ params, body: { question: line.question, choice: line.choice } });
      case 'severity':
        return severity.mutateAsync({ params, body: { severity: line.severity, reason: line.reason } });
      case 'role':
        return role.mutateAsync({ params, body: { role: line.role } });
      default:
        return task.mutateAsync({ params, body: { text: line.text } });
    }
  };
  return { run, busy: [note, hypothesis, decision, severity, role, task].some(({ isPending }) => isPending) };
}
