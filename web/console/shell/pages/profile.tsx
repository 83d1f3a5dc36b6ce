/** My own name, time zone, password and colours. */
import { Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { endpoints as security } from '#contract/security';
import { CommandFormFrame, Facts, Page, Section, sentence, useCommandForm, useMe } from '../../../kit/index.ts';
import { SchemeChoice } from '../top-bar.tsx';
import { SecondFactor } from './second-factor.tsx';
import { ZoneSelect } from './account-fields.tsx';

export function Profile() {
  const { user } = useMe();
  return (
    <Page title="Profile" width="narrow" subtitle="How you appear to your team, and how times are shown to you.">
      <AboutMe key={user.id} />
      <Section title="Colours" description="Kept in this browser.">
        <Group maw={320}>
          <Stack w="100%" gap={0}>
            <SchemeChoice />
          </Stack>
        </Group>
      </Section>
      <Password />
      <SecondFactor />
    </Page>
  );
}

function AboutMe() {
  const { user } = useMe();
  const { form, submit, pending, problem } = useCommandForm(security.updateMe, {
    initialValues: { name: user.name, timeZone: user.timeZone },
    input: (values) => ({ body: values }),
    done: 'Profile saved',
  });
  return (
    <Section title="About you">
      <Stack>
        <Facts
          items={[
            { label: 'E-mail', value: user.email },
            { label: 'Roles', value: user.roles.map(sentence).join(', ') },
          ]}
        />
        <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Save profile">
          <TextInput label="Name" autoComplete="name" {...form.getInputProps('name')} />
          <ZoneSelect {...form.getInputProps('timeZone')} />
        </CommandFormFrame>
      </Stack>
    </Section>
  );
}

function Password() {
  const { form, submit, pending, problem } = useCommandForm(security.updateMe, {
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      newPassword: (value: string) => (value.length < 10 ? 'At least 10 characters' : null),
    } as never,
    input: (values) => ({ body: values }),
    done: 'Password changed',
    onDone: () => form.reset(),
  });
  return (
    <Section title="Password">
      <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Change password">
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          description="At least 10 characters."
          {...form.getInputProps('newPassword')}
        />
        <Text fz="sm" c="dimmed">
          Your other sessions are signed out when the password changes.
        </Text>
      </CommandFormFrame>
    </Section>
  );
}
