/** Settings of the installation, each drawn from the description that its module gives. */
import { Group, Stack, Text } from '@mantine/core';
import type { z } from 'zod';
import type { setting } from '#contract/security';
import { endpoints as security } from '#contract/security';
import {
  Ago,
  CommandFormFrame,
  EmptyState,
  Loaded,
  Page,
  Section,
  StateBadge,
  sentence,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import { initialValue, type JsonSchema, SchemaFields } from './schema-fields.tsx';

type Setting = z.infer<typeof setting>;

export function Installation() {
  const settings = useQueryOf(security.listSettings);
  return (
    <Page
      title="Installation"
      width="narrow"
      subtitle="Changes take effect at once, on every node, and are written to the audit log."
    >
      <Loaded query={settings} lines={6}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing to set" />
          ) : (
            items.map((item) => <One key={`${item.key} ${item.updatedAt}`} item={item} />)
          )
        }
      </Loaded>
    </Page>
  );
}

/** `channels.smtp` -> `Smtp`, in words people use. */
function titleOf(key: string): string {
  const name = key.split('.').slice(1).join(' ') || key;
  const known: Record<string, string> = {
    smtp: 'Outgoing mail (SMTP)',
    installation: 'This installation',
  };
  return known[name] ?? sentence(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
}

function One({ item }: { item: Setting }) {
  const may = useMay('security.saveSetting');
  const schema = item.schema as JsonSchema;
  const { form, submit, pending, problem } = useCommandForm(security.saveSetting, {
    initialValues: { value: initialValue(schema, item.value) } as Record<string, unknown>,
    input: ({ value }) => ({ params: { key: item.key }, body: { value } }),
    done: `${titleOf(item.key)}: saved`,
  });
  return (
    <Section
      id={item.key}
      title={titleOf(item.key)}
      description={item.help}
      actions={
        item.isSet ? (
          <StateBadge state="set" tone="ok" quiet label="Set" />
        ) : (
          <StateBadge state="default" tone="idle" quiet label={item.secret ? 'Not set' : 'As delivered'} />
        )
      }
    >
      <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Save" hideSave={!may}>
        {item.secret && (
          <Text fz="sm" c="dimmed">
            Kept encrypted and never shown again. {item.isSet ? 'Fill in the fields to replace what is there.' : ''}
          </Text>
        )}
        <Stack gap="sm">
          <SchemaFields
            schema={schema}
            value={form.values.value}
            onChange={(value) => form.setFieldValue('value', value)}
            disabled={!may}
          />
        </Stack>
        {item.updatedAt && (
          <Group>
            <Text fz="xs" c="dimmed">
              Changed <Ago at={item.updatedAt} />
            </Text>
          </Group>
        )}
      </CommandFormFrame>
    </Section>
  );
}
