/** Who could cover a gap: least recent duty first, rested; others with the reason why not to ask them. */
import { Button, Modal, Stack, Text } from '@mantine/core';
import { type Candidate, endpoints as people, type Schedule, type Shift } from '#contract/people';
import { Loaded, useCommand, useQueryOf, When } from '../../kit/index.ts';
import classes from './people.module.css';
import { sayGap } from './say.ts';

const hindrances: Record<NonNullable<Candidate['hindrance']>, string> = {
  away: 'away then',
  on_duty: 'on duty then',
  no_rest: 'under ten hours of rest',
};

export function CoverForm({ schedule, gap, onClose }: { schedule: Schedule; gap: Shift; onClose: () => void }) {
  const query = useQueryOf(people.cover, { params: { id: schedule.id }, query: { from: gap.from, to: gap.to } });
  const take = useCommand(people.addOverride, { done: ({ person }) => `${person.name} covers`, onDone: onClose });
  const body = (userId: string) => ({
    params: { id: schedule.id },
    body: { userId, replacesUserId: gap.blocked?.id ?? null, from: gap.from, to: gap.to, reason: sayGap(gap) },
  });
  return (
    <Modal opened onClose={onClose} title="Find cover">
      <Stack gap="sm">
        <Text fz="sm">
          <When at={gap.from} date /> to <When at={gap.to} date />: {sayGap(gap)}
        </Text>
        <Loaded query={query}>
          {({ items }) => (
            <ul className={classes.lines} aria-label="Who could cover">
              {items.map((candidate) => (
                <li key={candidate.person.id}>
                  <span>
                    {candidate.person.name}
                    <span className={classes.sub}>
                      {' · '}
                      {candidate.hindrance
                        ? hindrances[candidate.hindrance]
                        : candidate.lastDuty
                          ? 'last duty ended '
                          : 'no duty in the last 13 weeks'}
                      {!candidate.hindrance && candidate.lastDuty && <When at={candidate.lastDuty} date />}
                      {!candidate.reachable && ' · no confirmed contact method'}
                    </span>
                  </span>
                  <Button
                    size="compact-sm"
                    variant={candidate.hindrance ? 'default' : 'filled'}
                    disabled={candidate.hindrance === 'away' || take.isPending}
                    aria-label={`Let ${candidate.person.name} cover`}
                    onClick={() => take.mutate(body(candidate.person.id))}
                  >
                    Covers
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
        <Text fz="xs" c="dimmed">
          Ask the person before you put them in; they are not asked by this.
        </Text>
      </Stack>
    </Modal>
  );
}
