/** The map drawn: columns from journeys to suppliers, live colours, and what is lit by the node one looks at. */
import { Background, Controls, type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { IconBuildingStore, IconDatabase, IconRoute, IconServer2 } from '@tabler/icons-react';
import { memo, useMemo } from 'react';
import type { ServiceMap } from '#contract/catalog';
import { hubs, layout } from '#contract/catalog-layout';
import { Shape } from '../../kit/index.ts';
import { type Health, kindWords, type Light, type MapService } from './map-model.ts';
import classes from './map.module.css';

const COLUMN = 180;
const ROW = 62;
/** As in the style sheet. Given to React Flow, which otherwise hides and measures each node again whenever its light changes. */
const size = { width: 150, height: 48 };
const handles = [
  { type: 'target' as const, position: Position.Left, x: 0, y: size.height / 2, width: 1, height: 1 },
  { type: 'source' as const, position: Position.Right, x: size.width, y: size.height / 2, width: 1, height: 1 },
];
const icons = { service: IconServer2, store: IconDatabase, third_party: IconBuildingStore, journey: IconRoute };

interface Shown extends Record<string, unknown> {
  service: MapService;
  health: Health | undefined;
  light: Light;
  single: boolean;
  overdue: boolean;
}

const MapNode = memo(function MapNode({ data }: NodeProps<Node<Shown>>) {
  const { service, health, light, single, overdue } = data;
  const Icon = icons[service.kind];
  const below = health?.words ?? (overdue ? 'review overdue' : `${kindWords[service.kind]} · tier ${service.tier}`);
  return (
    <div className={classes.node} data-kind={service.kind} data-tone={health?.tone} data-light={light}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Icon size={16} aria-hidden className={classes.icon} />
      <span className={classes.name}>{service.name}</span>
      <span className={classes.below}>
        {health && <Shape tone={health.tone} size={10} />}
        <span className={classes.cut}>{below}</span>
      </span>
      {single && <span className={classes.single}>Single point</span>}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});
const nodeTypes = { map: MapNode };

export interface CanvasProps {
  map: ServiceMap;
  health: ReadonlyMap<string, Health>;
  light: ReadonlyMap<string, Light>;
  focus: string | null;
  onLook: (id: string | null) => void;
  onPick: (id: string | null) => void;
}

const said = ({ service, health, single }: Shown): string =>
  [
    service.name,
    `${kindWords[service.kind]}, tier ${service.tier}`,
    health?.words ?? 'nothing open',
    single && 'single point of failure',
  ]
    .filter(Boolean)
    .join(', ');

export function MapCanvas({ map, health, light, focus, onLook, onPick }: CanvasProps) {
  const placed = useMemo(
    () => new Map(layout(map.services, map.dependencies).map((one) => [one.id, one])),
    [map.services, map.dependencies],
  );
  const far = useMemo(() => hubs(map.dependencies), [map.dependencies]);
  const nodes = useMemo(() => {
    const single = new Set(map.singlePoints.map(({ id }) => id));
    const overdue = new Set(map.overdueReviews);
    return map.services.map((service): Node<Shown> => {
      const at = placed.get(service.id);
      const data: Shown = {
        service,
        health: health.get(service.id),
        light: light.get(service.id) ?? 'plain',
        single: single.has(service.id),
        overdue: overdue.has(service.id),
      };
      return {
        id: service.id,
        type: 'map',
        position: { x: (at?.column ?? 0) * COLUMN, y: (at?.row ?? 0) * ROW },
        data,
        ariaLabel: said(data),
        draggable: false,
        ...size,
        measured: size,
        handles,
      };
    });
  }, [map, placed, health, light]);
  const edges = useMemo(
    () =>
      map.dependencies
        // A hub's lines are drawn when one looks at it, or at one of its own.
        .filter(({ from, to }) => !far.has(to) || focus === to || focus === from)
        .map(({ from, to, strength }): Edge => {
          const lit = light.size > 0 && ![light.get(from), light.get(to)].includes('dim');
          const state = light.size === 0 ? 'plain' : lit ? 'lit' : 'dim';
          return {
            id: `${from}>${to}`,
            source: from,
            target: to,
            className: `${classes.edge} ${classes[state]} ${strength === 'soft' ? classes.soft : ''}`,
            focusable: false,
          };
        }),
    [map.dependencies, far, focus, light],
  );
  return (
    <div className={classes.canvas}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ padding: 0.04, minZoom: 0.45 }}
        minZoom={0.15}
        maxZoom={1.6}
        nodesConnectable={false}
        nodesDraggable={false}
        elementsSelectable
        onlyRenderVisibleElements={map.services.length > 120}
        preventScrolling={false}
        zoomOnScroll={false}
        onNodeMouseEnter={(_, node) => onLook(node.id)}
        onNodeMouseLeave={() => onLook(null)}
        onNodeClick={(_, node) => onPick(node.id)}
        onSelectionChange={({ nodes: [chosen] }) => chosen && onPick(chosen.id)}
        onPaneClick={() => onPick(null)}
        proOptions={{ hideAttribution: true }}
        aria-label="Map of services"
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </div>
  );
}
