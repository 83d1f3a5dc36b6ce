/** A playbook as people read it: when to use it, its steps, and when it is over. */
import { Text } from '@mantine/core';
import type { Outline } from '#contract/playbooks';
import { Duration, Facts, Section, StateBadge, sentence } from '../../kit/index.ts';
import classes from './playbooks.module.css';

export function OutlineView({ outline }: { outline: Outline }) {
  return (
    <>
      <Section title="Steps">
        <Steps title="Containment" steps={outline.steps.filter(({ block }) => block === 'containment')} />
        <Steps title="Eradication" steps={outline.steps.filter(({ block }) => block === 'eradication')} />
      </Section>
      <Section title="Before restored can be declared">
        {outline.readiness ? (
          <>
            <Text fz="sm">
              All of this must be true for <Duration seconds={outline.readiness.soakSeconds} /> without a break:
            </Text>
            <ul className={classes.criteria}>
              {outline.readiness.criteria.map(({ name, expr }) => (
                <li key={name}>
                  {name}
                  {name !== expr && <code>{expr}</code>}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <Text fz="sm" c="dimmed">
            It says nothing about readiness: checks are added during the incident.
          </Text>
        )}
      </Section>
    </>
  );
}

function Steps({ title, steps }: { title: string; steps: Outline['steps'] }) {
  if (steps.length === 0) return null;
  return (
    <>
      <Text fz="sm" fw={600} mt="xs">
        {title}
      </Text>
      <ol className={classes.outline}>
        {steps.map((step) => (
          <li key={step.id}>
            <span>{step.title}</span>
            <span className={classes.sub}>
              {step.action ?? sentence(step.kind)}
              {step.risk && ` · ${step.risk}`}
            </span>
            {step.marks && <StateBadge state="contained" label="Marks contained" tone="ok" quiet />}
          </li>
        ))}
      </ol>
    </>
  );
}

export const OutlineFacts = ({ outline }: { outline: Outline }) => (
  <Section title="Facts">
    <Facts
      items={[
        { label: 'Use when', value: outline.useWhen },
        { label: 'Not for', value: outline.notFor.join(', ') },
        {
          label: 'Services',
          value: outline.services.map((name) => name.slice(name.indexOf(':') + 1)).join(', ') || 'any',
        },
        { label: 'Owner', value: outline.owner.slice(outline.owner.indexOf(':') + 1) },
        { label: 'Asks for', value: outline.inputs.map(({ id }) => id.replaceAll('_', ' ')).join(', ') },
      ]}
    />
  </Section>
);
