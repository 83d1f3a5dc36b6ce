/** The map: what we run and what it needs, how it is now, what to protect first and where there is one of something only. */
import { Button, SegmentedControl, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { endpoints as catalog, type ServiceMap } from '#contract/catalog';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as signals } from '#contract/signals';
import {
  type Column,
  DataList,
  EmptyState,
  LinkButton,
  Loaded,
  Page,
  Section,
  StateBadge,
  TextLink,
  useMay,
  usePageSearch,
  useQueryOf,
} from '../../kit/index.ts';
import { MapCanvas } from './map-canvas.tsx';
import classes from './map.module.css';
import { count, graphOf, type Health, healthOf, kindWords, lights, type MapService } from './map-model.ts';
import { MapSide } from './map-side.tsx';
import { TierBadge } from './tier.tsx';

export function LivingMap() {
  const map = useQueryOf(catalog.serviceMap);
  const mayImport = useMay('catalog.importCatalog');
  return (
    <Page
      title="Map"
      width="wide"
      subtitle="What we run, what it needs, and what to protect first."
      actions={
        <>
          <LinkButton variant="default" to="/suppliers">
            Third parties
          </LinkButton>
          {mayImport && (
            <LinkButton variant="default" to="/map/import">
              Import
            </LinkButton>
          )}
        </>
      }
    >
      <Loaded query={map} lines={10}>
        {(read) =>
          read.services.length === 0 ? (
            <EmptyState title="Nothing on the map yet" action={<LinkButton to="/services">Add services</LinkButton>}>
              Add services and journeys, or import Backstage catalogue files.
            </EmptyState>
          ) : (
            <Drawn map={read} />
          )
        }
      </Loaded>
    </Page>
  );
}

function useHealth(): Map<string, Health> {
  const groups = useQueryOf(signals.listGroups, { query: { state: 'active', limit: 200 } });
  const active = useQueryOf(incidents.list, { query: { state: 'active', exercise: 'without', limit: 100 } });
  return useMemo(() => healthOf(groups.data?.items ?? [], active.data?.items ?? []), [groups.data, active.data]);
}

function Drawn({ map }: { map: ServiceMap }) {
  const [search, setSearch] = usePageSearch<'view' | 'node'>();
  const narrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false });
  const view = search.view ?? (narrow ? 'list' : 'map');
  const [looked, look] = useState<string | null>(null);
  const picked = map.services.some(({ id }) => id === search.node) ? (search.node ?? null) : null;
  const pick = (id: string | null) => setSearch({ node: id ?? undefined });
  const health = useHealth();
  const graph = useMemo(() => graphOf(map), [map]);
  const focus = looked ?? picked;
  const light = useMemo(() => lights(graph, focus), [graph, focus]);
  const journeys = map.services.filter(({ kind }) => kind === 'journey');
  return (
    <div className={classes.layout}>
      <div className={classes.main}>
        <div className={classes.bar}>
          <SegmentedControl
            aria-label="View"
            value={view}
            onChange={(value) => setSearch({ view: value })}
            data={[
              { value: 'map', label: 'Map' },
              { value: 'list', label: 'List' },
            ]}
          />
          <Select
            aria-label="Light up a journey"
            placeholder="Light up a journey"
            clearable
            w="15rem"
            data={journeys.map(({ id, name }) => ({ value: id, label: name }))}
            value={journeys.some(({ id }) => id === picked) ? picked : null}
            onChange={pick}
          />
          <Told map={map} focus={focus} light={light} clear={picked ? () => pick(null) : undefined} />
        </div>
        {view === 'list' ? (
          <Section label="Nodes of the map" flush>
            <MapList map={map} health={health} />
          </Section>
        ) : (
          <MapCanvas map={map} health={health} light={light} focus={focus} onLook={look} onPick={pick} />
        )}
      </div>
      <MapSide map={map} />
    </div>
  );
}

