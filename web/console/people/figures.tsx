/** Figures side by side: the number large, what it counts under it. */
import classes from './people.module.css';

export function Figures({ items }: { items: { label: string; value: number | string }[] }) {
  return (
    <dl className={classes.figures}>
      {items.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
