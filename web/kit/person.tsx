/** A person beside what they did. */
import classes from './person.module.css';

const initials = (name: string): string => {
  const parts = name.trim().split(/\s+/);
  return ((parts[0]?.[0] ?? '?') + (parts.length > 1 ? parts.at(-1)![0]! : '')).toUpperCase();
};

/** A small disc with initials; decorative, the name stands beside it. */
export const Initials = ({ name, size = 22 }: { name: string; size?: number }) => (
  <span className={classes.disc} style={{ width: size, height: size, fontSize: size * 0.42 }} aria-hidden="true">
    {initials(name)}
  </span>
);

/** Initials and name; `none` when there is nobody. */
export function PersonName({
  person,
  none = 'Nobody',
  plain,
}: {
  person: { name: string } | null | undefined;
  none?: string;
  plain?: boolean;
}) {
  if (!person) return <span className={classes.none}>{none}</span>;
  if (plain) return <span>{person.name}</span>;
  return (
    <span className={classes.person}>
      <Initials name={person.name} />
      <span>{person.name}</span>
    </span>
  );
}
