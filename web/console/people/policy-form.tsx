/** Makes or changes an escalation policy: rungs of a ladder that can be added, moved and taken away. */
import { Button, Group, Modal, NumberInput, Select, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people, type Policy, type PolicyStep, type TargetKind } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  DurationInput,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import ladder from './ladder.module.css';
import { type StepDraft, StepForm } from './step-form.tsx';

let nextKey = 1;
const newStep = (step?: PolicyStep): StepDraft => ({
  key: nextKey++,
  delaySeconds: step?.delaySeconds ?? 300,
  targets: (step?.targets ?? []).map(({ kind, id }) => `${kind}:${id}`),
  call: step?.call ?? 'all',
  when: step?.when ?? undefined,
});

const targetOf = (text: string) => {
  const cut = text.indexOf(':');
  return { kind: text.slice(0, cut) as TargetKind, id: text.slice(cut + 1) };
};

function usePolicyForm(policy: Policy | undefined, onDone: () => void) {
  const initialValues = {
    name: policy?.name ?? '',
    teamId: policy?.teamId ?? null,
    repeat: (policy?.repeat ?? 1) as number | string,
    steps: policy?.steps.map(newStep) ?? [newStep()],
    ackTimeoutMinutes: policy ? policy.ackTimeoutMinutes : null,
  };
  const body = (values: typeof initialValues) => ({
    name: values.name,
    teamId: values.teamId,
    repeat: Number(values.repeat),
    ackTimeoutMinutes: values.ackTimeoutMinutes,
    steps: values.steps.map(({ delaySeconds, targets, call: how, when }) => ({
      delaySeconds,
      targets: targets.map(targetOf),
      call: how,
      ...(when && Object.values(when).some((part) => part !== undefined) && { when }),
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
  const { steps, ackTimeoutMinutes } = form.values;
  const setSteps = (next: StepDraft[]) => form.setFieldValue('steps', next);
  const move = (index: number, by: number) => {
    const next = [...steps];
    const [moved] = next.splice(index, 1);
    next.splice(index + by, 0, moved!);
    setSteps(next);
  };
  return (
    <Modal opened onClose={onClose} title={policy ? policy.name : 'Make a policy'} size="xl">
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
        <ol className={ladder.editor} aria-label="Steps">
          {steps.map((step, index) => (
            <StepForm
              key={step.key}
              step={step}
              index={index}
              count={steps.length}
              errors={errorsOf(form.errors, `steps.${index}.`)}
              onChange={(next) => setSteps(steps.map((other) => (other.key === step.key ? next : other)))}
              onMove={(by) => move(index, by)}
              onRemove={() => setSteps(steps.filter((other) => other.key !== step.key))}
            />
          ))}
        </ol>
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
        <Group align="flex-start" gap="xl">
          <Switch
            mt={4}
            label="Ask again when nothing is heard after it was taken"
            checked={ackTimeoutMinutes !== null}
            onChange={(event) => form.setFieldValue('ackTimeoutMinutes', event.currentTarget.checked ? 30 : null)}
          />
          {ackTimeoutMinutes !== null && (
            <DurationInput
              label="After"
              value={ackTimeoutMinutes * 60}
              error={form.errors.ackTimeoutMinutes}
              onChange={(seconds) => form.setFieldValue('ackTimeoutMinutes', Math.round((seconds ?? 1800) / 60))}
            />
          )}
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

/** The errors below a path, by what follows it. */
const errorsOf = (errors: Record<string, React.ReactNode>, path: string): Record<string, React.ReactNode> =>
  Object.fromEntries(
    Object.entries(errors).flatMap(([field, error]) =>
      field.startsWith(path) ? [[field.slice(path.length), error]] : [],
    ),
  );

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
