/** Teams: who belongs together, and who leads. */
import { Button, Modal, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints as people, type Team } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  Section,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './people.module.css';
import { usePeopleOptions } from './pick.tsx';

export function Teams() {
  const teams = useQueryOf(people.teams);
  const mayCreate = useMay('people.createTeam');
  const mayEdit = useMay('people.updateTeam');
  const [editing, setEditing] = useState<Team | 'new'>();
  const make = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Make a team
    </Button>
  );
  const names = (team: Team, role: 'lead' | 'member') =>
    team.members
      .filter((member) => member.role === role)
      .map(({ person, active }) => (active ? person.name : `${person.name} (left)`))
      .join(', ') || '–';
  return (
    <Page
      title="Teams"
      subtitle="A team owns services and schedules. Its leads are called when nobody else is."
      actions={make}
    >
      <ProblemAlert error={teams.error} retry={() => void teams.refetch()} />
      {!teams.error && (
        <Section title="Teams" flush>
          <DataList
            label="Teams"
            items={teams.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No teams yet" action={make}>
                Make one for each group of people who look after the same services.
              </EmptyState>
            }
            columns={[
              {
                key: 'name',
                label: 'Team',
                primary: true,
                render: ({ name, description }) => (
                  <span className={classes.titleCell}>
                    {name}
                    <span className={classes.sub}>{description}</span>
                  </span>
                ),
              },
              { key: 'leads', label: 'Leads', render: (team) => names(team, 'lead') },
              { key: 'members', label: 'Members', render: (team) => names(team, 'member') },
              ...(mayEdit
                ? [
                    {
                      key: 'act',
                      label: 'Actions',
                      labelHidden: true,
                      align: 'right' as const,
                      width: '6rem',
                      render: (team: Team) => (
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Edit ${team.name}`}
                          onClick={() => setEditing(team)}
                        >
                          Edit
                        </Button>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </Section>
      )}
      {editing && <TeamForm team={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

function useTeamForm(team: Team | undefined, onDone: () => void) {
  const ids = (role: 'lead' | 'member') => (team?.members ?? []).filter((m) => m.role === role).map((m) => m.person.id);
  const initialValues = {
    name: team?.name ?? '',
    description: team?.description ?? '',
    leads: ids('lead'),
    others: ids('member'),
  };
  const body = ({ name, description, leads, others }: typeof initialValues) => ({
    name,
    description,
    members: [
      ...leads.map((userId) => ({ userId, role: 'lead' as const })),
      ...others.filter((id) => !leads.includes(id)).map((userId) => ({ userId, role: 'member' as const })),
    ],
  });
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

function TeamForm({ team, onClose }: { team?: Team; onClose: () => void }) {
  const { form, submit, pending, problem } = useTeamForm(team, onClose);
  const active = usePeopleOptions();
  const left = (team?.members ?? [])
    .filter(({ active: here }) => !here)
    .map(({ person }) => ({ value: person.id, label: `${person.name} (left)` }));
  const options = [...active, ...left];
  return (
    <Modal opened onClose={onClose} title={team ? team.name : 'Make a team'}>
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
