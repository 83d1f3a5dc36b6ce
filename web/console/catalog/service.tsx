/** One service: is something wrong with it, who answers for it, who is on call now, what it needs and who needs it, what changed. */
import { Anchor } from '@mantine/core';
import { endpoints as catalog, type ServiceDetail } from '#contract/catalog';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as people } from '#contract/people';
import { endpoints as signals } from '#contract/signals';
import {
  Ago,
  Columns,
  Facts,
  Hint,
  LinkButton,
  Loaded,
  Page,
  PersonName,
  Section,
  SeverityBadge,
  StateBadge,
  TextLink,
  useMay,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { NowAndNormal } from '../signals/normal.tsx';
import classes from './catalog.module.css';
import { Abilities } from './abilities.tsx';
import { Fallbacks } from './fallbacks.tsx';
import { DependencyMap } from './map.tsx';
import { kindWords } from './map-model.ts';
import { Readiness } from './readiness.tsx';
import { TierBadge } from './tier.tsx';

export function OneService() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(catalog.getService, { params: { id } });
  return (
    <Loaded query={query} lines={8}>
      {(service) => <ServicePage service={service} />}
    </Loaded>
  );
}

function ServicePage({ service }: { service: ServiceDetail }) {
  const mayChange = useMay('catalog.updateService');
  return (
    <Page
      title={service.name}
      crumbs={[{ label: 'Services', to: '/services' }]}
      subtitle={
        <>
          {service.kind !== 'service' && `${kindWords[service.kind]} · `}
          Tier <TierBadge tier={service.tier} />
          {service.team && ` · owned by ${service.team.name}`}
        </>
      }
      actions={
        mayChange && (
          <LinkButton variant="default" to="/services/$id/edit" params={{ id: service.slug }}>
            Change
          </LinkButton>
        )
      }
    >
      <Columns side={<Side service={service} />}>
        {service.description && <p className={classes.prose}>{service.description}</p>}
        {!service.teamId && !service.policyId && (
          <Hint tone="notice" title="Nobody answers for it.">
            Its alerts page the emergency contact. Give it an owner and an escalation policy.
          </Hint>
        )}
        <Section title="Now">
          <Trouble service={service} />
        </Section>
        {service.kind !== 'journey' && <NowAndNormal serviceId={service.id} />}
        {(service.kind === 'service' || service.kind === 'store') && <Readiness serviceId={service.id} />}
        <Section
          title="Dependencies"
          description="Solid: hard, without it the service does not work. Dashed: soft, it works worse."
        >
          <DependencyMap service={service} />
        </Section>
        {service.kind !== 'journey' && <Fallbacks service={service} />}
        {(service.kind === 'service' || service.kind === 'store') && <Abilities service={service} />}
        <Section title="Recent changes">
          <Changes serviceId={service.id} />
        </Section>
      </Columns>
    </Page>
  );
}

const copies = { single: 'One', several: 'Several', unknown: null } as const;

