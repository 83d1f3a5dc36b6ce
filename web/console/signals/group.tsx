/** One alert group: what fires, since when, who has it, what changed around it, and the next step. */
import { Button } from '@mantine/core';
import { endpoints as people } from '#contract/people';
import { type Alert, type GroupDetail, endpoints as signals } from '#contract/signals';
import {
  Ago,
  Columns,
  ConfirmButton,
  Duration,
  Facts,
  Hint,
  LinkButton,
  Loaded,
  Page,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { Beneath, Case } from './case.tsx';
import { Suspects } from './suspects.tsx';
import { AlertItem } from './alert-item.tsx';
import { AlertSeverity, GroupMarks, Holder } from './badges.tsx';
import { DeclareFromGroup } from './declare.tsx';
import { GroupSuggestions } from './suggestions.tsx';
import { GroupSuppliers } from './suppliers.tsx';
import classes from './signals.module.css';

export function OneGroup() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(signals.getGroup, { params: { id } });
  return (
    <Loaded query={query} lines={8}>
      {(group) => <GroupPage group={group} />}
    </Loaded>
  );
}

function GroupPage({ group }: { group: GroupDetail }) {
  return (
    <Page
      title={group.title}
      crumbs={[{ label: 'Alerts', to: '/alerts' }]}
      exercise={group.exercise}
      badges={
        <>
          <AlertSeverity severity={group.severity} />
          <StateBadge state={group.state} />
          <GroupMarks group={{ ...group, exercise: false }} />
        </>
      }
      subtitle={<Headline group={group} />}
      actions={<Actions group={group} />}
    >
      <Columns side={<Side group={group} />}>
        {group.correlation?.role === 'member' && group.correlation.state === 'open' && (
          <Beneath of={group.correlation} />
        )}
        {group.correlation?.role === 'lead' && <Case of={group.correlation} />}
        {group.state !== 'resolved' && !group.test && <GroupSuggestions groupId={group.id} />}
        {group.test && (
          <Hint tone="exercise">
            Sent by the test button. It pages only when that was asked for, and is never part of an incident.
          </Hint>
        )}
        {group.suppressed && (
          <Hint tone="notice" title="Nobody is asked: it is silenced.">
            {group.suppressed.createdBy}: {group.suppressed.comment}. Until <When at={group.suppressed.endsAt} />.{' '}
            <TextLink to="/silences">Silences</TextLink>
          </Hint>
        )}
        {group.held && group.held.kind !== 'correlation' && (
          <Hint tone="notice" title="Nobody is asked about it.">
            {group.held.why}. <TextLink to="/settings/rules">Rules</TextLink>
          </Hint>
        )}
        {group.flapping && (
          <Hint tone="notice">It comes and goes. It counts as one alert and resolves after five quiet minutes.</Hint>
        )}
        <Section
          title={group.alertCount === 1 ? 'Alert' : `Alerts, ${group.firingCount} of ${group.alertCount} firing`}
          flush
        >
          <ul className={classes.alerts}>
            {inOrder(group.alerts).map((alert) => (
              <AlertItem key={alert.id} alert={alert} startOpen={group.alerts.length === 1} />
            ))}
          </ul>
        </Section>
      </Columns>
    </Page>
  );
}

const order = ['critical', 'error', 'warning', 'info'];
/** Firing before resolved, worst first, newest first. */
const inOrder = (alerts: Alert[]): Alert[] =>
  alerts.toSorted(
    (a, b) =>
      a.state.localeCompare(b.state) ||
      order.indexOf(a.severity) - order.indexOf(b.severity) ||
      b.lastAt.localeCompare(a.lastAt),
  );

const Headline = ({ group }: { group: GroupDetail }) => (
  <>
    {group.state === 'resolved' ? 'Lasted ' : 'For '}
    <Duration from={group.firstAt} to={group.resolvedAt} />
    {' · '}
    {group.service ? (
      <TextLink to={`/services/${group.service.slug}`}>{group.service.name}</TextLink>
    ) : (
      'Service not known'
    )}
    {' · '}
    {group.integration.name}
  </>
);

