/** Escalation policies, each drawn as a ladder one can read aloud. */
import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as people, type Policy } from '#contract/people';
import { EmptyState, Hint, Loaded, Page, Section, useMay, useQueryOf } from '../../kit/index.ts';
import { Ladder } from './ladder.tsx';
import { PageWebhooks } from './page-webhooks.tsx';
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
                <Ladder policy={policy} />
                {policy.warnings.length > 0 && <Warnings policy={policy} />}
              </Section>
            ))
          )
        }
      </Loaded>
      <PageWebhooks />
      {editing && <PolicyForm policy={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

/** What the ladder itself does not show: steps that wait, and policies that call nobody. */
function Warnings({ policy }: { policy: Policy }) {
  const nobody = policy.steps.every(({ now }) => now.length === 0);
  const waits = policy.warnings.filter(({ rule }) => rule === 'people.policy.waits');
  return (
    <>
      {nobody && <Hint tone="warn">No step of this policy has anybody on call at this moment.</Hint>}
      {waits.map(({ message }) => (
        <Hint key={message} tone="notice">
          {message}
        </Hint>
      ))}
    </>
  );
}
