/** How often people take what is suggested at triage: the rate of each kind, and how it goes week by week. */
import { type Acceptance, endpoints as playbooks } from '#contract/playbooks';
import { type Column, DataList, EmptyState, Loaded, Page, Section, useQueryOf } from '../../kit/index.ts';
import { KIND_WORDS } from './suggestions.tsx';
import classes from './suggestions.module.css';

type Row = Acceptance['kinds'][number];
const percent = (rate: number | null) => (rate === null ? '–' : `${Math.round(100 * rate)} %`);

export function SuggestionAcceptance() {
  const query = useQueryOf(playbooks.suggestionAcceptance, { query: { weeks: 12 } });
  return (
    <Page
      title="Suggestions"
      subtitle="What is suggested about alerts and incidents, and how often people take it. Drills are not counted."
      crumbs={[{ label: 'Settings', to: '/settings' }]}
    >
      <Loaded query={query} lines={5}>
        {({ kinds }) =>
          kinds.every(({ shown }) => shown === 0) ? (
            <EmptyState title="Nothing was suggested yet">
              Open an alert that fires: severity, service, playbook and known fix are suggested at its top as soon as
              the catalogue, rules or earlier incidents say something.
            </EmptyState>
          ) : (
            <Section
              title="The last twelve weeks"
              description="Accepted of what people decided: taken, refused, or another one chosen. What nobody answered is listed apart."
              flush
            >
              <DataList items={kinds} columns={COLUMNS} rowKey={({ kind }) => kind} label="Suggestions by kind" />
            </Section>
          )
        }
      </Loaded>
    </Page>
  );
}

function Weeks({ row }: { row: Row }) {
  const text = row.weeks
    .filter(({ decided }) => decided > 0)
    .map((week) => `week of ${week.from.slice(0, 10)} (UTC): ${week.accepted} of ${week.decided}`)
    .join('; ');
  return (
    <div className={classes.weeks} role="img" aria-label={text || 'nothing was decided yet'} title={text}>
      {row.weeks.map((week) => (
        <span key={week.from} className={classes.week} data-empty={week.decided === 0 || undefined}>
          {week.rate !== null && <span style={{ height: `${Math.max(6, 100 * week.rate)}%` }} />}
        </span>
      ))}
    </div>
  );
}

const COLUMNS: Column<Row>[] = [
  { key: 'kind', label: 'Kind', render: ({ kind }) => KIND_WORDS[kind], primary: true },
  {
    key: 'rate',
    label: 'Accepted',
    render: ({ rate, accepted, refused, other }) =>
      rate === null ? '–' : `${percent(rate)} (${accepted} of ${accepted + refused + other})`,
  },
  {
    key: 'how',
    label: 'How',
    render: ({ clicked, accepted }) =>
      accepted === 0 ? '–' : `${clicked} by its button, ${accepted - clicked} by hand`,
  },
  { key: 'refused', label: 'Refused', render: ({ refused }) => refused },
  { key: 'other', label: 'Another chosen', render: ({ other }) => other },
  { key: 'open', label: 'Unanswered', render: ({ open }) => open },
  { key: 'weeks', label: 'By week', render: (row) => <Weeks row={row} /> },
];
