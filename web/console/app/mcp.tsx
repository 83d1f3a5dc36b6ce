/** How to connect an assistant or an editor by MCP: address, token with its scopes, configuration to copy, and what each tool may. */
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { endpoints } from '#contract/app';
import type { OutputOf } from '../../kit/index.ts';
import { CopyBlock, DataList, Hint, Mono, Page, ProblemAlert, Section, TextLink, useQueryOf } from '../../kit/index.ts';

/** Scopes of a token that only reads, and of one that also writes. */
const READ = ['app.callTool', 'read'];

const CLIENTS = [
  {
    value: 'json',
    label: 'Most clients',
    about: 'In the client’s file of MCP servers (mcp.json, settings.json).',
    text: (url: string) =>
      JSON.stringify(
        { mcpServers: { evenkeel: { type: 'http', url, headers: { Authorization: 'Bearer ek_…' } } } },
        null,
        2,
      ),
  },
  {
    value: 'claude',
    label: 'Claude Code',
    about: 'In a terminal.',
    text: (url: string) => `claude mcp add --transport http evenkeel ${url} --header "Authorization: Bearer ek_…"`,
  },
  {
    value: 'vscode',
    label: 'VS Code',
    about: 'In .vscode/mcp.json; it asks for the token once and keeps it.',
    text: (url: string) =>
      JSON.stringify(
        {
          inputs: [{ type: 'promptString', id: 'evenkeel', description: 'Evenkeel API token', password: true }],
          servers: { evenkeel: { type: 'http', url, headers: { Authorization: 'Bearer ${input:evenkeel}' } } },
        },
        null,
        2,
      ),
  },
  {
    value: 'curl',
    label: 'By hand',
    about: 'To see that it answers.',
    text: (url: string) =>
      `curl ${url} -H "Authorization: Bearer ek_…" -H "Content-Type: application/json" \\\n  -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`,
  },
];

export function Assistants() {
  const tools = useQueryOf(endpoints.mcpTools);
  const [shown, setShown] = useState('json');
  const client = CLIENTS.find(({ value }) => value === shown) ?? CLIENTS[0]!;
  const writes = tools.data?.items.filter((tool) => tool.writes).map(({ scope }) => scope) ?? [];
  return (
    <Page
      title="Assistants (MCP)"
      subtitle="Assistants and editors that speak the Model Context Protocol can read incidents here and, with the scopes for it, write. They never decide."
    >
      <ProblemAlert error={tools.error} retry={() => void tools.refetch()} />
      {tools.data && (
        <>
          {!tools.data.enabled && (
            <Hint tone="notice" title="Switched off.">
              An administrator has switched the MCP server off for this installation.
            </Hint>
          )}
          <Section title="1. Make a token">
            <Stack gap="xs">
              <Text fz="sm">
                <TextLink inherit underline="always" to="/settings/tokens">
                  Make an API token
                </TextLink>{' '}
                with the scopes below. It acts in your name, never with more than you may.
              </Text>
              <CopyBlock label="Scopes to read" value={READ.join(', ')} />
              <CopyBlock
                label="Scopes to write as well"
                value={[...READ, ...new Set(writes)].join(', ')}
                hint="Give only those it needs. Containment is proposed, and always needs somebody other than you to approve it."
              />
            </Stack>
          </Section>
          <Section title="2. Tell the client">
            <Stack gap="xs">
              <SegmentedControl
                aria-label="Client"
                value={shown}
                onChange={setShown}
                data={CLIENTS.map(({ value, label }) => ({ value, label }))}
                w="fit-content"
                maw="100%"
              />
              <CopyBlock label={client.label} value={client.text(tools.data.url)} hint={client.about} />
              <Text fz="xs" c="dimmed">
                Revisions {tools.data.revisions.join(', ')}. At most {tools.data.perMinute.calls} calls and{' '}
                {tools.data.perMinute.writes} writes a minute for each token. Every call stands in the audit log as
                app.callTool.
              </Text>
            </Stack>
          </Section>
          <Tools title="Tools that read" items={tools.data.items.filter((tool) => !tool.writes)} />
          <Tools title="Tools that write" items={tools.data.items.filter((tool) => tool.writes)} />
        </>
      )}
    </Page>
  );
}

type Tool = OutputOf<typeof endpoints.mcpTools>['items'][number];

function Tools({ title, items }: { title: string; items: Tool[] }) {
  return (
    <Section title={title} flush>
      <DataList
        label={title}
        items={items}
        rowKey={({ name }) => name}
        columns={[
          {
            key: 'tool',
            label: 'Tool',
            primary: true,
            render: (tool) => (
              <>
                {tool.title}
                <br />
                <Mono>{tool.name}</Mono>
              </>
            ),
          },
          { key: 'about', label: 'What for', render: ({ about }) => about },
          {
            key: 'scope',
            label: 'Scope',
            render: ({ scope, usable }) => (
              <>
                {scope === 'signed_in' ? 'none' : <Mono>{scope}</Mono>}
                {!usable && (
                  <Text span fz="xs" c="dimmed" display="block">
                    not for your role
                  </Text>
                )}
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}
