/** Past incidents like this one: why they are thought alike, and what ended them. */
import { Stack, Text } from '@mantine/core';
import { endpoints as incidents, type Lookalike } from '#contract/incidents';
import { Ago, Duration, Section, TextLink, useQueryOf } from '../../../kit/index.ts';

const GRADE = { probable: 'Probably the same again', look_alike: 'Much alike', faint: 'May be alike' } as const;

export function Alike({ item, target }: { item: Lookalike; target?: '_blank' }) {
  const { incident, ended } = item;
  const did = ended.actions.map((action) => action.text).join('; ');
  return (
    <div>
      <Text fz="sm" lh={1.35}>
        <TextLink to={`/incidents/${incident.key}`} {...(target && { target })}>
          {incident.key} {incident.title}
        </TextLink>
      </Text>
      {(ended.cause || did) && (
        <Text fz="sm">
          {ended.cause && <>It was: {ended.cause}. </>}
          {did && <>What was done: {did}. </>}
        </Text>
      )}
      <Text fz="xs" c="dimmed">
        {GRADE[item.grade]}: {item.reasons.join('; ')}. <Ago at={incident.declaredAt} />
        {ended.restoredAfterSeconds !== null && (
          <>
            , over after <Duration seconds={ended.restoredAfterSeconds} />
          </>
        )}
      </Text>
    </div>
  );
}

/** In the war room; nothing when nothing was alike. */
export function LookalikesPanel({ incidentId }: { incidentId: string }) {
  const { data } = useQueryOf(incidents.lookalikesOf, { params: { id: incidentId } });
  if (!data || data.items.length === 0) return null;
  return (
    <Section title="Seen before">
      <Stack gap="sm">
        {data.items.slice(0, 3).map((item) => (
          <Alike key={item.incident.id} item={item} />
        ))}
      </Stack>
    </Section>
  );
}
