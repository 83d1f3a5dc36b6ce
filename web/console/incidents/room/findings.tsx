/** What is thought, decided and to be done: hypotheses, decisions, tasks. */
import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents, type Incident } from '#contract/incidents';
import { Ago, PersonName, ProblemAlert, Section, StateBadge, useCommand, useMay } from '../../../kit/index.ts';
import { None } from './bits.tsx';
import { useRoles } from '../../people/role-words.ts';
import { useRoom } from './context.tsx';
import { useCommandView } from './lanes.tsx';
import { OpenPoints, PutOnTable } from './points.tsx';
import classes from './room.module.css';

type Hypothesis = Incident['hypotheses'][number];

export function Hypotheses() {
  const { incident } = useRoom();
  const add = useCommand(incidents.addHypothesis);
  return (
    <Section title="Hypotheses" id="hypotheses">
      <Stack gap="sm">
        {incident.hypotheses.length === 0 && <None>What could be behind it? Write it down, then test it.</None>}
        {incident.hypotheses.map((one) => (
          <One key={one.id} hypothesis={one} />
        ))}
        {useMay('incidents.addHypothesis') && (
          <AddLine
            label="New hypothesis"
            placeholder="It could be that …"
            busy={add.isPending}
            onAdd={(text) => add.mutateAsync({ params: { id: incident.id }, body: { text } })}
          />
        )}
      </Stack>
    </Section>
  );
}

function One({ hypothesis }: { hypothesis: Hypothesis }) {
  const [changing, setChanging] = useState(false);
  const last = hypothesis.evidence.at(-1);
  return (
    <div>
      <div className={classes.row}>
        <Text fz="sm">{hypothesis.text}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => setChanging(!changing)}
          aria-expanded={changing}
          aria-label={`Judge: ${hypothesis.text}`}
        >
          <StateBadge state={hypothesis.state} quiet />
        </Button>
      </div>
      {last && (
        <Text fz="xs" c="dimmed">
          {last.by}, <Ago at={last.at} />: {last.text}
        </Text>
      )}
      {changing && <Judge hypothesis={hypothesis} onDone={() => setChanging(false)} />}
    </div>
  );
}

function Judge({ hypothesis, onDone }: { hypothesis: Hypothesis; onDone: () => void }) {
  const [state, setState] = useState<Hypothesis['state']>('supported');
  const [evidence, setEvidence] = useState('');
  const set = useCommand(incidents.setHypothesis, { problems: 'inline', onDone });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    set.mutate({ params: { hypothesisId: hypothesis.id }, body: { state, evidence: evidence || undefined } });
  };
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <Group gap="xs" align="flex-end" wrap="wrap">
        <Select
          label="It is"
          data={['open', 'supported', 'refuted', 'confirmed']}
          allowDeselect={false}
          value={state}
          onChange={(next) => setState((next ?? 'open') as Hypothesis['state'])}
          w={130}
        />
        <TextInput
          label="Because"
          placeholder="What was seen"
          value={evidence}
          onChange={(event) => setEvidence(event.currentTarget.value)}
          flex="1 1 10rem"
        />
        <Button type="submit" loading={set.isPending}>
          Save
        </Button>
      </Group>
      <ProblemAlert error={set.error} />
    </form>
  );
}

/** Nothing is said to be missing while something is on the table. */
function NoneYet() {
  const open = useCommandView()?.points.some(({ state }) => state === 'open');
  return open ? null : <None>None recorded yet.</None>;
}

