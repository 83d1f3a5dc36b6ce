/** What can be told to customers when nothing else works: the keys for it, and what was told with them. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { endpoints as comms } from '#contract/comms';
import {
  Ago,
  CommandFormFrame,
  ConfirmButton,
  CopyBlock,
  DataList,
  EmptyState,
  Hint,
  Mono,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useCommandForm,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';

export function Emergency() {
  const shown = useQueryOf(comms.listEmergency);
  const mayMake = useMay('comms.createEmergencyKey');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ name: string; privateKey: string }>();
  const make = mayMake && (
    <Button leftSection={<IconKey size={16} />} onClick={() => setMaking(true)}>
      Make a key
    </Button>
  );
  return (
    <Page
      title="When everything is down"
      crumbs={[{ label: 'Status page', to: '/status-page' }]}
      subtitle="A key with which one person can tell customers something although this product and its database are gone."
      actions={shown.data?.keys.length ? make : undefined}
    >
      <ProblemAlert error={shown.error} retry={() => void shown.refetch()} />
      {!shown.error && (
        <>
          <Standing shown={shown.data} />
          <Keys shown={shown.data} make={make} />
          <Told shown={shown.data} />
        </>
      )}
      {making && <Make onClose={() => setMaking(false)} onMade={setMade} />}
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={`Emergency key “${made?.name ?? ''}”`}
        size="lg"
        closeOnClickOutside={false}
      >
        {made && (
          <Stack>
            <Hint tone="notice" title="Copy it now.">
              Only the public half is kept here; this cannot be shown again. Keep it where you can reach it when your
              network cannot be: a safe, a password store, a stick.
            </Hint>
            <CopyBlock label="Emergency key" value={made.privateKey} hint="Save it as emergency.pem." />
            <CopyBlock label="How to use it" value={COMMAND} />
            <Group justify="flex-end">
              <Button onClick={() => setMade(undefined)}>I have copied it</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}

const COMMAND =
  'npm run evenkeel -- status say --key-file emergency.pem --to https://status.example.com --headline "Sign-in does not work" --text "Who is affected and what still works." --next-update 30m';

type Shown = ReturnType<typeof useQueryOf<typeof comms.listEmergency>>['data'];

/** What is on the page right now by somebody's key: the first thing to end when things are well again. */
const Standing = ({ shown }: { shown: Shown }) =>
  (shown?.notices ?? [])
    .filter(({ endedAt }) => endedAt === null)
    .map((notice) => <Notice key={notice.id} {...notice} />);

type OneNotice = NonNullable<Shown>['notices'][number];

function Notice({ id, headline, text, writtenAt, keyName, nextUpdateBy }: OneNotice) {
  const end = useCommand(comms.endNotice, { done: 'Taken off the page', problems: 'inline' });
  const may = useMay('comms.endNotice');
  const [reason, setReason] = useState('');
  return (
    <Hint tone="warn" title={`On the page now: ${headline}`}>
      <Stack gap={6} align="flex-start">
        {text !== '' && <span>{text}</span>}
        <span>
          Written <When at={writtenAt} /> with the key “{keyName}”
          {nextUpdateBy && (
            <>
              {' '}
              · next update promised by <When at={nextUpdateBy} />
            </>
          )}
        </span>
        {may && (
          <ConfirmButton
            size="compact-sm"
            title="Take this notice off the page?"
            consequences={['Customers no longer read it.', 'It stays in the record.']}
            confirm="Take off the page"
            reason={{ label: 'Why', value: reason, onChange: setReason }}
            onConfirm={() => end.mutateAsync({ params: { id }, body: { reason } })}
          >
            Take off the page
          </ConfirmButton>
        )}
      </Stack>
    </Hint>
  );
}

function Keys({ shown, make }: { shown: Shown; make: ReactNode }) {
  const revoke = useCommand(comms.revokeEmergencyKey, { done: 'Key revoked', problems: 'inline' });
  const may = useMay('comms.revokeEmergencyKey');
  return (
    <Section title="Keys" flush>
      <DataList
        label="Emergency keys"
        items={shown?.keys}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title="No key yet" action={make}>
            With a key, a line on the command line puts words on the status page while this product is down. Without
            one, the page can only say how old it is.
          </EmptyState>
        }
        columns={[
          { key: 'name', label: 'Kept by or at', primary: true, render: ({ name }) => name },
          { key: 'id', label: 'Id', render: ({ id }) => <Mono>{id}</Mono> },
          { key: 'made', label: 'Made', render: ({ createdAt }) => <Ago at={createdAt} /> },
          { key: 'by', label: 'By', wideOnly: true, render: ({ createdBy }) => createdBy.name },
          {
            key: 'state',
            label: 'State',
            render: ({ revokedAt }) =>
              revokedAt ? <StateBadge state="revoked" tone="idle" /> : <StateBadge state="ready" tone="ok" />,
          },
          {
            key: 'act',
            label: 'Actions',
            labelHidden: true,
            align: 'right',
            render: ({ id, name, revokedAt }) =>
              may &&
              !revokedAt && (
                <ConfirmButton
                  danger
                  size="compact-sm"
                  title={`Revoke the key “${name}”?`}
                  consequences={[
                    'Nothing signed with it is shown from now on.',
                    'What was told with it before stays until somebody takes it off.',
                  ]}
                  confirm="Revoke key"
                  onConfirm={() => revoke.mutateAsync({ params: { id } })}
                >
                  Revoke
                </ConfirmButton>
              ),
          },
        ]}
      />
    </Section>
  );
}

function Told({ shown }: { shown: Shown }) {
  const over = (shown?.notices ?? []).filter(({ endedAt }) => endedAt !== null);
  if (over.length === 0) return null;
  return (
    <Section title="Told before" flush>
      <DataList
        label="Emergency notices that are over"
        items={over}
        rowKey={({ id }) => id}
        columns={[
          { key: 'headline', label: 'Words', primary: true, render: ({ headline }) => headline },
          { key: 'key', label: 'Key', render: ({ keyName }) => keyName },
          { key: 'written', label: 'Written', render: ({ writtenAt }) => <When at={writtenAt} /> },
          { key: 'merged', label: 'In the record', wideOnly: true, render: ({ mergedAt }) => <When at={mergedAt} /> },
          { key: 'why', label: 'Ended because', render: ({ endedReason }) => endedReason ?? '' },
        ]}
      />
    </Section>
  );
}

function Make({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: { name: string; privateKey: string }) => void;
}) {
  const { form, submit, pending, problem } = useCommandForm(comms.createEmergencyKey, {
    initialValues: { name: '' },
    input: ({ name }) => ({ body: { name } }),
    onDone: ({ key, privateKey }) => {
      onClose();
      onMade({ name: key.name, privateKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Make an emergency key">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Make key"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput
          label="Who keeps it, or where?"
          placeholder="The safe in the office"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Text fz="sm" c="dimmed">
          Whoever has it can speak to all customers without asking anybody. What they say is written to the audit log as
          soon as this product is back.
        </Text>
      </CommandFormFrame>
    </Modal>
  );
}
