/** Beside the map: single points of failure, and what to protect first with the numbers that were compared. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ServiceMap } from '#contract/catalog';
import { Section, StateBadge, TextLink } from '../../kit/index.ts';
import classes from './map.module.css';
import { count, fallbackWords } from './map-model.ts';

const tones = { none: 'danger', documented: 'notice', tested: 'ok' } as const;

export function MapSide({ map }: { map: ServiceMap }) {
  const nodes = new Map(map.services.map((service) => [service.id, service]));
  const link = (id: string) => {
    const node = nodes.get(id);
    return node ? <TextLink to={`/services/${node.slug}`}>{node.name}</TextLink> : id;
  };
  const names = (ids: readonly string[]) => ids.map((id) => nodes.get(id)?.name ?? id).join(', ');
  return (
    <div className={classes.side}>
      <Section
        title="Single points of failure"
        description="There is one of it, journeys break without it, and no fallback was ever tested."
      >
        {map.singlePoints.length === 0 ? (
          <StateBadge state="ok" tone="ok" label="None that is known" />
        ) : (
          <ul className={classes.points}>
            {map.singlePoints.map(({ id, journeys, fallback }) => (
              <li key={id}>
                <div className={classes.pair}>
                  {link(id)}
                  <StateBadge state={fallback} tone={tones[fallback]} label={fallbackWords[fallback]} quiet />
                </div>
                <div className={classes.dim}>Breaks {names(journeys)}</div>
              </li>
            ))}
          </ul>
        )}
        {map.unknownPoints.length > 0 && (
          <p className={classes.dim}>
            Not known of {count(map.unknownPoints.length, 'part')} whether there is one or several:{' '}
            {names(map.unknownPoints.slice(0, 6).map(({ id }) => id))}
            {map.unknownPoints.length > 6 && ' …'}
          </p>
        )}
      </Section>
      <Protect map={map} link={link} names={names} />
    </div>
  );
}

function Protect({
  map,
  link,
  names,
}: {
  map: ServiceMap;
  link: (id: string) => React.ReactNode;
  names: (ids: readonly string[]) => string;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? map.protectFirst : map.protectFirst.slice(0, 8);
  return (
    <Section
      title="Protect first"
      description="By tier, then by how many tier-1 journeys need it, then what has no fallback."
    >
      <ol className={classes.rank}>
        {shown.map(({ id, place, tier, tier1Journeys, fallback }) => (
          <li key={id}>
            <span className={classes.place}>{place}</span>
            {link(id)}
            <span className={classes.sum}>
              tier {tier} · {count(tier1Journeys.length, 'tier-1 journey')}
              {tier1Journeys.length > 0 && ` (${names(tier1Journeys)})`} · {fallbackWords[fallback]}
            </span>
          </li>
        ))}
      </ol>
      {map.protectFirst.length > 8 && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(!all)}>
          {all ? 'Show the first eight' : `Show all ${map.protectFirst.length}`}
        </Button>
      )}
    </Section>
  );
}
