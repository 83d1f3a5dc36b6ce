/** Webhook targets: the named places an action may call, each with its own signing secret. */
import { Button, Checkbox, Modal, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as playbooks, type WebhookTarget } from '#contract/playbooks';
import {
  CommandFormFrame,
  CopyBlock,
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  Section,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './playbooks.module.css';

export function WebhookTargets() {
  const query = useQueryOf(playbooks.webhookTargets);
  const may = useMay('playbooks.saveWebhookTarget');
  const [editing, setEditing] = useState<WebhookTarget | 'new'>();
  const [secret, setSecret] = useState<WebhookTarget>();
  const add = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Add a target
    </Button>
  );
  return (
    <Page
      title="Webhook targets"
      subtitle="Where the action webhook.call may send: a pipeline that rolls back, a channel, your own automation. Calls are signed (Standard Webhooks) and sent once."
      actions={add}
    >
      <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      {!query.error && (
        <Section label="Targets" flush>
          <DataList
            label="Webhook targets"
            items={query.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No targets yet" action={add}>
                Playbooks name a target, never an address: so an address changes in one place, and only an administrator
                can add one.
              </EmptyState>
            }
            columns={[
              {
                key: 'name',
                label: 'Name',
                primary: true,
                render: (target) => (
                  <span className={classes.titleCell}>
                    <code>{target.name}</code>
                    {target.description && <span className={classes.sub}>{target.description}</span>}
                  </span>
                ),
              },
              { key: 'url', label: 'Address', render: (target) => <span className={classes.break}>{target.url}</span> },
              {
                key: 'read',
                label: 'Can be read back',
                width: '10rem',
                render: (target) => (target.readUrl ? 'yes' : 'no: a lost answer calls a person'),
              },
              {
                key: 'do',
                label: 'Actions',
                labelHidden: true,
                align: 'right',
                width: '6rem',
                render: (target) =>
                  may && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Edit ${target.name}`}
                      onClick={() => setEditing(target)}
                    >
                      Edit
                    </Button>
                  ),
              },
            ]}
          />
        </Section>
      )}
      {editing && (
        <EditTarget
          target={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSaved={(saved) => {
            setEditing(undefined);
            if (saved.secret) setSecret(saved);
          }}
        />
      )}
      {secret && (
        <Modal opened onClose={() => setSecret(undefined)} title={`Signing secret of ${secret.name}`}>
          <CopyBlock
            label="Secret"
            value={secret.secret ?? ''}
            hint="Shown once. The receiver checks webhook-id, webhook-timestamp and webhook-signature with it."
          />
        </Modal>
      )}
    </Page>
  );
}

function EditTarget({
  target,
  onClose,
  onSaved,
}: {
  target?: WebhookTarget;
  onClose: () => void;
  onSaved: (target: WebhookTarget) => void;
}) {
  const { form, submit, pending, problem } = useCommandForm(playbooks.saveWebhookTarget, {
    initialValues: {
      name: target?.name ?? '',
      description: target?.description ?? '',
      url: target?.url ?? '',
      readUrl: target?.readUrl ?? '',
      renewSecret: false,
    },
    input: (values) => ({ body: { ...values, readUrl: values.readUrl.trim() || null } }),
    done: 'Target saved',
    onDone: onSaved,
  });
  return (
    <Modal opened onClose={onClose} title={target ? target.name : 'Add a webhook target'}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Save target"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput
          label="Name"
          description="What playbooks call it, such as deploy-pipeline"
          required
          disabled={target !== undefined}
          {...form.getInputProps('name')}
        />
        <TextInput label="What it does" {...form.getInputProps('description')} />
        <TextInput label="Address" required placeholder="https://…" {...form.getInputProps('url')} />
        <TextInput
          label="Address to read back"
          description={
            'Optional. Asked with ?key=… after a lost answer; answers {"applied": true} or {"applied": false}.'
          }
          placeholder="https://…"
          {...form.getInputProps('readUrl')}
        />
        {target && (
          <Checkbox label="Make a new signing secret" {...form.getInputProps('renewSecret', { type: 'checkbox' })} />
        )}
        <Text fz="xs" c="dimmed">
          Private addresses are refused unless an administrator has allowed them for this installation.
        </Text>
      </CommandFormFrame>
    </Modal>
  );
}