export function Decisions() {
  const { incident } = useRoom();
  const may = useMay('incidents.recordDecision');
  const [adding, setAdding] = useState(false);
  const [putting, setPutting] = useState(false);
  return (
    <Section
      title="Decisions"
      id="decisions"
      actions={
        may && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => setPutting(!putting)} aria-expanded={putting}>
              Put on the table
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setAdding(!adding)} aria-expanded={adding}>
              Record one
            </Button>
          </>
        )
      }
    >
      <Stack gap="sm">
        {putting && <PutOnTable onDone={() => setPutting(false)} />}
        {adding && <Decide onDone={() => setAdding(false)} />}
        <OpenPoints />
        {incident.decisions.length === 0 && !adding && !putting && <NoneYet />}
        {incident.decisions.map((one) => (
          <div key={one.id}>
            <Text fz="sm">
              {one.question} <b>{one.choice}</b>
            </Text>
            <Text fz="xs" c="dimmed">
              {one.decider.name}, <Ago at={one.occurredAt} />
              {one.approval?.state === 'granted' &&
                `, approved by ${one.approval.approvers.map(({ name }) => name).join(' and ')}`}
              {one.approval?.state === 'pending' && ', waits for approval'}
              {one.approval?.state === 'refused' && ', refused'}
              {one.reversible === false && ', cannot be taken back'}
              {one.rationale && `. ${one.rationale}`}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function Decide({ onDone }: { onDone: () => void }) {
  const { incident } = useRoom();
  const [form, setForm] = useState({ question: '', choice: '', rationale: '', needsApproval: false, reversible: true });
  const record = useCommand(incidents.recordDecision, { problems: 'inline', onDone });
  const change = (next: Partial<typeof form>) => setForm({ ...form, ...next });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    record.mutate({ params: { id: incident.id }, body: form });
  };
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <Stack gap="xs">
        <TextInput
          label="Question"
          required
          value={form.question}
          onChange={(event) => change({ question: event.currentTarget.value })}
        />
        <TextInput
          label="Decision"
          required
          value={form.choice}
          onChange={(event) => change({ choice: event.currentTarget.value })}
        />
        <TextInput
          label="Because"
          value={form.rationale}
          onChange={(event) => change({ rationale: event.currentTarget.value })}
        />
        <Checkbox
          label="It can be taken back"
          checked={form.reversible}
          onChange={(event) => change({ reversible: event.currentTarget.checked })}
        />
        <Checkbox
          label="Ask a second person to approve"
          checked={form.needsApproval}
          onChange={(event) => change({ needsApproval: event.currentTarget.checked })}
        />
        <ProblemAlert error={record.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={record.isPending}>
            Record decision
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function Tasks() {
  const { incident } = useRoom();
  const may = useMay('incidents.setTask');
  const { titleOf } = useRoles();
  const add = useCommand(incidents.addTask);
  const set = useCommand(incidents.setTask);
  const tasks = incident.tasks.filter(({ state }) => state !== 'dropped');
  return (
    <Section title="Tasks" id="tasks">
      <Stack gap="sm">
        {tasks.length === 0 && <None>Nothing to hand out yet.</None>}
        {tasks.map((task) => (
          <div key={task.id} className={classes.row}>
            <Checkbox
              label={task.text}
              checked={task.state === 'done'}
              disabled={!may}
              onChange={(event) =>
                set.mutate({
                  params: { taskId: task.id },
                  body: { state: event.currentTarget.checked ? 'done' : 'open' },
                })
              }
            />
            {task.person ? (
              <PersonName person={task.person} plain />
            ) : (
              may &&
              task.state === 'open' && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Take: ${task.text}`}
                  onClick={() => set.mutate({ params: { taskId: task.id }, body: { claim: true } })}
                >
                  {task.role ? `Take (${titleOf(task.role)})` : 'Take'}
                </Button>
              )
            )}
          </div>
        ))}
        {may && (
          <AddLine
            label="New task"
            placeholder="Call the carrier"
            busy={add.isPending}
            onAdd={(text) => add.mutateAsync({ params: { id: incident.id }, body: { text } })}
          />
        )}
      </Stack>
    </Section>
  );
}

/** One line to add something; it empties when the server has it. */
function AddLine({
  label,
  placeholder,
  busy,
  onAdd,
}: {
  label: string;
  placeholder: string;
  busy: boolean;
  onAdd: (text: string) => Promise<unknown>;
}) {
  const [text, setText] = useState('');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (text.trim())
      void onAdd(text).then(
        () => setText(''),
        () => undefined,
      );
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          aria-label={label}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          flex={1}
        />
        <Button
          type="submit"
          variant="default"
          loading={busy}
          disabled={text.trim() === ''}
          aria-label={`Add: ${label.toLowerCase()}`}
        >
          Add
        </Button>
      </Group>
    </form>
  );
}
