/** Escalation policies, each as sentences one can read aloud. */
import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as people, type Policy } from '#contract/people';
import {
  EmptyState,
  formatDuration,
  Hint,
  Loaded,
  Page,
  Section,
  TextLink,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './people.module.css';
import { PolicyForm } from './policy-form.tsx';

export function Policies() {
  const policies = useQueryOf(people.policies);
  const mayCreate = useMay('people.createPolicy');
  const mayEdit = useMay('people.updatePolicy');
  const [editing, setEditing] = useState<Policy | 'new'>();
  const make = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Make a policy
    </Button>
  );
  return (
    <Page
      title="Escalation"
      subtitle="Who is called, in which order, and how long each has to answer. A running page keeps the policy it started with."
      actions={make}
    >
      <Loaded query={policies}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No policies yet" action={make}>
              Without a policy a page goes to the team of the service, and to the emergency contact when nobody answers.
            </EmptyState>
          ) : (
            items.map((policy) => (
              <Section
                key={policy.id}
                title={policy.name}
                actions={
                  mayEdit && (
                    <Button
                      variant="default"
                      leftSection={<IconPencil size={16} />}
                      aria-label={`Edit ${policy.name}`}
                      onClick={() => setEditing(policy)}
                    >
                      Edit
                    </Button>
                  )
                }
              >
                <Sentences policy={policy} />
              </Section>
            ))
          )
        }
      </Loaded>
      {editing && <PolicyForm policy={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

function Sentences({ policy }: { policy: Policy }) {
  return (
    <ol className={classes.steps}>
      {policy.steps.map((step, index) => (
        // Steps have no identity of their own; their order is what they are.
        <li key={`${index}:${step.targets.map(({ id }) => id).join()}`}>
          Call <Targets targets={step.targets} />
          {step.now.length > 0 ? (
            <span className={classes.sub}> · now {step.now.map(({ name }) => name).join(', ')}</span>
          ) : (
            <span className={classes.gapNow}> · nobody now: passed over at once</span>
          )}
          {step.now.length > 0 && <>. Wait {formatDuration(step.delaySeconds)}</>}.
        </li>
      ))}
      {policy.repeat > 0 && <li>Begin again, {policy.repeat === 1 ? 'once' : `${policy.repeat} times`}.</li>}
      <li>
        Call the emergency contact
        <span className={classes.sub}>{policy.teamId ? ' (the team’s leads before, if no step had anybody)' : ''}</span>
        . After that the page stays open as unanswered.
      </li>
      {policy.steps.every(({ now }) => now.length === 0) && (
        <Hint tone="warn">No step of this policy has anybody on call at this moment.</Hint>
      )}
    </ol>
  );
}

function Targets({ targets }: { targets: Policy['steps'][number]['targets'] }) {
  return targets.map(({ kind, id, name }, index) => (
    <span key={`${kind}:${id}`}>
      {index > 0 && (index === targets.length - 1 ? ' and ' : ', ')}
      {kind === 'schedule' ? (
        <TextLink to="/on-call" underline="always">
          {name}
        </TextLink>
      ) : (
        <b>{name}</b>
      )}
      {kind === 'team' && ' (the whole team)'}
    </span>
  ));
}
