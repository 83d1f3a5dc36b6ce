/** Making or changing a team; a response team also names functions, alternates and written authority. */
import { Button, Checkbox, Modal, MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people, FUNCTIONS, STANDING_AUTHORITY, type Team } from '#contract/people';
import { CommandFormFrame, ConfirmButton, call, Hint, useCommandForm, useMay } from '../../kit/index.ts';
import { usePeopleOptions } from './pick.tsx';
import { said } from './role-words.ts';

type Role = Team['members'][number]['role'];
type TeamFunction = (typeof FUNCTIONS)[number];

function useTeamForm(team: Team | undefined, onDone: () => void) {
  const ids = (role: Role) => (team?.members ?? []).filter((m) => m.role === role).map((m) => m.person.id);
  const initialValues = {
    name: team?.name ?? '',
    description: team?.description ?? '',
    leads: ids('lead'),
    others: ids('member'),
    alternates: ids('alternate'),
    functions: Object.fromEntries(
      (team?.members ?? []).map(({ person, functions }) => [person.id, functions]),
    ) as Record<string, string[]>,
    response: team?.response ?? false,
    authority: team?.authority ?? [],
    authorityScope: team?.authorityScope ?? ('own_services' as Team['authorityScope']),
  };
  const body = (values: typeof initialValues) => {
    const { leads, others, alternates, functions, authority, ...rest } = values;
    const taken = new Set<string>();
    const members = (
      [
        ['lead', leads],
        ['member', others],
        ['alternate', alternates],
      ] as [Role, string[]][]
    ).flatMap(([role, chosen]) =>
      chosen
        .filter((id) => !taken.has(id) && taken.add(id))
        .map((userId) => ({ userId, role, functions: (functions[userId] ?? []) as TeamFunction[] })),
    );
    return { ...rest, members, authority: rest.response ? authority : [] };
  };
  const create = useCommandForm(people.createTeam, {
    initialValues,
    input: (values) => ({ body: body(values) }),
    done: 'Team made',
    onDone,
  });
  const update = useCommandForm(people.updateTeam, {
    initialValues,
    input: (values) => ({ params: { id: team?.id ?? '' }, body: { ...body(values), version: team?.version } }),
    done: 'Team saved',
    onDone,
  });
  return team ? update : create;
}

export function TeamForm({ team, onClose }: { team?: Team; onClose: () => void }) {
  const { form, submit, pending, problem } = useTeamForm(team, onClose);
  const active = usePeopleOptions();
  const left = (team?.members ?? [])
    .filter(({ active: here }) => !here)
    .map(({ person }) => ({ value: person.id, label: `${person.name} (left)` }));
  const options = [...active, ...left];
  const { response, leads, others, alternates, functions } = form.values;
  const chosen = [...new Set([...leads, ...others, ...alternates])];
  return (
    <Modal opened onClose={onClose} size="lg" title={team ? team.name : 'Make a team'}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save={team ? 'Save team' : 'Make team'}
        secondary={
          <>
            {team && <DeleteTeam team={team} onDone={onClose} />}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </>
        }
      >
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <Textarea label="What they look after" autosize minRows={2} {...form.getInputProps('description')} />
        <MultiSelect label="Leads" searchable data={options} {...form.getInputProps('leads')} />
        <MultiSelect label="Members" searchable data={options} {...form.getInputProps('others')} />
        <Checkbox
          label="This is a response team"
          description="It needs three functions and somebody who stands in, and may hold authority in writing"
          {...form.getInputProps('response', { type: 'checkbox' })}
        />
        {response && (
          <>
            <MultiSelect
              label="Alternates"
              description="They stand in, and are not called with the team"
              searchable
              data={options}
              {...form.getInputProps('alternates')}
            />
            {chosen.map((id) => (
              <MultiSelect
                key={id}
                label={`Functions of ${options.find(({ value }) => value === id)?.label.replace(/ \(.*\)$/, '') ?? 'somebody'}`}
                data={FUNCTIONS.map((value) => ({ value, label: said(value) }))}
                value={functions[id] ?? []}
                onChange={(next) => form.setFieldValue('functions', { ...functions, [id]: next })}
              />
            ))}
            <MultiSelect
              label="May decide without asking"
              description="Written authority on incidents; what cannot be undone is never given in advance"
              searchable
              data={STANDING_AUTHORITY.map((value) => ({ value, label: said(value) }))}
              {...form.getInputProps('authority')}
            />
            <Select
              label="On which incidents"
              allowDeselect={false}
              data={[
                { value: 'own_services', label: 'Those of services this team owns' },
                { value: 'everywhere', label: 'All' },
              ]}
              {...form.getInputProps('authorityScope')}
            />
            {team?.warnings.map(({ rule, message }) => (
              <Hint key={rule + message} tone="notice">
                {message}
              </Hint>
            ))}
          </>
        )}
      </CommandFormFrame>
    </Modal>
  );
}

function DeleteTeam({ team, onDone }: { team: Team; onDone: () => void }) {
  const client = useQueryClient();
  if (!useMay('people.deleteTeam')) return null;
  return (
    <ConfirmButton
      danger
      mr="auto"
      title={`Delete “${team.name}”?`}
      consequences={['It is refused while a service, schedule or policy still belongs to this team.']}
      confirm="Delete team"
      onConfirm={async () => {
        await call(people.deleteTeam, { params: { id: team.id } });
        await client.invalidateQueries();
        onDone();
      }}
    >
      Delete
    </ConfirmButton>
  );
}
