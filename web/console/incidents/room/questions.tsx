/** What nobody knows yet: questions with whose they are, by when, and what was answered. */
import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { commandEndpoints as command, type Question } from '#contract/incidents-command';
import {
  Ago,
  Countdown,
  ProblemAlert,
  Section,
  serverNow,
  StateBadge,
  useCommand,
  useMay,
} from '../../../kit/index.ts';
import { None } from './bits.tsx';
import { useRoom } from './context.tsx';
import { useCommandView } from './lanes.tsx';
import { useKnown } from './lines.ts';
import classes from './room.module.css';

export function Questions() {
  const view = useCommandView();
  const may = useMay('incidents.askQuestion');
  const { incident } = useRoom();
  const [asking, setAsking] = useState(false);
  const questions = (view?.questions ?? []).filter(({ state }) => state !== 'withdrawn');
  const open = questions.filter(({ state }) => state === 'open');
  const settled = questions.filter(({ state }) => state === 'answered');
  const alive = !['closed', 'merged', 'false_alarm'].includes(incident.phase);
  return (
    <Section
      title="Questions"
      id="questions"
      actions={
        may &&
        alive && (
          <Button size="compact-sm" variant="default" onClick={() => setAsking(!asking)} aria-expanded={asking}>
            Ask
          </Button>
        )
      }
    >
      <Stack gap="sm">
        {asking && <Ask onDone={() => setAsking(false)} />}
        {questions.length === 0 && !asking && <None>What is not known yet? Ask it, with an owner and a time.</None>}
        {open.map((one) => (
          <One key={one.id} question={one} />
        ))}
        {settled.map((one) => (
          <div key={one.id}>
            <Text fz="sm">{one.text}</Text>
            <Text fz="xs" c="dimmed">
              {one.settledBy}
              {one.settledAt && (
                <>
                  , <Ago at={one.settledAt} />
                </>
              )}
              : {one.answer}
              {one.plain && ' (may be quoted)'}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function One({ question }: { question: Question }) {
  const [answering, setAnswering] = useState(false);
  const may = useMay('incidents.setQuestion');
  return (
    <div>
      <div className={classes.row}>
        <Text fz="sm">{question.text}</Text>
        <Group gap={6} wrap="nowrap">
          {question.overdue && <StateBadge state="overdue" tone="warn" label="Overdue" quiet />}
          {may && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setAnswering(!answering)}
              aria-expanded={answering}
              aria-label={`Answer: ${question.text}`}
            >
              Answer
            </Button>
          )}
        </Group>
      </div>
      <Text fz="xs" c="dimmed">
        {question.owner ? question.owner.name : 'nobody has it'}
        {question.dueAt && (
          <>
            {', '}
            <Countdown at={question.dueAt} />
          </>
        )}
        , asked by {question.askedBy.name} <Ago at={question.askedAt} />
      </Text>
      {answering && <Answer question={question} onDone={() => setAnswering(false)} />}
    </div>
  );
}

function Answer({ question, onDone }: { question: Question; onDone: () => void }) {
  const [answer, setAnswer] = useState('');
  const [plain, setPlain] = useState(false);
  const set = useCommand(command.setQuestion, { problems: 'inline', onDone });
  const params = { questionId: question.id };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (answer.trim()) set.mutate({ params, body: { answer: answer.trim(), plain } });
  };
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <Stack gap="xs">
        <TextInput
          label="Answer"
          value={answer}
          onChange={(event) => setAnswer(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox
          label="In plain words: it may be quoted to customers and executives"
          checked={plain}
          onChange={(event) => setPlain(event.currentTarget.checked)}
        />
        <ProblemAlert error={set.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" onClick={() => set.mutate({ params, body: { withdraw: true } })}>
            Withdraw it
          </Button>
          <Button type="submit" loading={set.isPending} disabled={answer.trim() === ''}>
            Save answer
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const DUES = [
  { value: '', label: 'No time' },
  { value: '10', label: 'in 10 min' },
  { value: '20', label: 'in 20 min' },
  { value: '60', label: 'in 1 h' },
];

function Ask({ onDone }: { onDone: () => void }) {
  const { incident } = useRoom();
  const { people } = useKnown();
  const [text, setText] = useState('');
  const [ownerId, setOwner] = useState<string | null>(null);
  const [due, setDue] = useState('20');
  const ask = useCommand(command.askQuestion, { problems: 'inline', onDone });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const dueAt = due ? new Date(serverNow() + Number(due) * 60_000).toISOString() : undefined;
    ask.mutate({ params: { id: incident.id }, body: { text: text.trim(), ownerId: ownerId ?? undefined, dueAt } });
  };
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <Stack gap="xs">
        <TextInput
          label="Question"
          required
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <Group gap="xs" grow>
          <Select
            label="Who finds out"
            placeholder="Nobody yet"
            searchable
            clearable
            data={people.map(({ id, name }) => ({ value: id, label: name }))}
            value={ownerId}
            onChange={setOwner}
          />
          <Select
            label="By when"
            allowDeselect={false}
            data={DUES}
            value={due}
            onChange={(next) => setDue(next ?? '')}
          />
        </Group>
        <ProblemAlert error={ask.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={ask.isPending} disabled={text.trim() === ''}>
            Ask
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
