/** The first thing anybody sees: what needs me, or the calm that nothing does. */
import { Text } from '@mantine/core';
import { endpoints as programme, type Home as HomeData } from '#contract/programme';
import {
  Ago,
  Columns,
  DataList,
  EmptyState,
  ExerciseBadge,
  Facts,
  Loaded,
  LinkButton,
  Page,
  PersonName,
  Section,
  SeverityBadge,
  StateBadge,
  TextLink,
  useQueryOf,
} from '../../kit/index.ts';
import { Duty } from './duty.tsx';
import classes from './home.module.css';
import { NeedList } from './needs.tsx';
import { Setup } from './setup.tsx';

export function Home() {
  const home = useQueryOf(programme.home, {}, { refetchInterval: 60_000 });
  return (
    <Page title={home.data?.headline ?? 'Home'} tab="Home" subtitle={home.data?.standing}>
      <Loaded query={home} lines={5}>
        {(data) => <Content data={data} />}
      </Loaded>
    </Page>
  );
}

function Content({ data }: { data: HomeData }) {
  const setup = data.setup && <Setup steps={data.setup} />;
  return (
    <Columns side={<Side data={data} />}>
      {data.needs.length > 0 && <NeedList needs={data.needs} />}
      {data.incidents.length > 0 && <Incidents data={data} />}
      {setup}
      {data.needs.length === 0 && !setup && data.incidents.length === 0 && <Calm data={data} />}
    </Columns>
  );
}

/** All is quiet: the screen may be empty, and says what would appear here. */
function Calm({ data }: { data: HomeData }) {
  const { openReviews, openActions } = data.numbers;
  return (
    <div className={classes.calm}>
      <EmptyState
        title="All quiet"
        action={
          <LinkButton to="/drills" variant="default">
            Practise while it is quiet
          </LinkButton>
        }
      >
        Pages to answer, incidents you lead, updates, approvals and reviews that are yours will stand here.
        {openReviews + openActions > 0 && (
          <>
            {' '}
            Elsewhere <TextLink to="/actions">{openActions} improvements</TextLink> and{' '}
            <TextLink to="/reviews">{openReviews} reviews</TextLink> are under way.
          </>
        )}
      </EmptyState>
    </div>
  );
}

function Incidents({ data }: { data: HomeData }) {
  return (
    <Section title="Under way" flush>
      <DataList
        label="Incidents under way"
        items={data.incidents}
        rowKey={({ id }) => id}
        rowTo={({ key }) => ({ to: `/incidents/${key}` })}
        columns={[
          {
            key: 'title',
            label: 'Incident',
            primary: true,
            render: ({ key, title, exercise }) => (
              <span className={classes.incident}>
                <span className={classes.key}>{key}</span> {title} {exercise && <ExerciseBadge />}
              </span>
            ),
          },
          {
            key: 'severity',
            label: 'Severity',
            width: '7rem',
            render: ({ severity }) => <SeverityBadge severity={severity} short />,
          },
          { key: 'phase', label: 'Phase', width: '9rem', render: ({ phase }) => <StateBadge state={phase} quiet /> },
          {
            key: 'lead',
            label: 'Leads',
            width: '11rem',
            render: ({ commander }) => <PersonName person={commander} none="Nobody yet" />,
          },
          { key: 'since', label: 'Declared', width: '8rem', render: ({ declaredAt }) => <Ago at={declaredAt} /> },
        ]}
      />
    </Section>
  );
}

function Side({ data }: { data: HomeData }) {
  const { services, openGroups, activeIncidents, openActions, overdueActions, openReviews } = data.numbers;
  const number = (value: number, to: string, what: string) => (
    <TextLink to={to} aria-label={`${value} ${what}`}>
      {value}
    </TextLink>
  );
  return (
    <>
      <Duty duty={data.duty} />
      <Section title="At a glance">
        <Facts
          items={[
            { label: 'Services', value: number(services, '/services', 'services') },
            { label: 'Open alerts', value: number(openGroups, '/alerts', 'open alerts') },
            { label: 'Incidents', value: number(activeIncidents, '/incidents', 'incidents under way') },
            { label: 'Reviews open', value: number(openReviews, '/reviews', 'open reviews') },
            {
              label: 'Improvements',
              value: (
                <>
                  {number(openActions, '/actions', 'open improvements')}
                  {overdueActions > 0 && (
                    <Text span fz="sm" className={classes.late}>
                      {' '}
                      {overdueActions} late
                    </Text>
                  )}
                </>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}
