/** My second factor: setting it up, its recovery codes, turning it off. */
import { Anchor, Button, Code, Group, Modal, PasswordInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints as security } from '#contract/security';
import {
  CommandFormFrame,
  CopyBlock,
  Hint,
  Section,
  StateBadge,
  useCommandForm,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import { CodeInput } from '../prove.tsx';

type Act = 'on' | 'codes' | 'off';

export function SecondFactor() {
  const factor = useQueryOf(security.secondFactor);
  const [act, setAct] = useState<Act>();
  const [codes, setCodes] = useState<string[]>();
  const close = () => (setAct(undefined), setCodes(undefined));
  if (!factor.data) return null;
  const { on, since, recoveryCodesLeft } = factor.data;
  return (
    <Section
      title="Second factor"
      description="A code from an authenticator app, asked at sign-in and for approvals that cannot be taken back."
    >
      <Stack gap="sm">
        <Group gap="xs">
          <StateBadge state={on ? 'on' : 'off'} tone={on ? 'ok' : 'idle'} quiet label={on ? 'On' : 'Off'} />
          {since && (
            <Text fz="sm" c="dimmed">
              since <When at={since} day />, {recoveryCodesLeft} recovery codes left
            </Text>
          )}
        </Group>
        {on && recoveryCodesLeft < 3 && (
          <Hint title="Few recovery codes are left." tone="warn">
            Make new ones while your phone still works.
          </Hint>
        )}
        <Group gap="xs">
          {on ? (
            <>
              <Button variant="default" onClick={() => setAct('codes')}>
                New recovery codes
              </Button>
              <Button variant="subtle" color="red" onClick={() => setAct('off')}>
                Turn off
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setAct('on')}>
              Set up
            </Button>
          )}
        </Group>
      </Stack>
      <Modal opened={act !== undefined} onClose={close} title={codes ? 'Your recovery codes' : titles[act ?? 'on']}>
        {codes ? (
          <Codes codes={codes} onDone={close} />
        ) : act === 'on' ? (
          <SetUp onCodes={setCodes} />
        ) : act === 'codes' ? (
          <Renew onCodes={setCodes} />
        ) : (
          act === 'off' && <TurnOff onDone={close} />
        )}
      </Modal>
    </Section>
  );
}

const titles: Record<Act, string> = {
  on: 'Set up a second factor',
  codes: 'New recovery codes',
  off: 'Turn the second factor off',
};

function SetUp({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const [offer, setOffer] = useState<{ link: string; secret: string }>();
  const { form, submit, pending, problem } = useCommandForm(security.offerFactor, {
    initialValues: { password: '' },
    input: ({ password }) => ({ body: { password } }),
    onDone: setOffer,
  });
  if (offer) return <Confirm {...offer} onCodes={onCodes} />;
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Next">
      <PasswordInput label="Your password" autoComplete="current-password" {...form.getInputProps('password')} />
    </CommandFormFrame>
  );
}

function Confirm({ link, secret, onCodes }: { link: string; secret: string; onCodes: (codes: string[]) => void }) {
  const { form, submit, pending, problem } = useCommandForm(security.confirmFactor, {
    initialValues: { code: '' },
    input: ({ code }) => ({ body: { code } }),
    done: 'Second factor is on; your other sessions are signed out',
    onDone: ({ recoveryCodes }) => onCodes(recoveryCodes),
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Turn on">
      <Text fz="sm">
        In your authenticator app, add an account by hand and type this key. On the phone itself you can{' '}
        <Anchor href={link} inherit>
          open it in the app
        </Anchor>
        .
      </Text>
      <CopyBlock label="Key" value={secret} />
      <CodeInput {...form.getInputProps('code')} />
    </CommandFormFrame>
  );
}

function Renew({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { form, submit, pending, problem } = useCommandForm(security.renewRecoveryCodes, {
    initialValues: { code: '' },
    input: ({ code }) => ({ body: { code } }),
    onDone: ({ recoveryCodes }) => onCodes(recoveryCodes),
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Make new codes">
      <Text fz="sm">The codes you have now stop working.</Text>
      <CodeInput {...form.getInputProps('code')} />
    </CommandFormFrame>
  );
}

function TurnOff({ onDone }: { onDone: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(security.removeFactor, {
    initialValues: { code: '' },
    input: ({ code }) => ({ body: { code } }),
    done: 'Second factor is off',
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Turn off">
      <Text fz="sm">Signing in then takes the password alone.</Text>
      <CodeInput {...form.getInputProps('code')} />
    </CommandFormFrame>
  );
}

function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <Stack>
      <Text fz="sm">
        Each signs you in once when the phone is gone. Keep them apart from it, on paper or in a password safe. They are
        not shown again.
      </Text>
      <SimpleGrid cols={2} spacing="xs">
        {codes.map((code) => (
          <Code key={code} fz="sm" ta="center">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <CopyBlock label="All of them" value={codes.join('\n')} />
      <Group justify="flex-end">
        <Button onClick={onDone}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
