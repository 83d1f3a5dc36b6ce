/** API tokens: made with the scopes they need, shown once, revoked at once. */
import { Button, Group, Modal, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints as security } from '#contract/security';
import {
  Ago,
  CommandFormFrame,
  ConfirmButton,
  CopyBlock,
  call,
  DataList,
  EmptyState,
  Hint,
  Mono,
  Page,
  ProblemAlert,
  Section,
  useCommandForm,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';

export function Tokens() {
  const tokens = useQueryOf(security.listTokens);
  const mayCreate = useMay('security.createToken');
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<{ name: string; secret: string }>();
  const make = mayCreate && (
    <Button leftSection={<IconKey size={16} />} onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <Page
      title="API tokens"
      subtitle="For scripts and tools that act in your name. A token can do what its scopes say, and never more than you."
      actions={tokens.data?.items.length ? make : undefined}
    >
      <ProblemAlert error={tokens.error} retry={() => void tokens.refetch()} />
      {!tokens.error && (
        <Section label="Tokens" flush>
          <DataList
            label="API tokens"
            items={tokens.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No tokens" action={make}>
                Make one for a script, the command line or a pipeline. Sources of alerts have keys of their own, under
                Integrations.
              </EmptyState>
            }
            columns={[
              {
                key: 'name',
                label: 'Name',
                primary: true,
                render: ({ name }) => name,
              },
              {
                key: 'hint',
                label: 'Begins with',
                render: ({ hint }) => <Mono>{hint}…</Mono>,
              },
              {
                key: 'scopes',
                label: 'Scopes',
                render: ({ scopes }) => scopes.join(', '),
              },
              { key: 'owner', label: 'Acts as', render: ({ owner }) => owner },
              {
                key: 'used',
                label: 'Last used',
                render: ({ lastUsedAt }) => <Ago at={lastUsedAt} none="never" />,
              },
              {
                key: 'expires',
                label: 'Ends',
                render: ({ expiresAt }) => <When at={expiresAt} day none="never" />,
              },
              {
                key: 'act',
                label: 'Actions',
                labelHidden: true,
                align: 'right',
                render: ({ id, name }) => (
                  <ConfirmButton
                    danger
                    size="compact-sm"
                    title={`Revoke “${name}”?`}
                    consequences={[
                      'Whatever uses this token is refused from now on.',
                      'A revoked token cannot be brought back; make a new one instead.',
                    ]}
                    confirm="Revoke token"
                    onConfirm={async () => {
                      await call(security.revokeToken, { params: { id } });
                      await client.invalidateQueries();
                    }}
                  >
                    Revoke
                  </ConfirmButton>
                ),
              },
            ]}
          />
        </Section>
      )}
      {making && <Make scopes={tokens.data?.scopes ?? []} onClose={() => setMaking(false)} onMade={setSecret} />}
      <Modal
        opened={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title={`Token “${secret?.name ?? ''}”`}
        size="lg"
        closeOnClickOutside={false}
      >
        {secret && (
          <Stack>
            <Hint tone="notice" title="Copy it now.">
              It is not kept in readable form and cannot be shown again.
            </Hint>
            <CopyBlock label="Token" value={secret.secret} hint="Send it as “Authorization: Bearer …”." />
            <Group justify="flex-end">
              <Button onClick={() => setSecret(undefined)}>I have copied it</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}

function Make({
  scopes,
  onClose,
  onMade,
}: {
  scopes: string[];
  onClose: () => void;
  onMade: (made: { name: string; secret: string }) => void;
}) {
  const { form, submit, pending, problem } = useCommandForm(security.createToken, {
    initialValues: {
      name: '',
      scopes: ['read'] as string[],
      expiresInDays: 90 as number | string,
    },
    input: ({ name, scopes, expiresInDays }) => ({
      body: {
        name,
        scopes,
        ...(expiresInDays === '' ? {} : { expiresInDays: Number(expiresInDays) }),
      },
    }),
    onDone: ({ token, secret }) => {
      onClose();
      onMade({ name: token.name, secret });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Make a token">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Make token"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput
          label="What is it for?"
          placeholder="Deploy pipeline"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <MultiSelect
          label="Scopes"
          description="As few as will do. “read” reads everything you can read; “*” does everything you can do."
          data={scopes}
          searchable
          hidePickedOptions
          limit={50}
          {...form.getInputProps('scopes')}
        />
        <NumberInput
          label="Ends after (days)"
          description="Empty: it never ends. 90 days is a good habit."
          min={1}
          max={730}
          allowDecimal={false}
          {...form.getInputProps('expiresInDays')}
        />
        <Text fz="sm" c="dimmed">
          Everything done with it is written to the audit log under your name and the token’s.
        </Text>
      </CommandFormFrame>
    </Modal>
  );
}