/** Active incidents and open alert groups; one calm sentence when there are none. */
function Trouble({ service }: { service: ServiceDetail }) {
  const active = useQueryOf(incidents.list, {
    query: { serviceId: service.id, state: 'active', limit: 10 },
  });
  const groups = useQueryOf(signals.listGroups, {
    query: { serviceId: service.id, state: 'active', limit: 10 },
  });
  return (
    <Loaded query={groups} lines={2}>
      {({ items }) => {
        const running = active.data?.items ?? [];
        if (items.length === 0 && running.length === 0)
          return <StateBadge state="ok" tone="ok" label="No open alerts and no active incidents" />;
        return (
          <ul className={classes.list}>
            {running.map((incident) => (
              <li key={incident.id}>
                <SeverityBadge severity={incident.severity} short />
                <TextLink to={`/incidents/${incident.key}`}>
                  {incident.key} {incident.title}
                </TextLink>
                <span className={classes.dim}>
                  {incident.phase} · <Ago at={incident.declaredAt} />
                </span>
              </li>
            ))}
            {items.map((group) => (
              <li key={group.id}>
                <StateBadge state={group.state} quiet />
                <TextLink to={`/alerts/${group.id}`}>{group.title}</TextLink>
                <span className={classes.dim}>
                  {group.severity} · <Ago at={group.firstAt} />
                </span>
              </li>
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function Side({ service }: { service: ServiceDetail }) {
  return (
    <>
      <Section title="On call now">
        <OnCall service={service} />
      </Section>
      <Section title="Facts">
        <Facts
          items={[
            { label: 'Owner', value: service.team?.name },
            {
              label: 'Escalation',
              value:
                service.policy?.name ??
                (service.team ? 'The team’s leads, then the emergency contact' : 'The emergency contact'),
            },
            { label: 'Copies', value: copies[service.redundancy] },
            ...(service.store
              ? [
                  { label: 'Engine', value: service.store.engine },
                  { label: 'Region', value: service.store.region },
                  { label: 'Replicas', value: service.store.replicas },
                  { label: 'Backup', value: service.store.backup },
                ]
              : []),
            ...(service.thirdParty
              ? [
                  { label: 'Legal name', value: service.thirdParty.legalName },
                  { label: 'Holds', value: service.thirdParty.dataCategories.join(', ') },
                  { label: 'Answers for it', value: service.thirdParty.owner?.name },
                  {
                    label: 'Reviewed',
                    value: service.thirdParty.reviewedAt ? <Ago at={service.thirdParty.reviewedAt} /> : 'Never',
                  },
                  {
                    label: 'Review due',
                    value: service.thirdParty.overdue ? (
                      <StateBadge state="overdue" label="Overdue" quiet />
                    ) : (
                      service.thirdParty.reviewDueAt && <When at={service.thirdParty.reviewDueAt} />
                    ),
                  },
                  { label: 'Contract ends', value: service.thirdParty.contractEnd },
                  { label: 'Whom to call', value: service.thirdParty.contacts },
                  { label: 'How we leave', value: service.thirdParty.exitPlan },
                ]
              : []),
            ...(service.imported
              ? [
                  { label: 'Imported from', value: `${service.imported.source}, ${service.imported.ref}` },
                  { label: 'Changed by hand', value: service.imported.byHand.join(', ') },
                ]
              : []),
            { label: 'Address', value: service.slug },
          ]}
        />
      </Section>
    </>
  );
}

/** Who would be called at this moment, step by step. */
function OnCall({ service }: { service: ServiceDetail }) {
  const policy = useQueryOf(
    people.policy,
    { params: { id: service.policyId ?? '' } },
    { enabled: service.policyId !== null },
  );
  if (service.policyId === null) return <span className={classes.dim}>No escalation policy.</span>;
  return (
    <Loaded query={policy} lines={2}>
      {({ steps }) => (
        <ol className={classes.list}>
          {steps.map((step, index) => (
            <li key={index}>
              <span className={classes.dim}>{index === 0 ? 'First' : 'Then'}</span>
              {step.now.length === 0 ? (
                <span>nobody, goes on at once</span>
              ) : (
                step.now.map((person) => <PersonName key={person.id} person={person} />)
              )}
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  );
}

function Changes({ serviceId }: { serviceId: string }) {
  const changes = useQueryOf(catalog.listChanges, {
    query: { serviceId, limit: 10 },
  });
  return (
    <Loaded query={changes} lines={2}>
      {({ items }) =>
        items.length === 0 ? (
          <span className={classes.dim}>
            None recorded. Let your deploy pipeline post to /api/v1/changes, or send PagerDuty change events.
          </span>
        ) : (
          <ul className={classes.list}>
            {items.map((change) => (
              <li key={change.id}>
                <StateBadge state={change.kind} tone="idle" quiet />
                {change.url ? (
                  <Anchor fz="sm" href={change.url} rel="noreferrer noopener" target="_blank">
                    {change.summary}
                  </Anchor>
                ) : (
                  <span>{change.summary}</span>
                )}
                <span className={classes.dim}>
                  {change.source} · <Ago at={change.at} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
