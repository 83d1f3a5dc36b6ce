/** The board of improvements: everybody signed in sees what was promised, by whom, until when. */
import { Button, Group, SegmentedControl, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as learning } from '#contract/learning';
import { EmptyState, Loaded, Page, Section, useMay, usePageSearch, useQueryOf } from '../../kit/index.ts';
import { ActionItem } from './action/item.tsx';
import { Propose } from './action/propose.tsx';
import classes from './learning.module.css';

const shows = ['open', 'overdue', 'proposed', 'settled'] as const;
type Show = (typeof shows)[number];
const labels: Record<Show, string> = { open: 'To do', overdue: 'Late', proposed: 'Proposed', settled: 'Settled' };
const nothing: Record<Show, string> = {
  open: 'Nothing is promised',
  overdue: 'Nothing is late',
  proposed: 'Nothing waits for a verdict',
  settled: 'Nothing is settled yet',
};

export function Actions() {
  const [search, setSearch] = usePageSearch<'show' | 'mine'>();
  const show = shows.find((one) => one === search.show) ?? 'open';
  const mine = search.mine === 'true';
  const [limit, setLimit] = useState(50);
  const [proposing, setProposing] = useState(false);
  const mayPropose = useMay('learning.proposeAction');
  const query = { show, mine: mine ? 'true' : 'false', limit } as const;
  const actions = useQueryOf(learning.listActions, { query }, { keepPrevious: true });
  return (
    <Page
      title="Improvements"
      subtitle="What incidents and drills taught, as promises: one owner, one day, one type."
      actions={
        mayPropose && (
          <Button leftSection={<IconPlus size={16} />} variant="default" onClick={() => setProposing(!proposing)}>
            Propose
          </Button>
        )
      }
    >
      {proposing && (
        <Section title="Propose an improvement" flush>
          <Propose onDone={() => setProposing(false)} />
        </Section>
      )}
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Which improvements"
          value={show}
          onChange={(value) => setSearch({ show: value === 'open' ? null : value })}
          data={shows.map((value) => ({ value, label: labels[value] }))}
        />
        <Switch
          label="Only mine"
          checked={mine}
          onChange={(event) => setSearch({ mine: event.currentTarget.checked ? 'true' : null })}
        />
      </Group>
      <Loaded query={actions} lines={6}>
        {({ items, nextCursor }) => (
          <Section title={labels[show]} flush>
            {items.length === 0 ? (
              <EmptyState title={mine ? `${nothing[show]} of yours` : nothing[show]}>
                {show === 'open' &&
                  'Improvements are proposed in reviews and drills, and confirmed with an owner and a day.'}
              </EmptyState>
            ) : (
              <ul className={classes.actions}>
                {items.map((action) => (
                  <ActionItem key={action.id} action={action} />
                ))}
              </ul>
            )}
            {nextCursor && limit < 200 && (
              <div className={classes.add}>
                <Button variant="default" onClick={() => setLimit(200)} loading={actions.isFetching}>
                  Load more
                </Button>
              </div>
            )}
          </Section>
        )}
      </Loaded>
    </Page>
  );
}
