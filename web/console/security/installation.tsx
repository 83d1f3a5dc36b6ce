/** Settings of the installation, each drawn from the description that its module gives, one opened at a time. */
import { Accordion, Group, Stack, Text } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { endpoints as security, type setting } from '#contract/security';
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
import { initialValue, type JsonSchema, words } from './schema.ts';
import { SchemaFields } from './schema-fields.tsx';
import classes from './settings.module.css';

type Setting = z.infer<typeof setting>;

export function Installation() {
  const settings = useQueryOf(security.listSettings);
  const { hash } = useLocation();
  const [opened, setOpened] = useState<string | null>(hash || null);
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
            grouped(items).map(({ heading, settings: some }) => (
              <Section key={heading} title={heading} flush>
                <Accordion value={opened} onChange={setOpened} order={3} classNames={{ item: classes.item }}>
                  {some.map((item) => (
                    <One key={item.key} item={item} opened={opened === item.key} />
                  ))}
                </Accordion>
              </Section>
            ))
          )
        }
      </Loaded>
    </Page>
  );
}

const first = ['security.installation', 'channels.smtp'];
const headings: Record<string, string> = {
  channels: 'Channels',
  people: 'People',
  signals: 'Alerts',
  incidents: 'Incidents',
  recovery: 'Recovery',
  comms: 'Customer updates',
  learning: 'Reviews',
  app: 'Assistants',
};

/** What everybody needs first, then by module, in the order the server gives. */
function grouped(items: Setting[]): { heading: string; settings: Setting[] }[] {
  const groups = new Map<string, Setting[]>();
  const place = (heading: string, item: Setting) => groups.set(heading, [...(groups.get(heading) ?? []), item]);
  for (const key of first) for (const item of items.filter((one) => one.key === key)) place('Basics', item);
  for (const item of items.filter(({ key }) => !first.includes(key))) {
    const module = item.key.split('.')[0]!;
    place(headings[module] ?? sentence(module), item);
  }
  return [...groups].map(([heading, settings]) => ({ heading, settings }));
}

/** `comms.reviewPolicy` -> `Review policy`. */
function titleOf({ key, schema }: Setting): string {
  const known: Record<string, string> = {
    'channels.smtp': 'Outgoing mail (SMTP)',
    'channels.ntfy': 'ntfy push',
    'channels.slack': 'Slack',
    'channels.teams': 'Microsoft Teams',
    'channels.mattermost': 'Mattermost',
    'channels.discord': 'Discord',
    'channels.carriers': 'Which carrier first',
    'channels.twilio': 'Twilio (SMS and voice)',
    'channels.vonage': 'Vonage (SMS and voice)',
    'security.installation': 'Name and time zone',
    'comms.page': 'Public status page',
    'comms.lists': 'Words the message check knows',
    'comms.cadence': 'How often customers hear from us',
  };
  return known[key] ?? (schema as JsonSchema).title ?? words(key.split('.').slice(1).join(' ') || key);
}

function One({ item, opened }: { item: Setting; opened: boolean }) {
  return (
    <Accordion.Item value={item.key} id={item.key}>
      <Accordion.Control>
        <span className={classes.control}>
          <b>{titleOf(item)}</b>
          {item.isSet ? (
            <StateBadge state="set" tone="ok" quiet label="Set" />
          ) : (
            <StateBadge state="default" tone="idle" quiet label={item.secret ? 'Not set' : 'As delivered'} />
          )}
          <span className={classes.help}>{item.help}</span>
        </span>
      </Accordion.Control>
      <Accordion.Panel>{opened && <Form key={item.updatedAt} item={item} />}</Accordion.Panel>
    </Accordion.Item>
  );
}

function Form({ item }: { item: Setting }) {
  const may = useMay('security.saveSetting');
  const schema = item.schema as JsonSchema;
  const { form, submit, pending, problem } = useCommandForm(security.saveSetting, {
    initialValues: { value: initialValue(schema, item.value) } as Record<string, unknown>,
    input: ({ value }) => ({ params: { key: item.key }, body: { value } }),
    done: `${titleOf(item)}: saved`,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Save" hideSave={!may}>
      {item.secret && (
        <Text fz="sm" c="dimmed">
          Kept encrypted and never shown again. {item.isSet ? 'Fill in all fields to replace what is there.' : ''}
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
  );
}
