/** How pages reach me: add, prove, test, remove. */
import { Button, Group, Modal, PinInput, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { endpoints as channels } from '#contract/channels';
import { type ContactMethod, endpoints as people } from '#contract/people';
import {
  ConfirmButton,
  CopyBlock,
  call,
  Countdown,
  DataList,
  EmptyState,
  Hint,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useQueryOf,
} from '../../kit/index.ts';
import { AddMethod } from './contact-add.tsx';
import { WhenUsed } from './contact-rules.tsx';
import { onCode } from './push.ts';
import { ThisBrowser } from './this-browser.tsx';
import classes from './people.module.css';

export function ContactMethods() {
  const methods = useQueryOf(people.contactMethods);
  const known = useQueryOf(channels.list);
  const labelOf = (kind: string) => known.data?.items.find(({ name }) => name === kind)?.label ?? kind;
  const [adding, setAdding] = useState(false);
  const [proving, setProving] = useState<ContactMethod>();
  const [secret, setSecret] = useState<string>();
  const proven = methods.data?.items.some(({ verified }) => verified);
  return (
    <Page
      title="My contact methods"
      subtitle="Pages go to every confirmed method, at once or when you say. In the console they always appear."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          Add a method
        </Button>
      }
    >
      <ProblemAlert error={methods.error} retry={() => void methods.refetch()} />
      {proven === false && (
        <Hint tone="warn" title="Nothing here is confirmed.">
          Pages still go to these addresses rather than to nobody, but it is not known that they reach you. Confirm at
          least one.
        </Hint>
      )}
      <MailNotReady />
      {methods.data && <ThisBrowser methods={methods.data.items} onAdded={setProving} />}
      {!methods.error && (
        <Section title="Ways to reach me" flush>
          <DataList
            label="Contact methods"
            items={methods.data?.items}
            rowKey={({ id }) => id}
            empty={<EmptyState title="None" />}
            columns={[
              {
                key: 'value',
                label: 'Where',
                primary: true,
                render: ({ value, label, kind }) => (
                  <span className={classes.titleCell}>
                    {value}
                    <span className={classes.sub}>{[labelOf(kind), label].filter(Boolean).join(' · ')}</span>
                  </span>
                ),
              },
              {
                key: 'state',
                label: 'State',
                width: '10rem',
                render: ({ verified, disabledReason }) =>
                  verified ? (
                    <StateBadge state="confirmed" />
                  ) : disabledReason ? (
                    <StateBadge state="off" tone="warn" label={`Off: ${disabledReason}`} />
                  ) : (
                    <StateBadge state="unconfirmed" tone="warn" label="Not confirmed" />
                  ),
              },
              {
                key: 'rules',
                label: 'Used for pages',
                render: (method) => <WhenUsed method={method} />,
              },
              {
                key: 'act',
                label: 'Actions',
                labelHidden: true,
                align: 'right',
                render: (method) => <Actions method={method} onProve={setProving} />,
              },
            ]}
          />
        </Section>
      )}
      {adding && (
        <AddMethod
          onClose={() => setAdding(false)}
          onAdded={(method) => {
            setAdding(false);
            setProving(method);
            if (method.secret) setSecret(method.secret);
          }}
        />
      )}
      {proving && !secret && <Prove method={proving} onClose={() => setProving(undefined)} />}
      {secret && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
    </Page>
  );
}

/** Says it before somebody waits for a mail that cannot come. */
function MailNotReady() {
  const list = useQueryOf(channels.list);
  const email = list.data?.items.find(({ name }) => name === 'email');
  if (!email || email.ready) return null;
  return (
    <Hint tone="warn" title="Mail cannot be sent:">
      {email.reason}. An administrator can enter a mail server under Settings, Installation.
    </Hint>
  );
}

function Actions({ method, onProve }: { method: ContactMethod; onProve: (method: ContactMethod) => void }) {
  const client = useQueryClient();
  const send = useCommand(people.sendCode, { done: 'A code is on its way', onDone: onProve });
  return (
    <Group gap="xs" justify="flex-end">
      {!method.verified && (
        <Button
          size="compact-sm"
          loading={send.isPending}
          aria-label={`Confirm ${method.value}`}
          onClick={() => (method.codeUntil ? onProve(method) : send.mutate({ params: { id: method.id } }))}
        >
          Confirm
        </Button>
      )}
      <Test method={method} />
      {method.id !== 'account' && (
        <ConfirmButton
          danger
          size="compact-sm"
          aria-label={`Remove ${method.value}`}
          title={`Remove ${method.value}?`}
          consequences={['Pages no longer go there.', 'Your other methods are told of the change.']}
          confirm="Remove method"
          onConfirm={async () => {
            await call(people.removeContactMethod, { params: { id: method.id } });
            await client.invalidateQueries();
          }}
        >
          Remove
        </ConfirmButton>
      )}
    </Group>
  );
}

/** Sends a test and shows how it fares until it is settled. */
function Test({ method }: { method: ContactMethod }) {
  const [deliveryId, setDeliveryId] = useState<string>();
  const test = useCommand(people.testContactMethod, { onDone: (sent) => setDeliveryId(sent.deliveryId) });
  const fate = useQueryOf(
    channels.delivery,
    { params: { id: deliveryId ?? '' } },
    { enabled: deliveryId !== undefined, refetchInterval: 2_000 },
  );
  return (
    <>
      {deliveryId && fate.data && (
        <span role="status" title={fate.data.lastError ?? undefined}>
          <StateBadge
            state={fate.data.state}
            label={fate.data.state === 'failed' ? (fate.data.lastError ?? 'Failed') : undefined}
          />
        </span>
      )}
      <Button
        size="compact-sm"
        variant="default"
        loading={test.isPending}
        aria-label={`Send a test to ${method.value}`}
        onClick={() => test.mutate({ params: { id: method.id } })}
      >
        Test
      </Button>
    </>
  );
}

function Prove({ method, onClose }: { method: ContactMethod; onClose: () => void }) {
  const [code, setCode] = useState('');
  const verify = useCommand(people.verifyContactMethod, {
    problems: 'inline',
    done: `${method.value} is confirmed`,
    onDone: onClose,
  });
  const again = useCommand(people.sendCode, { done: 'A new code is on its way; the old one no longer works' });
  const id = method.id;
  // A notice in this very browser hands its code over; nobody has to read it and type it.
  const { mutate } = verify;
  useEffect(
    () => (method.kind === 'push' ? onCode((heard) => mutate({ params: { id }, body: { code: heard } })) : undefined),
    [method.kind, id, mutate],
  );
  return (
    <Modal opened onClose={onClose} title={`Confirm ${method.value}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate({ params: { id }, body: { code } });
        }}
      >
        <Stack>
          <Text fz="sm">
            {method.kind === 'push'
              ? 'A notice with eight digits is on its way. In this browser they are taken over by themselves.'
              : method.kind === 'email'
                ? 'Type the eight digits that were mailed there, or open the link in that mail.'
                : 'Type the eight digits that were sent there.'}{' '}
            {method.codeUntil && <Countdown at={method.codeUntil} over="since the code ran out" />}
          </Text>
          <PinInput
            length={8}
            type="number"
            size="md"
            gap={6}
            aria-label="Code"
            oneTimeCode
            value={code}
            onChange={setCode}
            data-autofocus
          />
          <ProblemAlert error={verify.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" loading={again.isPending} onClick={() => again.mutate({ params: { id } })}>
              Send a new code
            </Button>
            <Button type="submit" loading={verify.isPending} disabled={code.length < 8}>
              Confirm
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The secret of this webhook" closeOnClickOutside={false} size="lg">
      <Stack>
        <Hint tone="notice" title="Copy it now.">
          The receiver needs it to check that a call is ours. It is not shown again.
        </Hint>
        <CopyBlock label="Signing secret" value={secret} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
