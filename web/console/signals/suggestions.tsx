/** What is suggested about an alert or an incident: each with its reasons, one click to take it, one to say that it is wrong. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { endpoints as playbooks, type SuggestionKind, type TriageSuggestion } from '#contract/playbooks';
import { Ago, Section, TextLink, useCommand, useGo, useMay, useQueryOf } from '../../kit/index.ts';
import classes from './suggestions.module.css';

export const KIND_WORDS: Record<SuggestionKind, string> = {
  severity: 'Severity',
  service: 'Service',
  playbook: 'Playbook',
  fix: 'Known fix',
};
type Subject = { groupId: string } | { incidentId: string };

/** At the top of an alert group; nothing when there is nothing to suggest. */
export function GroupSuggestions({ groupId }: { groupId: string }) {
  const { data } = useQueryOf(playbooks.suggestionsForGroup, { params: { id: groupId } });
  if (!data || data.items.length === 0) return null;
  const open = data.items.some(({ state }) => state === 'shown');
  return (
    <Section
      title={open ? 'Suggested' : 'What was suggested'}
      description="From the catalogue, rules and earlier incidents. Nothing happens until you choose."
      flush
    >
      <List items={data.items} subject={{ groupId }} />
    </Section>
  );
}

/** In the war room. Playbooks have their own place there, under Containment. */
export function IncidentSuggestions({ incidentId }: { incidentId: string }) {
  const { data } = useQueryOf(playbooks.suggestionsForIncident, { params: { id: incidentId } });
  const items = data?.items.filter(({ kind, state }) => kind !== 'playbook' && state === 'shown') ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Suggested">
      <List items={items} subject={{ incidentId }} narrow />
    </Section>
  );
}

function List({ items, subject, narrow }: { items: TriageSuggestion[]; subject: Subject; narrow?: boolean }) {
  return (
    <ul className={classes.list} data-narrow={narrow || undefined} aria-label="Suggestions">
      {items.map((item, index) => (
        <Item
          key={`${item.kind}:${item.value}`}
          item={item}
          subject={subject}
          // One obvious next step: the first that is still open.
          first={index === 0}
        />
      ))}
    </ul>
  );
}

function Item({ item, subject, first }: { item: TriageSuggestion; subject: Subject; first: boolean }) {
  const go = useGo();
  const may = useMay('playbooks.acceptSuggestion');
  const which = { ...subject, kind: item.kind, value: item.value };
  const accept = useCommand(playbooks.acceptSuggestion, {
    done: item.does,
    onDone: ({ incident, declared }) => {
      if (incident && declared) go(`/incidents/${incident.key}`);
    },
  });
  const refuse = useCommand(playbooks.refuseSuggestion, { done: 'Noted: it counts against it.' });
  return (
    <li>
      <span className={classes.kind}>{KIND_WORDS[item.kind]}</span>
      <div className={classes.what}>
        <b>
          {item.kind === 'playbook' ? <TextLink to={`/playbooks/${item.value}`}>{item.label}</TextLink> : item.label}
        </b>
        {item.kind === 'fix' && item.detail.cause && <div>It was: {item.detail.cause}</div>}
        <ul className={classes.why} aria-label={`Why ${item.label}`}>
          {item.reasons.slice(0, 3).map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
      {item.state !== 'shown' ? (
        <Decided item={item} />
      ) : (
        may && (
          <div className={classes.buttons}>
            <Button
              size="xs"
              variant={first ? 'light' : 'default'}
              loading={accept.isPending}
              onClick={() => accept.mutate({ body: which })}
              aria-label={`${item.does}: ${item.label}`}
            >
              {item.does}
            </Button>
            <Tooltip label="Wrong here">
              <ActionIcon
                variant="subtle"
                color="gray"
                size="md"
                loading={refuse.isPending}
                onClick={() => refuse.mutate({ body: which })}
                aria-label={`Wrong here: ${item.label}`}
              >
                <IconX size={16} />
              </ActionIcon>
            </Tooltip>
          </div>
        )
      )}
    </li>
  );
}

const STATE_WORDS = { accepted: 'Taken', refused: 'Refused', other: 'Chosen otherwise', shown: '' } as const;

function Decided({ item: { state, decided } }: { item: TriageSuggestion }) {
  return (
    <span className={classes.decided}>
      {STATE_WORDS[state]}
      {decided?.by && ` by ${decided.by.name}`}
      {decided && (
        <>
          , <Ago at={decided.at} />
        </>
      )}
      {decided?.said && state === 'refused' && `: ${decided.said}`}
    </span>
  );
}
