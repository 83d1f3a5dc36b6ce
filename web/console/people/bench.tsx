/** The bench: who can take which role, how duty is spread, what is lacking. For planning duty, never for rating a person. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { type Bench, endpoints as people } from '#contract/people';
import {
  DataList,
  EmptyState,
  Hint,
  Loaded,
  Page,
  PersonName,
  Section,
  StateBadge,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { CertifyForm, PracticeForm } from './practice-forms.tsx';
import classes from './roles.module.css';
import { SuggestForm } from './suggest.tsx';

type Role = Bench['roles'][number];
type Standing = Role['people'][number];

export function BenchPage() {
  const bench = useQueryOf(people.bench);
  const mayRecord = useMay('people.recordPractice');
  const [recording, setRecording] = useState(false);
  return (
    <Page
      title="Bench"
      crumbs={[{ label: 'Incident roles', to: '/roles' }]}
      subtitle="Who is certified and practised for which role, to plan the rotas. It says nothing about how well anybody works."
      actions={
        mayRecord && (
          <Button variant="default" onClick={() => setRecording(true)}>
            Write down practice
          </Button>
        )
      }
    >
      <Loaded query={bench} lines={8}>
        {(all) => (
          <>
            <Summary bench={all} />
            {all.roles
              .filter(({ needed, people: known }) => needed || known.length > 0)
              .map((role) => (
                <RoleBench key={role.key} role={role} />
              ))}
            <Others roles={all.roles.filter(({ needed, people: known }) => !needed && known.length === 0)} />
            <Unpractised people={all.unpractised} />
          </>
        )}
      </Loaded>
      {recording && <PracticeForm onClose={() => setRecording(false)} />}
    </Page>
  );
}

function Summary({ bench: { readiness, roles } }: { bench: Bench }) {
  const alarms = roles.flatMap((role) => role.alarms);
  return (
    <Section label="How ready the roles are">
      <Group gap="md" mb={alarms.length > 0 ? 'sm' : 0}>
        {readiness === null ? (
          <span>No role has a rota or a certified person yet. Give one a rota, or certify somebody.</span>
        ) : (
          <>
            <StateBadge
              state="readiness"
              tone={readiness === 100 ? 'ok' : 'warn'}
              label={`${readiness} % of the bench is filled`}
            />
            <span className={classes.dim}>Three current people for each role that has a rota or a certificate</span>
          </>
        )}
      </Group>
      <div className={classes.alarms}>
        {alarms.map(({ id, text }) => (
          <Hint key={id} tone="notice">
            {text}
          </Hint>
        ))}
      </div>
    </Section>
  );
}

const words: Record<Standing['state'], { label: string; tone: 'ok' | 'warn' | 'idle' | 'progress' }> = {
  current: { label: 'Current', tone: 'ok' },
  expired: { label: 'Expired', tone: 'warn' },
  training: { label: 'Not certified', tone: 'progress' },
  none: { label: 'Not practised', tone: 'idle' },
};

function RoleBench({ role }: { role: Role }) {
  const mayCertify = useMay('people.certify');
  const [certifying, setCertifying] = useState(false);
  const [suggesting, setSuggesting] = useState(false);
  return (
    <Section
      title={role.title}
      flush
      description={`${role.current} of 3 current`}
      actions={
        <>
          {role.people.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setSuggesting(true)}
              aria-label={`Who next as ${role.title}`}
            >
              Who next?
            </Button>
          )}
          {mayCertify && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setCertifying(true)}
              aria-label={`Certify for ${role.title}`}
            >
              Certify
            </Button>
          )}
        </>
      }
    >
      <DataList
        label={role.title}
        items={role.people}
        rowKey={({ person }) => person.id}
        empty={<EmptyState title="Nobody yet" />}
        columns={[
          { key: 'person', label: 'Person', primary: true, render: ({ person }) => <PersonName person={person} /> },
          {
            key: 'state',
            label: 'Standing',
            width: '9rem',
            render: ({ state }) => <StateBadge state={state} {...words[state]} quiet />,
          },
          {
            key: 'last',
            label: 'Last practice',
            width: '12rem',
            render: ({ lastPracticeAt }) => (lastPracticeAt ? <When at={lastPracticeAt} /> : '–'),
          },
          {
            key: 'until',
            label: 'Current until',
            width: '12rem',
            render: ({ expiresAt, endsSoon }) =>
              expiresAt ? (
                <>
                  <When at={expiresAt} />
                  {endsSoon && ' (soon)'}
                </>
              ) : (
                '–'
              ),
          },
          {
            key: 'share',
            label: 'Duty this quarter',
            align: 'right',
            width: '9rem',
            render: ({ share, hours, onRota }) =>
              onRota || hours > 0 ? `${Math.round(share * 100)} %, ${Math.round(hours)} h` : '–',
          },
        ]}
      />
      {certifying && <CertifyForm role={role} onClose={() => setCertifying(false)} />}
      {suggesting && <SuggestForm role={role} onClose={() => setSuggesting(false)} />}
    </Section>
  );
}

/** Roles nobody has practised: certifying somebody begins their bench. */
function Others({ roles }: { roles: Role[] }) {
  const mayCertify = useMay('people.certify');
  const [certifying, setCertifying] = useState<Role>();
  if (roles.length === 0 || !mayCertify) return null;
  return (
    <Section title="Roles without anybody yet">
      <Group gap="xs">
        {roles.map((role) => (
          <Button key={role.key} size="compact-sm" variant="default" onClick={() => setCertifying(role)}>
            Certify for {role.title.toLowerCase()}
          </Button>
        ))}
      </Group>
      {certifying && <CertifyForm role={certifying} onClose={() => setCertifying(undefined)} />}
    </Section>
  );
}

function Unpractised({ people: list }: { people: Bench['unpractised'] }) {
  if (list.length === 0) return null;
  return (
    <Section
      title="On a rota, and not practised in two quarters"
      description="Neither a drill nor real duty: no role held, no page answered. A drill is the way to change that."
    >
      <ul className={classes.people}>
        {list.map(({ person, schedules }) => (
          <li key={person.id}>
            <PersonName person={person} /> <span className={classes.dim}>{schedules.join(', ')}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
