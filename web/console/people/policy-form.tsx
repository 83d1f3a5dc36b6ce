/** Makes or changes an escalation policy: steps that can be added, moved and taken away. */
import { ActionIcon, Button, Group, Modal, MultiSelect, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people, type Policy } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  DurationInput,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './people.module.css';
import { usePeopleOptions } from './pick.tsx';

interface StepDraft {
  key: number;
  delaySeconds: number;
  /** `schedule:sch_…` */
  targets: string[];
}

let nextKey = 1;
const newStep = (targets: string[] = [], delaySeconds = 300): StepDraft => ({ key: nextKey++, delaySeconds, targets });

function usePolicyForm(policy: Policy | undefined, onDone: () => void) {
  const initialValues = {
    name: policy?.name ?? '',
    teamId: policy?.teamId ?? null,
    repeat: (policy?.repeat ?? 1) as number | string,
    steps: policy?.steps.map((step) =>
      newStep(
        step.targets.map(({ kind, id }) => `${kind}:${id}`),
        step.delaySeconds,
      ),
    ) ?? [newStep()],
  };
  const body = (values: typeof initialValues) => ({
    name: values.name,
    teamId: values.teamId,
    repeat: Number(values.repeat),
    steps: values.steps.map(({ delaySeconds, targets }) => ({
      delaySeconds,
      targets: targets.map((target) => {
        const [kind, id] = target.split(':') as ['schedule' | 'user' | 'team', string];
        return { kind, id };
      }),
    })),
  });
  const create = useCommandForm(people.createPolicy, {
    initialValues,
    input: (values) => ({ body: body(values) }),
    done: 'Policy made',
    onDone,
  });
  const update = useCommandForm(people.updatePolicy, {
    initialValues,
    input: (values) => ({ params: { id: policy?.id ?? '' }, body: { ...body(values), version: policy?.version } }),
    done: 'Policy saved. Running pages keep the one they started with.',
    onDone,
  });
  return policy ? update : create;
}

export function PolicyForm({ policy, onClose }: { policy?: Policy; onClose: () => void }) {
  const { form, submit, pending, problem } = usePolicyForm(policy, onClose);
  const teams = useQueryOf(people.teams);
  const { steps } = form.values;
  const setSteps = (next: StepDraft[]) => form.setFieldValue('steps', next);
  const move = (index: number, by: number) => {
    const next = [...steps];
    const [moved] = next.splice(index, 1);
    next.splice(index + by, 0, moved!);
    setSteps(next);
  };
  return (
    <Modal opened onClose={onClose} title={policy ? policy.name : 'Make a policy'} size="lg">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save={policy ? 'Save policy' : 'Make policy'}
        secondary={
          <>
            {policy && <DeletePolicy policy={policy} onDone={onClose} />}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </>
        }
      >
        <TextInput label="Name" placeholder="Payments" data-autofocus {...form.getInputProps('name')} />
        {steps.map((step, index) => (
          <StepEditor
            key={step.key}
            step={step}
            index={index}
            count={steps.length}
            error={stepError(form.errors, index)}
            onChange={(next) => setSteps(steps.map((other) => (other.key === step.key ? next : other)))}
            onMove={(by) => move(index, by)}
            onRemove={() => setSteps(steps.filter((other) => other.key !== step.key))}
          />
        ))}
        <Group justify="space-between" align="flex-end">
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={steps.length >= 20}
            onClick={() => setSteps([...steps, newStep()])}
          >
            Add a step
          </Button>
          <NumberInput
            label="Begin again … times"
            min={0}
            max={10}
            allowDecimal={false}
            w={170}
            {...form.getInputProps('repeat')}
          />
        </Group>
        <Select
          label="Team"
          description="Its leads are called when no step has anybody on call."
          clearable
          data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('teamId')}
        />
        <Text fz="xs" c="dimmed">
          After the last step the emergency contact of the installation is called once. Nobody on call never means
          nobody called.
        </Text>
      </CommandFormFrame>
    </Modal>
  );
}

/** The first error that belongs to a step, wherever inside it. */
const stepError = (errors: Record<string, React.ReactNode>, index: number) =>
  Object.entries(errors).find(([path]) => path.startsWith(`steps.${index}.`))?.[1];

interface StepProps {
  step: StepDraft;
  index: number;
  count: number;
  error: React.ReactNode;
  onChange: (step: StepDraft) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function StepEditor({ step, index, count, error, onChange, onMove, onRemove }: StepProps) {
  const options = useTargetOptions();
  const n = index + 1;
  return (
    <fieldset className={classes.stepBox}>
      <div className={classes.stepHead}>
        <b>Step {n}</b>
        <span>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={index === 0}
            aria-label={`Move step ${n} up`}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={n === count}
            aria-label={`Move step ${n} down`}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={count === 1}
            aria-label={`Remove step ${n}`}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </span>
      </div>
      <MultiSelect
        label="Call"
        placeholder={step.targets.length === 0 ? 'Schedules, people or teams' : undefined}
        searchable
        data={options}
        value={step.targets}
        onChange={(targets) => onChange({ ...step, targets })}
        error={error}
      />
      <DurationInput
        label="Wait for an answer"
        value={step.delaySeconds}
        onChange={(seconds) => onChange({ ...step, delaySeconds: seconds ?? 0 })}
      />
    </fieldset>
  );
}

function useTargetOptions() {
  const schedules = useQueryOf(people.schedules);
  const teams = useQueryOf(people.teams);
  const persons = usePeopleOptions();
  return [
    {
      group: 'Schedules',
      items: (schedules.data?.items ?? []).map(({ id, name }) => ({ value: `schedule:${id}`, label: name })),
    },
    {
      group: 'Teams',
      items: (teams.data?.items ?? []).map(({ id, name }) => ({ value: `team:${id}`, label: `${name} (whole team)` })),
    },
    { group: 'People', items: persons.map(({ value, label }) => ({ value: `user:${value}`, label })) },
  ];
}

function DeletePolicy({ policy, onDone }: { policy: Policy; onDone: () => void }) {
  const client = useQueryClient();
  if (!useMay('people.deletePolicy')) return null;
  return (
    <ConfirmButton
      danger
      mr="auto"
      title={`Delete “${policy.name}”?`}
      consequences={[
        'Pages that are running go on with their own copy.',
        'It is refused while a service still uses this policy.',
      ]}
      confirm="Delete policy"
      onConfirm={async () => {
        await call(people.deletePolicy, { params: { id: policy.id } });
        await client.invalidateQueries();
        onDone();
      }}
    >
      Delete
    </ConfirmButton>
  );
}
