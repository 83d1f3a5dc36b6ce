/** Teams: who belongs together, and who leads. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as people, type Team } from '#contract/people';
import { DataList, EmptyState, Page, ProblemAlert, Section, StateBadge, useMay, useQueryOf } from '../../kit/index.ts';
import classes from './people.module.css';
import { saidInside } from './role-words.ts';
import { TeamForm } from './team-form.tsx';

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
  const names = (team: Team, role: Team['members'][number]['role']) =>
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
              { key: 'response', label: 'Response', render: (team) => <Response team={team} names={names} /> },
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

/** For a response team: who stands in, what it may decide, and what it lacks. */
function Response({
  team,
  names,
}: {
  team: Team;
  names: (team: Team, role: Team['members'][number]['role']) => string;
}) {
  if (!team.response) return <>–</>;
  const functions = [
    ...new Set(team.members.filter(({ role }) => role !== 'alternate').flatMap((one) => one.functions)),
  ];
  return (
    <span className={classes.titleCell}>
      {saidInside(functions)}
      <span className={classes.sub}>Alternates: {names(team, 'alternate')}</span>
      {team.authority.length > 0 && (
        <span className={classes.sub}>
          May {saidInside(team.authority)}{' '}
          {team.authorityScope === 'everywhere' ? 'everywhere' : 'for its own services'}
        </span>
      )}
      {team.warnings.map(({ rule, message }) => (
        <StateBadge key={rule + message} state={rule} tone="warn" label={message} quiet />
      ))}
    </span>
  );
}
