/** Push in the browser that shows this page: one button, or what stands in its way and what to do about it. */
import { Button, Group, List, Text } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { endpoints as channels } from '#contract/channels';
import { type ContactMethod, endpoints as people } from '#contract/people';
import { call, Hint, ProblemAlert, Section, StateBadge, useCommand, useQueryOf } from '../../kit/index.ts';
import {
  browserName,
  type Look,
  lookAtBrowser,
  type PushState,
  pushState,
  rememberedMethod,
  rememberMethod,
  subscribe,
} from './push.ts';

/** What to do in each state in which no button helps. */
const HELP: Partial<Record<PushState, string>> = {
  insecure: 'Browsers give push to pages under https only. An administrator sets EVENKEEL_URL to an https address.',
  install:
    'On an iPhone or iPad, first put Evenkeel on the home screen: Share, Add to Home Screen. Then open it from there and come back here.',
  unsupported:
    'This browser has no push, or it is switched off (a private window, a setting, a policy). Try another one.',
  denied:
    'Notices from this site are blocked. Open the site’s settings by the icon beside the address, allow notifications, and reload this page.',
};

export function ThisBrowser({
  methods,
  onAdded,
}: {
  methods: ContactMethod[];
  onAdded: (method: ContactMethod) => void;
}) {
  const list = useQueryOf(channels.list);
  const channel = list.data?.items.find(({ name }) => name === 'push');
  const [look, again] = useBrowser();
  const method = methods.find(({ id, kind }) => kind === 'push' && id === rememberedMethod());
  const state = pushState(look, list.data ? (channel?.reason ?? null) : undefined, method);
  const [error, setError] = useState<Error>();
  const [asking, setAsking] = useState(false);
  const add = useCommand(people.addContactMethod, {
    problems: 'inline',
    onDone: (added) => {
      rememberMethod(added.id);
      again();
      onAdded(added);
    },
  });
  const turnOn = async () => {
    setAsking(true);
    setError(undefined);
    try {
      const { publicKey } = await call(channels.pushKey, {});
      const value = await subscribe(publicKey);
      add.mutate({ body: { kind: 'push', value, label: '' } });
    } catch (problem) {
      setError(problem as Error);
    }
    setAsking(false);
    again();
  };
  if (state === 'checking' || channel === undefined) return null;
  const name = browserName(navigator.userAgent);
  return (
    <Section
      title="This browser"
      actions={
        state === 'on' ? (
          <StateBadge state="on" tone="ok" label="Push is on" />
        ) : state === 'unproven' && method ? (
          <Button onClick={() => onAdded(method)}>Confirm it</Button>
        ) : state === 'ready' ? (
          <Button
            leftSection={<IconBellRinging size={16} />}
            loading={asking || add.isPending}
            onClick={() => void turnOn()}
          >
            Turn on push
          </Button>
        ) : (
          <StateBadge
            state="off"
            tone={state === 'denied' ? 'warn' : 'idle'}
            label={state === 'denied' ? 'Blocked' : 'No push here'}
          />
        )
      }
    >
      <ProblemAlert error={error ?? add.error} />
      {look?.online === false && (
        <Hint tone="warn" title="This browser is offline.">
          Pages cannot reach it. One that it does not show within a minute goes on to your next method, or to the next
          person.
        </Hint>
      )}
      <Text fz="sm">
        {HELP[state] ??
          (state === 'off'
            ? `Push cannot be used yet: ${channel.reason}.`
            : state === 'on'
              ? `Pages reach ${name}, also when no page of Evenkeel is open.`
              : state === 'unproven'
                ? `${name} has asked for push and is not confirmed yet.`
                : `Pages as notices with a button in ${name}, also when no page of Evenkeel is open. No app, no account.`)}
      </Text>
      {(state === 'on' || state === 'ready') && <HowItBehaves />}
    </Section>
  );
}

/** What people get wrong about notices, said before it matters. */
function HowItBehaves() {
  return (
    <List fz="sm" c="dimmed" mt="xs" spacing={2}>
      <List.Item>“Take it” on the notice takes the page. Dismissing it takes nothing: the calling goes on.</List.Item>
      <List.Item>
        A phone or computer that is off or offline gets the notice when it is back, within the hour. Without a sign of
        it for a minute, the page goes on to your next method or the next person.
      </List.Item>
      <List.Item>Do-not-disturb silences notices. Let the browser through, or add a number that rings.</List.Item>
    </List>
  );
}

/** Looks at the browser now, when it comes back to this page, and when it goes on- or offline. */
function useBrowser(): [Look | undefined, () => void] {
  const [look, setLook] = useState<Look>();
  const again = () => void lookAtBrowser().then(setLook);
  useEffect(() => {
    again();
    const events = ['online', 'offline', 'focus'];
    for (const event of events) addEventListener(event, again);
    return () => {
      for (const event of events) removeEventListener(event, again);
    };
  }, []);
  return [look, again];
}
