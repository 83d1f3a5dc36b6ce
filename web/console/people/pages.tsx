/** Pages: those nobody has taken first, with the button; the others below. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type Page as PageOfPeople, endpoints as people } from '#contract/people';
import {
  Countdown,
  type Column,
  DataList,
  EmptyState,
  ExerciseBadge,
  Page,
  PersonName,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  usePageSearch,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './people.module.css';
import { TakeButton } from './take.tsx';

/** Whose pages are listed. */
type Whose = { mine?: 'true'; assignee?: 'me' };

export function Pages() {
  const [search, setSearch] = usePageSearch<'whose'>();
  const whose: Whose =
    search.whose === 'mine' ? { mine: 'true' } : search.whose === 'assigned' ? { assignee: 'me' } : {};
  const open = useQueryOf(people.pages, { query: { state: 'open', ...whose, limit: 100 } });
  return (
    <Page title="Pages" subtitle="Somebody is called until somebody answers. Taking a page stops the calling.">
      <div className={classes.filter}>
        <SegmentedControl
          aria-label="Whose pages"
          value={search.whose ?? 'all'}
          onChange={(whose) => setSearch({ whose: whose === 'all' ? null : whose })}
          data={[
            { value: 'all', label: 'Everybody’s' },
            { value: 'mine', label: 'Called me or mine' },
            { value: 'assigned', label: 'Assigned to me' },
          ]}
        />
      </div>
      <ProblemAlert error={open.error} retry={() => void open.refetch()} />
      {!open.error && (
        <Section title="Nobody has taken these" flush>
          <DataList
            label="Open pages"
            items={open.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="Nobody is being called">
                When an alert or an incident needs somebody, the page appears here with one button.
              </EmptyState>
            }
            columns={openColumns}
          />
        </Section>
      )}
      <Earlier whose={whose} />
    </Page>
  );
}

const titleColumn: Column<PageOfPeople> = {
  key: 'title',
  label: 'Page',
  primary: true,
  render: (page) => (
    <span className={classes.titleCell}>
      <TextLink to={`/pages/${page.id}`}>{page.title}</TextLink>
      <span className={classes.sub}>
        {page.exercise && <ExerciseBadge />} {page.serviceName}
      </span>
    </span>
  ),
};

const openColumns: Column<PageOfPeople>[] = [
  titleColumn,
  { key: 'state', label: 'State', width: '9rem', render: (page) => <PageState page={page} /> },
  { key: 'called', label: 'Called', render: (page) => page.called.map(({ name }) => name).join(', ') || 'nobody yet' },
  {
    key: 'next',
    label: 'Next step',
    width: '10rem',
    render: (page) => <Countdown at={page.nextStepAt} none="none" over="late" />,
  },
  {
    key: 'act',
    label: 'Actions',
    labelHidden: true,
    align: 'right',
    width: '11rem',
    render: (page) => <TakeButton page={page} />,
  },
];

/** Unanswered is the loud one: everybody was asked. */
export function PageState({ page }: { page: PageOfPeople }) {
  if (page.state === 'paging') return <StateBadge state="paging" tone="warn" label="Calling" />;
  return <StateBadge state={page.state} label={page.state === 'stopped' ? 'Ended' : undefined} />;
}

function Earlier({ whose }: { whose: Whose }) {
  const [limit, setLimit] = useState(20);
  const all = useQueryOf(people.pages, { query: { state: 'all', ...whose, limit } }, { keepPrevious: true });
  const settled = all.data?.items.filter(({ state }) => state === 'acknowledged' || state === 'stopped');
  return (
    <Section title="Taken or ended" flush>
      <DataList
        label="Earlier pages"
        items={settled}
        rowKey={({ id }) => id}
        empty={<EmptyState title="None yet" />}
        more={
          all.data?.nextCursor && limit < 200
            ? { load: () => setLimit(limit + 60), loading: all.isFetching }
            : undefined
        }
        columns={[
          titleColumn,
          { key: 'state', label: 'State', width: '9rem', render: (page) => <PageState page={page} /> },
          {
            key: 'by',
            label: 'Taken by',
            render: (page) => <TakenBy page={page} />,
          },
          { key: 'at', label: 'Started', width: '11rem', render: (page) => <When at={page.createdAt} /> },
        ]}
      />
    </Section>
  );
}

/** Who has it, and until when it is put off. */
const TakenBy = ({ page }: { page: PageOfPeople }) => (
  <span className={classes.titleCell}>
    <PersonName person={page.acknowledgedBy} none={page.endReason ?? 'nobody'} />
    {page.asksAgainAt && (
      <span className={classes.sub}>
        asks again <When at={page.asksAgainAt} />
      </span>
    )}
  </span>
);
