/** What waits for a yes or no. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { endpoints as incidents } from '#contract/incidents';
import { Ago, Countdown, Section, useCommand, useQueryOf } from '../../../kit/index.ts';
import { useRoom } from './context.tsx';
import classes from './room.module.css';

export function Approvals() {
  const { incident } = useRoom();
  const pending = incident.approvals.some(({ state }) => state === 'pending');
  if (!pending) return null;
  return (
    <Section title="Waiting for an answer" id="approvals">
      <List incidentId={incident.id} />
    </Section>
  );
}

function List({ incidentId }: { incidentId: string }) {
  const { data } = useQueryOf(incidents.approvals, { query: { incidentId } });
  const decide = useCommand(incidents.decideApproval, {
    done: ({ state }) =>
      state === 'pending' ? 'Noted; a second yes is needed' : state === 'granted' ? 'Approved' : 'Refused',
  });
  return (
    <Stack gap="sm">
      {data?.items.map((one) => {
        const say = (verdict: 'granted' | 'refused') =>
          decide.mutate({ params: { approvalId: one.id }, body: { verdict } });
        return (
          <div key={one.id} className={classes.row}>
            <div>
              <Text fw={600} fz="sm">
                {one.title}
              </Text>
              <Text fz="sm" c="dimmed">
                {one.requester.name} asked <Ago at={one.requestedAt} />
                {one.secondFactor && ', asks for your code'}
                {one.needed > 1 && `, ${one.verdicts.length} of ${one.needed} yes`}
                {one.expiresAt && (
                  <>
                    , <Countdown at={one.expiresAt} />
                  </>
                )}
              </Text>
              {one.note && <Text fz="sm">{one.note}</Text>}
            </div>
            {one.yours ? (
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => say('refused')}
                  aria-label={`Refuse: ${one.title}`}
                >
                  Refuse
                </Button>
                <Button
                  size="compact-sm"
                  onClick={() => say('granted')}
                  loading={decide.isPending}
                  aria-label={`Approve: ${one.title}`}
                >
                  Approve
                </Button>
              </Group>
            ) : (
              <Text fz="xs" c="dimmed">
                Needs “{one.authority.replaceAll('_', ' ')}”, and not from who asked
              </Text>
            )}
          </div>
        );
      })}
    </Stack>
  );
}
