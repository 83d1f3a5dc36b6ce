/** The RACI matrix: who does, answers for, is asked and is told, per activity. */
import { ActionIcon, Button, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type Activity, endpoints as incidents, type Raci, STEPS } from '#contract/incidents';
import {
  Hint,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  sentence,
  useCommand,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { useRoles } from '../people/role-words.ts';
import classes from '../people/roles.module.css';

type Letter = Activity['cells'][number]['letters'][number];

export function RaciPage() {
  const query = useQueryOf(incidents.raci);
  const mayEdit = useMay('incidents.setRaci');
  const [editing, setEditing] = useState(false);
  return (
    <Page
      title="Who does what"
      width="wide"
      crumbs={[{ label: 'Incident roles', to: '/roles' }]}
      subtitle="R does it, A answers for it (exactly one), C is asked, I is told. Whoever leads is told within a minute when an R or A is empty."
      actions={mayEdit && !editing && query.data && <Button onClick={() => setEditing(true)}>Edit the matrix</Button>}
    >
      <Loaded query={query} lines={6}>
        {(raci) => (editing ? <Editor raci={raci} onClose={() => setEditing(false)} /> : <Matrix raci={raci} />)}
      </Loaded>
    </Page>
  );
}

const when = ({ phases, severities }: Activity): string =>
  [
    phases.length > 0 ? phases.map((phase) => sentence(phase).toLowerCase()).join(', ') : 'every phase',
    severities.length > 0 ? severities.map((severity) => `SEV${severity}`).join(', ') : 'every severity',
  ].join(' · ');

function Matrix({ raci }: { raci: Raci }) {
  const { all, titleOf } = useRoles();
  const used = new Set(raci.activities.flatMap(({ cells }) => cells.map(({ role }) => role)));
  const columns = all.filter(({ key }) => used.has(key));
  return (
    <Section
      flush
      label="The matrix"
      description={
        raci.savedAt ? (
          <>
            Version {raci.version}, saved by {raci.savedBy?.name} <When at={raci.savedAt} />
          </>
        ) : (
          'As the product comes. Make it yours.'
        )
      }
    >
      <div className={classes.matrix} tabIndex={0} role="region" aria-label="Activities by role">
        <table>
          <thead>
            <tr>
              <th scope="col">Activity</th>
              {columns.map(({ key }) => (
                <th key={key} scope="col">
                  {titleOf(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {raci.activities.map((activity) => (
              <tr key={activity.title}>
                <th scope="row" style={{ fontWeight: 500 }}>
                  {activity.title}
                  <div className={classes.dim}>{when(activity)}</div>
                </th>
                {columns.map(({ key }) => {
                  const letters = activity.cells.find(({ role }) => role === key)?.letters ?? [];
                  return (
                    <td key={key}>
                      <span
                        className={classes.letters}
                        data-strong={letters.includes('A') || letters.includes('R') || undefined}
                      >
                        {letters.join('')}
                      </span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const CHOICES: { value: string; label: string }[] = [
  { value: 'R', label: 'R: does it' },
  { value: 'A', label: 'A: answers for it' },
  { value: 'RA', label: 'R and A: both' },
  { value: 'C', label: 'C: is asked' },
  { value: 'I', label: 'I: is told' },
];

function Editor({ raci, onClose }: { raci: Raci; onClose: () => void }) {
  const [activities, setActivities] = useState(raci.activities);
  const save = useCommand(incidents.setRaci, { done: 'Matrix saved', onDone: onClose, problems: 'inline' });
  const change = (at: number, to: Partial<Activity>) =>
    setActivities(activities.map((one, i) => (i === at ? { ...one, ...to } : one)));
  return (
    <>
      {activities.map((activity, at) => (
        <EditActivity
          // A row has no name of its own while it is typed; its place is what it is.
          key={at}
          activity={activity}
          onChange={(to) => change(at, to)}
          onRemove={() => setActivities(activities.filter((_, i) => i !== at))}
        />
      ))}
      <ProblemAlert error={save.error} />
      <Group justify="space-between">
        <Button
          variant="default"
          onClick={() => setActivities([...activities, { title: '', phases: [], severities: [], cells: [] }])}
        >
          Add an activity
        </Button>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate({ body: { activities, version: raci.version } })}>
            Save the matrix
          </Button>
        </Group>
      </Group>
    </>
  );
}

/** What a row lacks, said while it is edited; the server checks all the same. */
function lacking({ title, cells }: Activity): string | null {
  const count = (letter: Letter) => cells.filter(({ letters }) => letters.includes(letter)).length;
  if (!title.trim()) return 'Give the activity a name.';
  if (count('A') !== 1) return count('A') === 0 ? 'Nobody answers for it (A).' : 'Only one role answers for it (A).';
  return count('R') === 0 ? 'Nobody does it (R).' : null;
}

function EditActivity({
  activity,
  onChange,
  onRemove,
}: {
  activity: Activity;
  onChange: (to: Partial<Activity>) => void;
  onRemove: () => void;
}) {
  const { all } = useRoles();
  const lack = lacking(activity);
  const set = (role: string, letters: string | null) =>
    onChange({
      cells: [
        ...activity.cells.filter((cell) => cell.role !== role),
        ...(letters ? [{ role, letters: [...letters] as Letter[] }] : []),
      ],
    });
  return (
    <Section label={activity.title || 'New activity'}>
      <Group align="flex-end" wrap="nowrap" mb="sm">
        <TextInput
          label="Activity"
          style={{ flex: 1 }}
          value={activity.title}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
        />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={`Remove ${activity.title || 'the new activity'}`}
          onClick={onRemove}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <div className={classes.fields}>
        <MultiSelect
          label="Phases"
          placeholder={activity.phases.length === 0 ? 'Every phase' : ''}
          data={STEPS.map((step) => ({ value: step, label: sentence(step) }))}
          value={activity.phases}
          onChange={(phases) => onChange({ phases: phases as Activity['phases'] })}
        />
        <MultiSelect
          label="Severities"
          placeholder={activity.severities.length === 0 ? 'Every severity' : ''}
          data={[1, 2, 3, 4].map((severity) => ({ value: String(severity), label: `SEV${severity}` }))}
          value={activity.severities.map(String)}
          onChange={(severities) => onChange({ severities: severities.map(Number) })}
        />
        {all.map(({ key, title }) => {
          const letters = activity.cells.find(({ role }) => role === key)?.letters ?? [];
          const value = CHOICES.find((one) => [...one.value].toSorted().join() === letters.toSorted().join())?.value;
          return (
            <Select
              key={key}
              label={title}
              placeholder="–"
              clearable
              data={CHOICES}
              value={value ?? null}
              onChange={(next) => set(key, next)}
            />
          );
        })}
      </div>
      {lack && (
        <div style={{ marginTop: '0.75rem' }}>
          <Hint tone="notice">{lack}</Hint>
        </div>
      )}
    </Section>
  );
}
