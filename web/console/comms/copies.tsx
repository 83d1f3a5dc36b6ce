/** Where the public page stands besides here: each place with how the last push went and what was read back. */
import { Button, Group, Modal, PasswordInput, Select, TextInput } from '@mantine/core';
import { IconCloudUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as comms } from '#contract/comms';
import type { Copy, CopyPlace } from '#contract/comms-copies';
import {
  Ago,
  CommandFormFrame,
  ConfirmButton,
  DataList,
  EmptyState,
  Mono,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './comms.module.css';

const KINDS: Record<CopyPlace['kind'], string> = {
  folder: 'Folder on this machine',
  s3: 'Bucket (S3)',
  git: 'Git remote',
};

const STATES = {
  waiting: { label: 'Not pushed yet', tone: 'idle' },
  current: { label: 'Up to date', tone: 'ok' },
  failing: { label: 'Cannot be reached', tone: 'danger' },
  drifting: { label: 'Says something else', tone: 'warn' },
} as const;

const READ = {
  same: 'the same',
  other: 'something else',
  old: 'an old state',
  unreadable: 'nothing readable',
} as const;

const whereOf = (place: CopyPlace): string =>
  place.kind === 'folder'
    ? place.dir
    : place.kind === 's3'
      ? `${place.bucket}${place.prefix && `/${place.prefix}`} at ${new URL(place.endpoint).host}`
      : `${place.remote} (${place.branch}${place.prefix && `: ${place.prefix}`})`;

export function Copies() {
  const list = useQueryOf(comms.listCopies);
  const mayAdd = useMay('comms.addCopy');
  const mayPush = useMay('comms.pushCopy');
  const [adding, setAdding] = useState(false);
  const add = mayAdd && (
    <Button leftSection={<IconCloudUpload size={16} />} onClick={() => setAdding(true)}>
      Add a place
    </Button>
  );
  return (
    <Page
      title="Copies elsewhere"
      crumbs={[{ label: 'Status page', to: '/status-page' }]}
      subtitle="Pushed after every change, and read back as a customer would. Each stands when all of this is down."
      actions={list.data?.items.length ? add : undefined}
    >
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {!list.error && (
        <Section label="Copies" flush>
          <DataList
            label="Copies of the status page"
            items={list.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="The page stands nowhere else yet" action={add}>
                Push it to a bucket, a Git remote or a folder, and customers can read it when this installation is gone.
              </EmptyState>
            }
            columns={[
              {
                key: 'name',
                label: 'Place',
                primary: true,
                render: ({ name, place, url }) => (
                  <>
                    {name} <span className={classes.soft}>· {KINDS[place.kind]}</span>
                    <br />
                    <Mono>{url ?? whereOf(place)}</Mono>
                  </>
                ),
              },
              {
                key: 'state',
                label: 'State',
                render: ({ state, error, tries }) => (
                  <>
                    <StateBadge state={state} tone={STATES[state].tone} label={STATES[state].label} />
                    {error && (
                      <span className={classes.soft}>
                        {' '}
                        {error} ({tries} {tries === 1 ? 'try' : 'tries'})
                      </span>
                    )}
                  </>
                ),
              },
              {
                key: 'pushed',
                label: 'Pushed',
                width: '8rem',
                render: ({ pushedAt }) => (pushedAt ? <Ago at={pushedAt} /> : 'never'),
              },
              {
                key: 'read',
                label: 'Read back',
                width: '13rem',
                wideOnly: true,
                render: ({ read }) =>
                  read ? (
                    <>
                      {READ[read.state]}, <Ago at={read.at} />
                    </>
                  ) : (
                    'not yet'
                  ),
              },
              {
                key: 'do',
                label: 'Actions',
                labelHidden: true,
                align: 'right',
                width: '14rem',
                render: (item) => <Actions item={item} mayPush={mayPush} mayRemove={mayAdd} />,
              },
            ]}
          />
        </Section>
      )}
      {adding && <Add onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Actions({ item, mayPush, mayRemove }: { item: Copy; mayPush: boolean; mayRemove: boolean }) {
  const push = useCommand(comms.pushCopy, { done: 'Everything is written again' });
  const remove = useCommand(comms.removeCopy, { done: 'Nothing is pushed there any more', problems: 'inline' });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {mayPush && (
        <Button
          size="compact-sm"
          variant="default"
          loading={push.isPending}
          onClick={() => push.mutate({ params: { id: item.id } })}
          aria-label={`Push to ${item.name} now`}
        >
          Push now
        </Button>
      )}
      {mayRemove && (
        <ConfirmButton
          danger
          size="compact-sm"
          variant="subtle"
          title={`Stop pushing to ${item.name}?`}
          consequences={['What stands there stays, and grows old.', 'Its key is forgotten.']}
          confirm="Stop pushing"
          onConfirm={() => remove.mutateAsync({ params: { id: item.id } })}
        >
          Remove
        </ConfirmButton>
      )}
    </Group>
  );
}

const EMPTY = {
  name: '',
  kind: 's3' as CopyPlace['kind'],
  dir: '',
  endpoint: '',
  bucket: '',
  region: 'us-east-1',
  accessKeyId: '',
  remote: '',
  branch: 'main',
  prefix: '',
  secret: '',
  url: '',
};

function placeOf({
  kind,
  dir,
  endpoint,
  bucket,
  region,
  accessKeyId,
  remote,
  branch,
  prefix,
}: typeof EMPTY): CopyPlace {
  if (kind === 'folder') return { kind, dir };
  return kind === 's3' ? { kind, endpoint, bucket, region, accessKeyId, prefix } : { kind, remote, branch, prefix };
}

function Add({ onClose }: { onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(comms.addCopy, {
    initialValues: EMPTY,
    input: (values) => ({
      body: {
        name: values.name,
        place: placeOf(values),
        url: values.url.trim() || null,
        ...(values.kind !== 'folder' && values.secret && { secret: values.secret }),
      },
    }),
    onDone: onClose,
  });
  const { kind } = form.getValues();
  return (
    <Modal opened onClose={onClose} title="Push the page to another place" size="lg">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Push there"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput label="Name" placeholder="Bucket behind the CDN" data-autofocus {...form.getInputProps('name')} />
        <Select
          label="Kind"
          allowDeselect={false}
          data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps('kind')}
        />
        {kind === 'folder' && <TextInput label="Folder" placeholder="/srv/status" {...form.getInputProps('dir')} />}
        {kind === 's3' && (
          <>
            <TextInput
              label="Endpoint"
              placeholder="https://s3.eu-central-1.amazonaws.com"
              {...form.getInputProps('endpoint')}
            />
            <Group grow>
              <TextInput label="Bucket" {...form.getInputProps('bucket')} />
              <TextInput label="Region" {...form.getInputProps('region')} />
            </Group>
            <Group grow>
              <TextInput label="Access key id" {...form.getInputProps('accessKeyId')} />
              <PasswordInput label="Secret key" autoComplete="off" {...form.getInputProps('secret')} />
            </Group>
          </>
        )}
        {kind === 'git' && (
          <>
            <TextInput
              label="Remote"
              placeholder="https://git.example.com/team/status.git"
              {...form.getInputProps('remote')}
            />
            <Group grow>
              <TextInput label="Branch" {...form.getInputProps('branch')} />
              <PasswordInput label="Token (for https)" autoComplete="off" {...form.getInputProps('secret')} />
            </Group>
          </>
        )}
        {kind !== 'folder' && (
          <TextInput label="Folder inside it (optional)" placeholder="site" {...form.getInputProps('prefix')} />
        )}
        <TextInput
          label="Where people read it (optional)"
          description="Links lead there, and it is read back from there."
          placeholder="https://status.example.com"
          {...form.getInputProps('url')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
