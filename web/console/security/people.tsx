/** Everybody with an account: roles, invitations, access. */
import { ActionIcon, Button, Group, Menu, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type RoleName, endpoints as security, type User } from '#contract/security';
import {
  CommandFormFrame,
  ConfirmDialog,
  CopyBlock,
  DataList,
  EmptyState,
  Initials,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  sentence,
  useCommand,
  useCommandForm,
  useMay,
  useMe,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './security.module.css';

const roles: { value: RoleName; label: string; help: string }[] = [
  { value: 'viewer', label: 'Viewer', help: 'reads everything' },
  {
    value: 'responder',
    label: 'Responder',
    help: 'declares, acknowledges, works on incidents',
  },
  {
    value: 'manager',
    label: 'Manager',
    help: 'also services, schedules, playbooks, reviews',
  },
  {
    value: 'admin',
    label: 'Administrator',
    help: 'also people, settings, tokens of others',
  },
  {
    value: 'auditor',
    label: 'Auditor',
    help: 'reads everything and the audit log, changes nothing',
  },
];

interface Link {
  name: string;
  link: string;
  expiresAt: string;
}

export function People() {
  const users = useQueryOf(security.listUsers);
  const mayInvite = useMay('security.inviteUser');
  const mayUpdate = useMay('security.updateUser');
  const [inviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<User>();
  const [link, setLink] = useState<Link>();
  return (
    <Page
      title="People and roles"
      subtitle="Everybody with an account. People join by a link that you hand over yourself."
      actions={
        mayInvite && (
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
            Invite a person
          </Button>
        )
      }
    >
      <ProblemAlert error={users.error} retry={() => void users.refetch()} />
      {!users.error && (
        <Section label="People" flush>
          <DataList
            label="People"
            items={users.data?.items}
            rowKey={({ id }) => id}
            empty={<EmptyState title="Nobody yet" />}
            columns={[
              {
                key: 'name',
                label: 'Name',
                primary: true,
                render: ({ name, email }) => (
                  <span className={classes.person}>
                    <Initials name={name} size={28} />
                    <span>
                      {name}
                      <Text fz="xs" c="dimmed" component="span" display="block">
                        {email}
                      </Text>
                    </span>
                  </span>
                ),
              },
              {
                key: 'roles',
                label: 'Roles',
                render: (user) => user.roles.map(roleLabel).join(', '),
              },
              {
                key: 'state',
                label: 'State',
                width: '9rem',
                render: (user) => <AccountState user={user} />,
              },
              {
                key: 'since',
                label: 'Since',
                width: '10rem',
                render: ({ createdAt }) => <When at={createdAt} day />,
              },
              ...(mayUpdate
                ? [
                    {
                      key: 'act',
                      label: 'Actions',
                      corner: true,
                      labelHidden: true,
                      width: '4rem',
                      align: 'right' as const,
                      render: (user: User) => <RowMenu user={user} onEdit={() => setEditing(user)} onLink={setLink} />,
                    },
                  ]
                : []),
            ]}
          />
        </Section>
      )}
      {inviting && <Invite onClose={() => setInviting(false)} onLink={setLink} />}
      {editing && <Edit user={editing} onClose={() => setEditing(undefined)} />}
      <Modal
        opened={link !== undefined}
        onClose={() => setLink(undefined)}
        title={`A link for ${link?.name ?? ''}`}
        size="lg"
      >
        {link && (
          <Stack>
            <Text fz="sm">
              Send this link to {link.name} in a way that only they can read. It works once, until{' '}
              <When at={link.expiresAt} date />, and is not shown again.
            </Text>
            <CopyBlock label="Invitation link" value={link.link} />
            <Group justify="flex-end">
              <Button onClick={() => setLink(undefined)}>Done</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}

const roleLabel = (role: RoleName): string => roles.find(({ value }) => value === role)?.label ?? sentence(role);

function AccountState({ user }: { user: User }) {
  if (!user.active) return <StateBadge state="disabled" />;
  if (!user.joined) return <StateBadge state="invited" />;
  return <StateBadge state="active" tone="ok" quiet />;
}

function RowMenu({ user, onEdit, onLink }: { user: User; onEdit: () => void; onLink: (link: Link) => void }) {
  const me = useMe();
  const [disabling, setDisabling] = useState(false);
  const [resetting, setResetting] = useState(false);
  const reset = useCommand(security.resetFactor, { done: `${user.name} signs in with the password alone` });
  const renew = useCommand(security.renewInvite, {
    onDone: ({ inviteLink, expiresAt }) => onLink({ name: user.name, link: inviteLink, expiresAt }),
  });
  const update = useCommand(security.updateUser, {
    done: (after) => (after.active ? `${after.name} may sign in again` : `${after.name} can no longer sign in`),
    problems: 'inline',
  });
  const setActive = (active: boolean) => update.mutateAsync({ params: { id: user.id }, body: { active } });
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>Change name or roles</Menu.Item>
          <Menu.Item onClick={() => renew.mutate({ params: { id: user.id } })}>
            {user.joined ? 'New password link' : 'New invitation link'}
          </Menu.Item>
          {user.id !== me.user.id && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => setResetting(true)}>Reset second factor</Menu.Item>
              {user.active ? (
                <Menu.Item color="red" onClick={() => setDisabling(true)}>
                  Disable account
                </Menu.Item>
              ) : (
                <Menu.Item onClick={() => void setActive(true)}>Enable account</Menu.Item>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={disabling}
        onClose={() => setDisabling(false)}
        danger
        title={`Disable ${user.name}?`}
        consequences={[
          'They are signed out everywhere at once, and their tokens are refused.',
          'What they did stays in the record under their name.',
          'Look after their on-call shifts: a disabled person is not paged.',
          'You can enable the account again at any time.',
        ]}
        confirm="Disable account"
        onConfirm={() => setActive(false)}
      />
      <ConfirmDialog
        opened={resetting}
        onClose={() => setResetting(false)}
        danger
        title={`Reset the second factor of ${user.name}?`}
        consequences={[
          'They sign in with the password alone until they set it up again.',
          'They are signed out everywhere. Be sure that it is they who ask.',
        ]}
        confirm="Reset second factor"
        onConfirm={() => reset.mutateAsync({ params: { id: user.id } })}
      />
    </>
  );
}

function RolesInput(props: { value?: RoleName[]; onChange?: (value: string[]) => void; error?: React.ReactNode }) {
  return (
    <MultiSelect
      label="Roles"
      description="Viewer, responder, manager and administrator each include the one before."
      data={roles.map(({ value, label }) => ({ value, label }))}
      renderOption={({ option }) => (
        <div>
          <Text fz="sm">{option.label}</Text>
          <Text fz="xs" c="dimmed">
            {roles.find(({ value }) => value === option.value)?.help}
          </Text>
        </div>
      )}
      {...props}
    />
  );
}

function Invite({ onClose, onLink }: { onClose: () => void; onLink: (link: Link) => void }) {
  const { form, submit, pending, problem } = useCommandForm(security.inviteUser, {
    initialValues: {
      name: '',
      email: '',
      roles: ['responder'] as RoleName[],
    },
    input: (values) => ({ body: values }),
    onDone: ({ user, inviteLink, expiresAt }) => {
      onClose();
      onLink({ name: user.name, link: inviteLink, expiresAt });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Invite a person">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Make invitation"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <TextInput label="E-mail" type="email" {...form.getInputProps('email')} />
        <RolesInput {...form.getInputProps('roles')} />
      </CommandFormFrame>
    </Modal>
  );
}

function Edit({ user, onClose }: { user: User; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(security.updateUser, {
    initialValues: { name: user.name, roles: user.roles },
    input: (values) => ({ params: { id: user.id }, body: values }),
    done: (after) => `${after.name} is ${after.roles.map(roleLabel).join(', ')}`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={user.email}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Save"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <RolesInput {...form.getInputProps('roles')} />
      </CommandFormFrame>
    </Modal>
  );
}
