/** The library: which playbooks there are, what for, and whether they are in force. */
import { IconPlus } from '@tabler/icons-react';
import { endpoints as playbooks, type PlaybookSummary } from '#contract/playbooks';
import {
  Ago,
  type Column,
  DataList,
  EmptyState,
  LinkButton,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './playbooks.module.css';

const columns: Column<PlaybookSummary>[] = [
  {
    key: 'title',
    label: 'Playbook',
    primary: true,
    render: (one) => (
      <span className={classes.titleCell}>
        <span>{one.title}</span>
        <span className={classes.sub}>{one.summary}</span>
      </span>
    ),
  },
  {
    key: 'services',
    label: 'For',
    width: '12rem',
    render: (one) => one.services.map((name) => name.slice(name.indexOf(':') + 1)).join(', ') || 'any service',
  },
  {
    key: 'state',
    label: 'In force',
    width: '11rem',
    render: (one) =>
      one.approvedVersion ? (
        <StateBadge state="approved" label={`Version ${one.approvedVersion}`} quiet />
      ) : (
        <StateBadge state="draft" label="Not approved yet" quiet />
      ),
  },
  {
    key: 'draft',
    label: 'Waiting',
    width: '9rem',
    render: (one) =>
      one.draftWaiting && one.approvedVersion ? (
        <StateBadge state="draft" label={`Draft ${one.latestVersion}`} quiet />
      ) : (
        ''
      ),
  },
  {
    key: 'runs',
    label: 'Last used',
    width: '9rem',
    render: (one) => (one.lastRunAt ? <Ago at={one.lastRunAt} /> : 'never'),
  },
];

export function Playbooks() {
  const query = useQueryOf(playbooks.list, { query: { limit: 200 } });
  const mayWrite = useMay('playbooks.savePlaybook');
  const add = mayWrite && (
    <LinkButton to="/playbooks/new" leftSection={<IconPlus size={16} />}>
      Write a playbook
    </LinkButton>
  );
  return (
    <Page
      title="Playbooks"
      subtitle="What to do in a situation: steps, actions that are previewed and approved, and what must be true before it is over."
      actions={add}
    >
      <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      {!query.error && (
        <Section label="Playbooks" flush>
          <DataList
            label="Playbooks"
            items={query.data?.items}
            columns={columns}
            rowKey={({ id }) => id}
            rowTo={({ id }) => ({ to: `/playbooks/${id}` })}
            empty={
              <EmptyState title="No playbooks yet" action={add}>
                Start from one of the templates. A second person approves it; then it is offered in every incident it
                fits.
              </EmptyState>
            }
          />
        </Section>
      )}
    </Page>
  );
}
