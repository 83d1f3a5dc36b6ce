/** Adding or changing an incident role. */
import { Button, Checkbox, Group, Modal, MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people, type IncidentRole, STANDING_AUTHORITY } from '#contract/people';
import { CommandFormFrame, ConfirmButton, call, useCommandForm, useMay, useQueryOf } from '../../kit/index.ts';
import { said } from './role-words.ts';
import classes from './roles.module.css';

const COMMANDER = 'incident_commander';

function useRoleForm(role: IncidentRole | undefined, onDone: () => void) {
  const initialValues = {
    title: role?.title ?? '',
    purpose: role?.purpose ?? '',
    firstSteps: role?.firstSteps ?? '',
    duties: role?.duties ?? '',
    handover: role?.handover ?? '',
    authority: role?.authority ?? [],
    requiredFor: (role?.requiredFor ?? []).map(String),
    scheduleId: role?.rota?.id ?? null,
    certification: role?.certification ?? ('warn' as IncidentRole['certification']),
    handsOn: role?.handsOn ?? false,
    shared: role?.shared ?? false,
  };
  const body = (values: typeof initialValues) => ({ ...values, requiredFor: values.requiredFor.map(Number) });
  const create = useCommandForm(people.createRole, {
    initialValues,
    input: (values) => ({ body: body(values) }),
    done: 'Role added',
    onDone,
  });
  const update = useCommandForm(people.updateRole, {
    initialValues,
    input: (values) => ({ params: { key: role?.key ?? '' }, body: { ...body(values), version: role?.version } }),
    done: 'Role saved',
    onDone,
  });
  return role ? update : create;
}

export function RoleForm({ role, onClose }: { role?: IncidentRole; onClose: () => void }) {
  const { form, submit, pending, problem } = useRoleForm(role, onClose);
  const schedules = useQueryOf(people.schedules);
  const commands = role?.key === COMMANDER;
  const lines = { autosize: true, minRows: 2, description: 'One line each' };
  return (
    <Modal opened onClose={onClose} size="lg" title={role ? role.title : 'Add a role'}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save={role?.retired ? 'Bring back' : role ? 'Save role' : 'Add role'}
        secondary={
          <>
            {role && !commands && !role.retired && <Retire role={role} onDone={onClose} />}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </>
        }
      >
        <TextInput label="Title" required data-autofocus {...form.getInputProps('title')} />
        <TextInput label="What it is for" {...form.getInputProps('purpose')} />
        <Textarea label="What its holder does first" {...lines} {...form.getInputProps('firstSteps')} />
        <Textarea label="Duties" {...lines} {...form.getInputProps('duties')} />
        <Textarea label="Hand-over" {...lines} {...form.getInputProps('handover')} />
        <MultiSelect
          label="May decide"
          description="What cannot be undone is never given in advance"
          searchable
          data={STANDING_AUTHORITY.map((value) => ({ value, label: said(value) }))}
          {...form.getInputProps('authority')}
        />
        <div className={classes.fields}>
          <Select
            label="Rota"
            description="Whoever is on it is called at declaration"
            clearable
            searchable
            placeholder="No rota"
            data={(schedules.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('scheduleId')}
          />
          <MultiSelect
            label="Needed at"
            description="Unfilled, it is flagged to whoever leads"
            data={[1, 2, 3, 4].map((severity) => ({ value: String(severity), label: `SEV${severity}` }))}
            {...form.getInputProps('requiredFor')}
          />
          <Select
            label="Who is not certified and current"
            description="When somebody takes the role"
            allowDeselect={false}
            data={[
              { value: 'none', label: 'takes it without a word' },
              { value: 'warn', label: 'takes it with a warning' },
              { value: 'required', label: 'needs a recorded reason' },
            ]}
            {...form.getInputProps('certification')}
          />
        </div>
        {!commands && (
          <Group gap="lg">
            <Checkbox
              label="Works hands-on (not together with command)"
              {...form.getInputProps('handsOn', { type: 'checkbox' })}
            />
            <Checkbox label="Several people at once" {...form.getInputProps('shared', { type: 'checkbox' })} />
          </Group>
        )}
      </CommandFormFrame>
    </Modal>
  );
}

function Retire({ role, onDone }: { role: IncidentRole; onDone: () => void }) {
  const client = useQueryClient();
  if (!useMay('people.retireRole')) return null;
  return (
    <ConfirmButton
      danger
      mr="auto"
      title={`Take “${role.title}” out of use?`}
      consequences={['Nobody can be given it any more, and its rota is let go.', 'Records of past incidents keep it.']}
      confirm="Take out of use"
      onConfirm={async () => {
        await call(people.retireRole, { params: { key: role.key } });
        await client.invalidateQueries();
        onDone();
      }}
    >
      Take out of use
    </ConfirmButton>
  );
}
