/** A list of things: a table where there is room, cards where there is not. */
import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Target, targetOf } from './links.tsx';
import classes from './list.module.css';

export interface Column<T> {
  key: string;
  label: string;
  render: (item: T) => ReactNode;
  /** CSS width in the table: `8rem`. */
  width?: string;
  align?: 'left' | 'right';
  /** The card's title on a narrow screen, and what carries the row's link. The first column when none is. */
  primary?: boolean;
  /** Left out of the cards. */
  wideOnly?: boolean;
  /** On a card it sits in the upper right corner: for a menu or a single icon. */
  corner?: boolean;
  /** The label is for screen readers only (a column of buttons). */
  labelHidden?: boolean;
}

export interface DataListProps<T> {
  /** What the list holds, for screen readers: "Alerts". */
  label: string;
  items: readonly T[] | undefined;
  columns: Column<T>[];
  rowKey: (item: T) => string;
  /** Where a row leads; the whole row becomes clickable. */
  rowTo?: (item: T) => Target | undefined;
  /** Shown when there are no items. Use `<EmptyState>`. */
  empty?: ReactNode;
  /** Rows drawn while waiting. */
  waitingRows?: number;
  /** Shows "Load more" below. */
  more?: { load: () => void; loading?: boolean } | undefined;
}

/** Roles are spelt out because `display: block` on the narrow screen takes a table's own away. */
const as = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

const RouterLink = Link as unknown as React.FC<Record<string, unknown>>;

/** A table that turns into cards when its place is narrower than 40rem. `items` undefined means: still waiting. */
export function DataList<T>(props: DataListProps<T>) {
  const { label, items, columns, rowKey, rowTo, empty, waitingRows = 4, more } = props;
  if (items && items.length === 0) return <>{empty}</>;
  const primary = columns.find((column) => column.primary) ?? columns[0]!;
  return (
    <div className={classes.frame} aria-busy={items === undefined || undefined}>
      <table className={classes.table} {...as.table} aria-label={label}>
        <thead {...as.rowgroup}>
          <tr {...as.row}>
            {columns.map((column) => (
              <th
                key={column.key}
                {...as.columnheader}
                scope="col"
                data-align={column.align}
                style={{ width: column.width }}
              >
                <span className={column.labelHidden ? classes.hidden : undefined}>{column.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...as.rowgroup}>
          {items
            ? items.map((item) => (
                <Row key={rowKey(item)} item={item} columns={columns} primary={primary} to={rowTo?.(item)} />
              ))
            : numbers(waitingRows).map((index) => <WaitingRow key={index} columns={columns} primary={primary} />)}
        </tbody>
      </table>
      {more && (
        <div className={classes.more}>
          <Button variant="default" onClick={more.load} loading={more.loading}>
            Load more
          </Button>
        </div>
      )}
    </div>
  );
}

function Row<T>({ item, columns, primary, to }: { item: T; columns: Column<T>[]; primary: Column<T>; to?: Target }) {
  return (
    <tr {...as.row} className={to ? classes.linked : undefined}>
      {columns.map((column) => {
        const content = column.render(item);
        return (
          <td
            key={column.key}
            {...as.cell}
            data-label={column.labelHidden ? undefined : column.label}
            data-primary={column === primary || undefined}
            data-wide-only={column.wideOnly || undefined}
            data-corner={column.corner || undefined}
            data-align={column.align}
          >
            {column === primary && to ? (
              <RouterLink {...targetOf(to)} className={classes.rowLink}>
                {content}
              </RouterLink>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

function WaitingRow<T>({ columns, primary }: { columns: Column<T>[]; primary: Column<T> }) {
  return (
    <tr {...as.row}>
      {columns.map((column) => (
        <td
          key={column.key}
          {...as.cell}
          data-primary={column === primary || undefined}
          data-wide-only={column.wideOnly || undefined}
        >
          <Skeleton height={14} width={column === primary ? '70%' : '45%'} my={4} />
        </td>
      ))}
    </tr>
  );
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
