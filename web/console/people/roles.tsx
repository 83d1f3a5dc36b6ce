/** Incident roles: what each is, who is on its rota now, and whether enough people can take it. */
import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as people, type IncidentRole } from '#contract/people';
import { LinkButton, Loaded, Page, Section, TextLink, useMay, useQueryOf } from '../../kit/index.ts';
import { RoleCard } from './role-card.tsx';
import { RoleForm } from './role-form.tsx';
import { atSeverities } from './role-words.ts';
import classes from './roles.module.css';

export function Roles() {
  const roles = useQueryOf(people.roles);
  const mayCreate = useMay('people.createRole');
  const mayEdit = useMay('people.updateRole');
  const [editing, setEditing] = useState<IncidentRole | 'new'>();
  return (
    <Page
      title="Incident roles"
      subtitle="What each role does first, answers for and may decide. Whoever is on a role’s rota is called when an incident is declared."
      actions={
        <>
          <LinkButton variant="default" to="/bench">
            Who can take them
          </LinkButton>
          <LinkButton variant="default" to="/raci">
            Who does what
          </LinkButton>
          {mayCreate && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
              Add a role
            </Button>
          )}
        </>
      }
    >
      <Loaded query={roles} lines={8}>
        {({ items }) => (
          <>
            {items
              .filter(({ retired }) => !retired)
              .map((role) => (
                <Section
                  key={role.key}
                  id={role.key}
                  title={role.title}
                  description={role.purpose}
                  actions={
                    mayEdit && (
                      <Button
                        variant="default"
                        size="compact-sm"
                        leftSection={<IconPencil size={14} />}
                        aria-label={`Edit ${role.title}`}
                        onClick={() => setEditing(role)}
                      >
                        Edit
                      </Button>
                    )
                  }
                >
                  <Standing role={role} />
                  <RoleCard role={role} />
                </Section>
              ))}
            <Retired roles={items.filter(({ retired }) => retired)} edit={mayEdit ? setEditing : undefined} />
          </>
        )}
      </Loaded>
      {editing && <RoleForm role={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

function Standing({ role }: { role: IncidentRole }) {
  return (
    <div className={classes.facts}>
      <span>
        Needed at <b>{atSeverities(role.requiredFor)}</b>
      </span>
      <span>
        Rota{' '}
        {role.rota ? (
          <>
            <TextLink to={`/on-call/${role.rota.id}`}>{role.rota.name}</TextLink>, now{' '}
            <b>{role.onCall?.name ?? 'nobody'}</b>
          </>
        ) : (
          <b>none: whoever is there takes it</b>
        )}
      </span>
      <span>
        Current <b>{role.current === 1 ? '1 person' : `${role.current} people`}</b>
      </span>
      {role.handsOn && <span>Hands-on: not together with command</span>}
      {role.shared && <span>Several at once</span>}
    </div>
  );
}

function Retired({ roles, edit }: { roles: IncidentRole[]; edit?: (role: IncidentRole) => void }) {
  if (roles.length === 0) return null;
  return (
    <Section title="No longer in use" description="Records of past incidents keep them. Saving one brings it back.">
      <ul className={classes.people}>
        {roles.map((role) => (
          <li key={role.key}>
            {role.title}{' '}
            {edit && (
              <Button size="compact-xs" variant="subtle" onClick={() => edit(role)} aria-label={`Open ${role.title}`}>
                Open
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
