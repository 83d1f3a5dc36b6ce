/** Setting up chats: the app of Slack from a manifest, the room of Teams, a test, and which rooms are behind. */
import { Button, Group, List, Stack, Text } from '@mantine/core';
import { endpoints as incidents } from '#contract/incidents';
import { SLACK_COMMANDS, SLACK_SCOPES } from '#contract/incidents-chat';
import {
  Ago,
  CopyBlock,
  DataList,
  Hint,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  TextLink,
  useCommand,
  useQueryOf,
} from '../../kit/index.ts';

/** What Slack's “From a manifest” takes. */
const manifest = (url: string) =>
  JSON.stringify(
    {
      display_information: { name: 'Evenkeel', description: 'Incidents: a channel for each, and pages' },
      features: {
        bot_user: { display_name: 'Evenkeel', always_online: true },
        slash_commands: SLACK_COMMANDS.map((word) => ({
          command: `/${word}`,
          url,
          description: word === 'incident' ? 'Declare an incident, or any word of the war room' : `As in the war room`,
          usage_hint: word === 'incident' ? 'declare sev2 Checkout is down' : 'see /incident help',
          should_escape: true,
        })),
      },
      oauth_config: { scopes: { bot: [...SLACK_SCOPES] } },
      settings: {
        event_subscriptions: { request_url: url, bot_events: ['message.im', 'pin_added', 'reaction_added'] },
        interactivity: { is_enabled: true, request_url: url },
        org_deploy_enabled: false,
        socket_mode_enabled: false,
      },
    },
    null,
    2,
  );

export function ChatSettings() {
  const health = useQueryOf(incidents.chatHealth);
  return (
    <Page
      title="Chat and calls"
      subtitle="A channel for each incident where people already talk. The record stays here: nothing waits for a chat, and what it missed is told when it is back."
    >
      <Loaded query={health} lines={8}>
        {({ slack, teams, requestUrl, behind }) => (
          <>
            {behind.length > 0 && (
              <Section title="Rooms that are behind" flush>
                <DataList
                  label="Rooms that are behind"
                  items={behind}
                  rowKey={({ incidentKey, provider }) => `${incidentKey} ${provider}`}
                  columns={[
                    {
                      key: 'incident',
                      label: 'Incident',
                      primary: true,
                      render: ({ incidentKey }) => (
                        <TextLink inherit underline="always" to={`/incidents/${incidentKey}`}>
                          {incidentKey}
                        </TextLink>
                      ),
                    },
                    {
                      key: 'where',
                      label: 'Where',
                      render: ({ provider, name }) => `${provider === 'slack' ? 'Slack' : 'Teams'} ${name ?? ''}`,
                    },
                    { key: 'behind', label: 'Entries behind', render: (room) => room.behind },
                    { key: 'why', label: 'Why', render: ({ error }) => error ?? 'on its way' },
                    { key: 'since', label: 'Wanted', render: ({ since }) => <Ago at={since} /> },
                  ]}
                />
              </Section>
            )}
            <Section title="Slack">
              <Stack gap="sm">
                <Text fz="sm" fw={550}>
                  {!slack.configured
                    ? 'Not set up yet.'
                    : slack.on
                      ? behind.length > 0
                        ? 'Set up; some channels are behind.'
                        : 'Set up, incidents get channels, and every channel has been told everything.'
                      : 'Set up for pages; incidents get no channels.'}
                </Text>
                <List type="ordered" fz="sm" spacing={6}>
                  <List.Item>
                    In Slack: api.slack.com/apps, <i>Create New App</i>, <i>From a manifest</i>, paste this, then{' '}
                    <i>Install to workspace</i>.
                  </List.Item>
                  <List.Item>
                    Enter the bot token and the signing secret under{' '}
                    <TextLink inherit underline="always" to="/settings/installation#channels.slack">
                      Installation, Slack
                    </TextLink>
                    .
                  </List.Item>
                  <List.Item>
                    Switch channels on under{' '}
                    <TextLink inherit underline="always" to="/settings/installation#incidents.chat">
                      Installation, Chat
                    </TextLink>
                    .
                  </List.Item>
                  <List.Item>
                    Everybody proves their member ID once under{' '}
                    <TextLink inherit underline="always" to="/settings/contact">
                      My contact methods
                    </TextLink>
                    : words of people we do not know change nothing.
                  </List.Item>
                </List>
                <CopyBlock label="App manifest" value={manifest(requestUrl)} />
                <TestSlack disabled={!slack.configured} />
              </Stack>
            </Section>
            <Section title="Microsoft Teams">
              <Stack gap="xs">
                <Text fz="sm">
                  {teams.room
                    ? `Cards go to the room “${teams.room}”.`
                    : teams.rooms.length > 0
                      ? 'A room is entered; choose it under Installation, Chat.'
                      : 'Enter a room under Installation, Teams, then choose it under Installation, Chat.'}
                </Text>
                <Hint tone="notice" title="What Teams cannot do here.">
                  By a workflow’s webhook we can only post cards with a link. A channel per incident, commands, buttons
                  that answer and pins need an app that Microsoft hosts for you, and are not part of this version.
                </Hint>
              </Stack>
            </Section>
            <Section title="Calls">
              <Text fz="sm">
                A conference link is made from a template under{' '}
                <TextLink inherit underline="always" to="/settings/installation#incidents.conference">
                  Installation, Conference
                </TextLink>
                , such as https://meet.jit.si/acme-{'{key}'}. It stands in the war room, in the channel and in pages.
              </Text>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function TestSlack({ disabled }: { disabled: boolean }) {
  const test = useCommand(incidents.testSlack, { problems: 'inline' });
  const found = test.data;
  return (
    <Stack gap="xs">
      <Group>
        <Button variant="default" disabled={disabled} loading={test.isPending} onClick={() => test.mutate({})}>
          Test the app
        </Button>
      </Group>
      <ProblemAlert error={test.error} />
      {found && (
        <div role="status">
          <Hint
            tone={found.ok && found.missing.length === 0 ? 'ok' : 'warn'}
            title={found.ok ? 'Slack answers.' : 'No.'}
          >
            {found.ok
              ? `We are ${found.user} in ${found.team}.${
                  found.missing.length > 0 ? ` Missing scopes: ${found.missing.join(', ')}.` : ' No scope is missing.'
                }`
              : found.error}
          </Hint>
        </div>
      )}
    </Stack>
  );
}