function Actions({ group }: { group: GroupDetail }) {
  const mayTake = useMay('signals.acknowledgeGroup');
  const mayResolve = useMay('signals.resolveGroup');
  const take = useCommand(signals.acknowledgeGroup, {
    done: 'It is yours. Nobody else is asked.',
  });
  const resolve = useCommand(signals.resolveGroup, {
    done: 'Resolved',
    problems: 'inline',
  });
  return (
    <>
      {mayResolve && group.state !== 'resolved' && (
        <ConfirmButton
          variant="default"
          title="Resolve this by hand?"
          consequences={[
            'Everything in it counts as resolved, and paging for it ends.',
            'If its source reports it again, a new alert opens and pages again.',
          ]}
          confirm="Resolve"
          onConfirm={() => resolve.mutateAsync({ params: { id: group.id } })}
        >
          Resolve
        </ConfirmButton>
      )}
      {mayTake && group.state === 'open' && (
        <Button
          variant={group.incidentId ? 'filled' : 'light'}
          loading={take.isPending}
          onClick={() => take.mutate({ params: { id: group.id } })}
        >
          Acknowledge
        </Button>
      )}
      {group.incidentId ? (
        <LinkButton
          to={`/incidents/${group.incidentKey ?? group.incidentId}`}
        >{`Open ${group.incidentKey ?? 'incident'}`}</LinkButton>
      ) : (
        group.state !== 'resolved' && <DeclareFromGroup group={group} />
      )}
    </>
  );
}

function Side({ group }: { group: GroupDetail }) {
  return (
    <>
      <Section title="Facts">
        <Facts
          items={[
            { label: 'First', value: <When at={group.firstAt} seconds /> },
            { label: 'Last', value: <Ago at={group.lastAt} /> },
            {
              label: 'Reported',
              value: `${group.eventCount} ${group.eventCount === 1 ? 'time' : 'times'}`,
            },
            { label: 'Who has it', value: <Holder group={group} /> },
            ...(group.acknowledgedAt ? [{ label: 'Taken', value: <When at={group.acknowledgedAt} /> }] : []),
            ...(group.resolvedAt ? [{ label: 'Resolved', value: <When at={group.resolvedAt} /> }] : []),
          ]}
        />
      </Section>
      {!group.exercise && <GroupSuppliers groupId={group.id} />}
      <Section title="Who was asked">
        <Pages group={group} />
      </Section>
      <Section title="Suspected changes" description="Time × place on the map × risk of such a change">
        <Suspects groupId={group.id} />
      </Section>
    </>
  );
}

/** Why nobody was asked about this group. */
function whyNobody({ held, suppressed }: GroupDetail): string {
  if (held?.kind === 'correlation') return 'Nobody: those of the probable origin are asked instead.';
  if (held) return `Nobody: ${held.why}`;
  return suppressed ? 'Nobody: a silence hides it.' : 'Nobody: alerts of this severity do not page.';
}

function Pages({ group }: { group: GroupDetail }) {
  const pages = useQueryOf(people.pages, {
    query: { subject: group.id, state: 'all', limit: 5 },
  });
  return (
    <Loaded query={pages} lines={2}>
      {({ items }) =>
        items.length === 0 ? (
          <span className={classes.dim}>{whyNobody(group)}</span>
        ) : (
          <ul className={classes.side}>
            {items.map((page) => (
              <li key={page.id}>
                <span>
                  <StateBadge state={page.state} quiet />{' '}
                  <TextLink to={`/pages/${page.id}`}>{page.policyName}</TextLink>
                </span>
                <span className={classes.dim}>
                  {page.called.map((person) => person.name).join(', ') || 'Nobody yet'} · <Ago at={page.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