/** In words what the light says, for eyes and screen readers alike. */
function Told({
  map,
  focus,
  light,
  clear,
}: {
  map: ServiceMap;
  focus: string | null;
  light: ReadonlyMap<string, string>;
  clear: (() => void) | undefined;
}) {
  const node = map.services.find(({ id }) => id === focus);
  if (!node)
    return (
      <span className={`${classes.grow} ${classes.dim}`}>Point at a part to see how far its failure reaches.</span>
    );
  const names = (state: string) =>
    map.services.filter(({ id }) => light.get(id) === state).map(({ name, kind }) => ({ name, kind }));
  const [down, worse, path] = [names('down'), names('worse'), names('path')];
  const broken = down.filter(({ kind }) => kind === 'journey').map(({ name }) => name);
  const words =
    node.kind === 'journey'
      ? `needs ${count(path.length, 'part')} without which it does not work`
      : down.length + worse.length === 0
        ? 'fails alone: nothing else stops'
        : [
            `takes down ${count(down.length, 'other')}`,
            broken.length > 0 && `breaks ${broken.join(', ')}`,
            worse.length > 0 && `${worse.length} ${worse.length === 1 ? 'works' : 'work'} worse`,
          ]
            .filter(Boolean)
            .join('; ');
  return (
    <>
      <span className={classes.grow} aria-live="polite">
        <TextLink to={`/services/${node.slug}`}>{node.name}</TextLink> {words}.
      </span>
      {clear && (
        <Button variant="subtle" size="compact-sm" onClick={clear}>
          Clear
        </Button>
      )}
    </>
  );
}

interface Row extends MapService {
  needs: number;
  neededBy: number;
  single: boolean;
  overdue: boolean;
  health: Health | undefined;
}

/** The same as a list: for a keyboard, a screen reader or a narrow screen. */
function MapList({ map, health }: { map: ServiceMap; health: ReadonlyMap<string, Health> }) {
  const rows = useMemo(() => {
    const single = new Set(map.singlePoints.map(({ id }) => id));
    const overdue = new Set(map.overdueReviews);
    const rank = { journey: 0, service: 1, store: 2, third_party: 3 };
    return map.services
      .map((service): Row => ({
        ...service,
        needs: map.dependencies.filter(({ from }) => from === service.id).length,
        neededBy: map.dependencies.filter(({ to }) => to === service.id).length,
        single: single.has(service.id),
        overdue: overdue.has(service.id),
        health: health.get(service.id),
      }))
      .sort(
        (a, b) =>
          Number(b.health !== undefined) - Number(a.health !== undefined) ||
          rank[a.kind] - rank[b.kind] ||
          a.tier - b.tier,
      );
  }, [map, health]);
  return (
    <DataList
      label="Nodes of the map"
      items={rows}
      columns={columns}
      rowKey={(row) => row.id}
      rowTo={(row) => ({ to: '/services/$id', params: { id: row.slug } })}
    />
  );
}

const columns: Column<Row>[] = [
  { key: 'name', label: 'Name', primary: true, render: (row) => row.name },
  { key: 'kind', label: 'Kind', width: '7.5rem', render: (row) => kindWords[row.kind] },
  { key: 'tier', label: 'Tier', width: '8rem', render: (row) => <TierBadge tier={row.tier} /> },
  {
    key: 'now',
    label: 'Now',
    render: (row) =>
      row.health ? (
        <StateBadge state="open" tone={row.health.tone} label={row.health.words} quiet />
      ) : (
        <StateBadge state="ok" tone="ok" label="Nothing open" quiet />
      ),
  },
  { key: 'needs', label: 'Needs', width: '5rem', align: 'right', render: (row) => row.needs },
  { key: 'by', label: 'Needed by', width: '6.5rem', align: 'right', render: (row) => row.neededBy },
  {
    key: 'flags',
    label: 'Weak spots',
    render: (row) => (
      <span className={classes.pair}>
        {row.single && <StateBadge state="single" tone="warn" label="Single point" quiet />}
        {row.overdue && <StateBadge state="overdue" tone="notice" label="Review overdue" quiet />}
        {!row.single && !row.overdue && '–'}
      </span>
    ),
  },
];
