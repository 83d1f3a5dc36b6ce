/** Where I am signed in. */
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as security } from '#contract/security';
import {
  Ago,
  ConfirmButton,
  call,
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useQueryOf,
  When,
} from '../../kit/index.ts';

/** `Firefox on Linux`, as far as the browser tells. */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device';
  const browser = [
    ['Edg/', 'Edge'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => userAgent.includes(mark!))?.[1];
  const system = [
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['Mac OS', 'Mac'],
    ['Windows', 'Windows'],
    ['Linux', 'Linux'],
  ].find(([mark]) => userAgent.includes(mark!))?.[1];
  if (!browser) return userAgent.split(/[/ ]/)[0] || 'Unknown device';
  return system ? `${browser} on ${system}` : browser;
}

export function Sessions() {
  const sessions = useQueryOf(security.listSessions);
  const client = useQueryClient();
  return (
    <Page
      title="Sessions"
      subtitle="Where you are signed in. If you do not know one of these, sign it out and change your password."
    >
      <ProblemAlert error={sessions.error} retry={() => void sessions.refetch()} />
      {!sessions.error && (
        <Section label="Sessions" flush>
          <DataList
            label="Sessions"
            items={sessions.data?.items}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No sessions" />}
            columns={[
              {
                key: 'device',
                label: 'Device',
                primary: true,
                render: ({ userAgent }) => deviceName(userAgent),
              },
              { key: 'ip', label: 'Address', render: ({ ip }) => ip ?? '–' },
              {
                key: 'since',
                label: 'Since',
                render: ({ createdAt }) => <When at={createdAt} />,
              },
              {
                key: 'seen',
                label: 'Last active',
                render: ({ lastSeenAt }) => <Ago at={lastSeenAt} />,
              },
              {
                key: 'ends',
                label: 'Ends',
                render: ({ expiresAt }) => <When at={expiresAt} />,
              },
              {
                key: 'act',
                label: 'Actions',
                labelHidden: true,
                align: 'right',
                render: ({ id, current, userAgent }) =>
                  current ? (
                    <StateBadge state="this_session" tone="ok" quiet label="This one" />
                  ) : (
                    <ConfirmButton
                      size="compact-sm"
                      title="Sign out this device?"
                      consequences={[
                        `${deviceName(userAgent)} is signed out at once. What was typed there and not saved is lost.`,
                      ]}
                      confirm="Sign out device"
                      onConfirm={async () => {
                        await call(security.revokeSession, { params: { id } });
                        await client.invalidateQueries();
                      }}
                    >
                      Sign out
                    </ConfirmButton>
                  ),
              },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}
