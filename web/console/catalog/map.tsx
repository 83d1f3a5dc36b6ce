/** A service between those that need it and those it needs. */
import type { ServiceDetail } from '#contract/catalog';
import { TextLink } from '../../kit/index.ts';
import classes from './catalog.module.css';

type Neighbour = ServiceDetail['dependsOn'][number];

export const DependencyMap = ({ service }: { service: ServiceDetail }) => (
  <div className={classes.map}>
    <End title="Needed by" items={service.dependants} none="Nothing needs it" />
    <div className={classes.self}>{service.name}</div>
    <End title="Needs" items={service.dependsOn} none="It needs nothing that is recorded" />
  </div>
);

const End = ({ title, items, none }: { title: string; items: Neighbour[]; none: string }) => (
  <div className={classes.end}>
    <h3>{title}</h3>
    {items.length === 0 && <span className={classes.dim}>{none}</span>}
    {items.map((item) => (
      <div key={item.id} className={classes.node} data-strength={item.strength}>
        <TextLink to={`/services/${item.slug}`}>{item.name}</TextLink>
        <span className={classes.dim}>
          {item.strength}, tier {item.tier}
        </span>
      </div>
    ))}
  </div>
);
