/** Feature flags: what each serves now, what it serves normally, and a reason for every change. */
import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Flag, endpoints as playbooks } from '#contract/playbooks';
import {
  Ago,
  type Column,
  CommandFormFrame,
  CopyBlock,
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './playbooks.module.css';

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export function Flags() {
  const query = useQueryOf(playbooks.flags);
  const maySave = useMay('playbooks.saveFlag');
  const maySet = useMay('playbooks.setFlag');
  const [setting, setSetting] = useState<Flag>();
  const [editing, setEditing] = useState<Flag | 'new'>();
  const add = maySave && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Make a flag
    </Button>
  );
  const columns: Column<Flag>[] = [
    {
      key: 'key',
      label: 'Flag',
      primary: true,
      render: (flag) => (
        <span className={classes.titleCell}>
          <code>{flag.key}</code>
          {flag.description && <span className={classes.sub}>{flag.description}</span>}
        </span>
      ),
    },
    {
      key: 'now',
      label: 'Serves',
      width: '14rem',
      render: (flag) => (
        <span className={classes.titleCell}>
          <StateBadge
            state={flag.variant}
            label={flag.state === 'disabled' ? `${flag.defaultVariant} (disabled)` : flag.variant}
            tone={flag.variant === flag.defaultVariant ? 'ok' : 'warn'}
            quiet
          />
          <span className={classes.sub}>
            {show(flag.variants[flag.state === 'disabled' ? flag.defaultVariant : flag.variant])}
          </span>
        </span>
      ),
    },
    { key: 'normal', label: 'Normally', width: '9rem', render: (flag) => flag.defaultVariant },
    {
      key: 'last',
      label: 'Last change',
      render: (flag) =>
        flag.lastChange ? (
          <span className={classes.titleCell}>
            <span>
              {flag.lastChange.by}, <Ago at={flag.lastChange.at} />
              {flag.lastChange.incidentId && (
                <>
                  {' '}
                  · <TextLink to={`/incidents/${flag.lastChange.incidentId}`}>incident</TextLink>
                </>
              )}
            </span>
            <span className={classes.sub}>{flag.lastChange.reason}</span>
          </span>
        ) : (
          'never'
        ),
    },
    {
      key: 'do',
      label: 'Actions',
      labelHidden: true,
      align: 'right',
      width: '11rem',
      render: (flag) => (
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {maySave && (
            <Button size="compact-sm" variant="subtle" aria-label={`Edit ${flag.key}`} onClick={() => setEditing(flag)}>
              Edit
            </Button>
          )}
          {maySet && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Change what ${flag.key} serves`}
              onClick={() => setSetting(flag)}
            >
              Change
            </Button>
          )}
        </Group>
      ),
    },
  ];
  return (
    <Page
      title="Feature flags"
      subtitle="Switches your applications ask for over OpenFeature. During an incident, set them from the war room: there the old value is kept and can be put back."
      actions={add}
    >
      <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      {!query.error && (
        <Section label="Flags" flush>
          <DataList
            label="Feature flags"
            items={query.data?.items}
            columns={columns}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No flags yet" action={add}>
                A flag is the quickest containment there is: make one for each thing you would want to turn down in an
                emergency.
              </EmptyState>
            }
          />
        </Section>
      )}
      <Connect />
      {setting && <SetFlag flag={setting} onClose={() => setSetting(undefined)} />}
      {editing && <EditFlag flag={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

/** How an application asks. */
function Connect() {
  const snippet = `import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';

await OpenFeature.setProviderAndWait(new OFREPProvider({
  baseUrl: '${location.origin}',
  headers: [['Authorization', 'Bearer ' + process.env.EVENKEEL_TOKEN]],
}));
const retries = await OpenFeature.getClient().getNumberValue('payments.retries', 5);`;
  return (
    <Section
      title="Connect an application"
      description={
        <>
          Any OpenFeature client with the OFREP provider. Make an <TextLink to="/settings/tokens">API token</TextLink>{' '}
          with the scope <code>flags.read</code>; it can read flags and nothing else.
        </>
      }
    >
      <CopyBlock label="TypeScript" value={snippet} />
    </Section>
  );
}

function SetFlag({ flag, onClose }: { flag: Flag; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(playbooks.setFlag, {
    initialValues: { variant: flag.variant, reason: '' },
    input: (values) => ({ params: { key: flag.key }, body: { ...values, expectRevision: flag.revision } }),
    done: ({ key, variant }) => `${key} serves "${variant}"`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Change what ${flag.key} serves`}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Serve this"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Variant"
          allowDeselect={false}
          description={`Now ${flag.variant}, normally ${flag.defaultVariant}. Clients see it within two seconds.`}
          data={Object.entries(flag.variants).map(([name, value]) => ({
            value: name,
            label: `${name}: ${show(value)}`,
          }))}
          {...form.getInputProps('variant')}
        />
        <TextInput label="Why" required {...form.getInputProps('reason')} />
      </CommandFormFrame>
    </Modal>
  );
}

function EditFlag({ flag, onClose }: { flag?: Flag; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(playbooks.saveFlag, {
    initialValues: {
      key: flag?.key ?? '',
      description: flag?.description ?? '',
      variants: flag
        ? Object.entries(flag.variants)
            .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
            .join('\n')
        : 'on = true\noff = false',
      defaultVariant: flag?.defaultVariant ?? 'on',
    },
    validate: {
      variants: (text) =>
        readVariants(text) ? null : 'One per line: name = value, where value is JSON (true, 5, "text")',
    },
    input: (values) => ({ body: { ...values, variants: readVariants(values.variants) ?? {} } }),
    done: 'Flag saved',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={flag ? flag.key : 'Make a flag'}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Save flag"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Stack gap="md">
          <TextInput
            label="Key"
            description="What applications ask for, such as payments.retries"
            required
            disabled={flag !== undefined}
            {...form.getInputProps('key')}
          />
          <TextInput label="What it does" {...form.getInputProps('description')} />
          <Textarea
            label="Variants"
            description="One per line: name = value"
            autosize
            minRows={2}
            required
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            {...form.getInputProps('variants')}
          />
          <TextInput label="Normal variant" required {...form.getInputProps('defaultVariant')} />
          <Text fz="xs" c="dimmed">
            All values are of one kind. A new flag serves its normal variant.
          </Text>
        </Stack>
      </CommandFormFrame>
    </Modal>
  );
}

type Value = string | number | boolean | Record<string, unknown>;
function readVariants(text: string): Record<string, Value> | null {
  try {
    const pairs = text
      .split('\n')
      .filter((line) => line.trim())
      .map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at).trim(), JSON.parse(line.slice(at + 1)) as Value] as const;
      });
    return pairs.every(([name]) => name) ? Object.fromEntries(pairs) : null;
  } catch {
    return null;
  }
}
