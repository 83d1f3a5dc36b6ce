/** The frame of a page: title, actions, sections, facts. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { focusAfterNavigation } from './focus.ts';
import { FoldTitle, useFold } from './fold.tsx';
import classes from './layout.module.css';
import { type Target, TextLink } from './links.tsx';

export interface PageProps {
  title: string;
  /** What stands before the title in the browser's tab: an incident's key. Defaults to the title. */
  tab?: string;
  /** A line below the title. */
  subtitle?: ReactNode;
  /** Badges beside the title. */
  badges?: ReactNode;
  /** Buttons at the right; the one obvious next step last and filled, the others `variant="default"`. */
  actions?: ReactNode;
  crumbs?: ({ label: string } & Target)[];
  /** `narrow` for forms and texts, `wide` for boards. */
  width?: 'narrow' | 'normal' | 'wide';
  /** Marks the whole page as practice; a text replaces the usual words. */
  exercise?: boolean | string;
  children: ReactNode;
}

/** A page of the console. Sets the tab's title; its `h1` takes the focus after navigation. */
export function Page({
  title,
  tab,
  subtitle,
  badges,
  actions,
  crumbs,
  width = 'normal',
  exercise,
  children,
}: PageProps) {
  useEffect(() => {
    document.title = `${tab ?? title} · Evenkeel`;
  }, [tab, title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => focusAfterNavigation(heading.current), []);
  return (
    <div className={classes.page} data-width={width}>
      {exercise && (
        <div className={classes.exercise} role="note">
          <b>EXERCISE</b>
          <span>
            {typeof exercise === 'string' ? exercise : 'This is practice. Nothing on this page reaches customers.'}
          </span>
        </div>
      )}
      <header className={classes.header}>
        {crumbs && crumbs.length > 0 && (
          <nav aria-label="Breadcrumbs" className={classes.crumbs}>
            {crumbs.map(({ label, ...target }, at) => (
              <span key={target.to}>
                <TextLink {...target} c="dimmed" fz="xs">
                  {label}
                </TextLink>
                {at < crumbs.length - 1 && <span aria-hidden="true">/</span>}
              </span>
            ))}
          </nav>
        )}
        <div className={classes.headline}>
          <div className={classes.titles}>
            <div className={classes.titleRow}>
              <Title order={1} tabIndex={-1} ref={heading}>
                {title}
              </Title>
              {badges && <Group gap="xs">{badges}</Group>}
            </div>
            {subtitle && (
              <Text c="dimmed" component="div" fz="sm">
                {subtitle}
              </Text>
            )}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
      </header>
      <Stack gap="lg">{children}</Stack>
    </div>
  );
}

export interface SectionProps {
  /** Left out where the page's title says it all; then give `label`. */
  title?: string;
  /** Name for screen readers when there is no title. */
  label?: string;
  /** One sentence on what this is for. */
  description?: ReactNode;
  actions?: ReactNode;
  /** No card around it. */
  plain?: boolean;
  /** The content reaches the card's edges: for tables. */
  flush?: boolean;
  id?: string;
  children: ReactNode;
}

/** A titled part of a page. */
export function Section({ title, label, description, actions, plain, flush, id, children }: SectionProps) {
  const own = useRef<HTMLElement>(null);
  const { folds, shown, toggle } = useFold(title !== undefined && !plain, own);
  const head = (title || description || actions) && (
    <div className={classes.sectionHead}>
      <div>
        {title && <Title order={2}>{folds ? <FoldTitle title={title} open={shown} onToggle={toggle} /> : title}</Title>}
        {shown && description && (
          <Text c="dimmed" fz="sm" component="div" mt={2}>
            {description}
          </Text>
        )}
      </div>
      {shown && actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
  if (plain) {
    return (
      <section id={id} className={classes.plain} aria-label={label}>
        {head}
        {children}
      </section>
    );
  }
  return (
    <Paper
      component="section"
      id={id}
      className={classes.card}
      aria-label={label}
      data-folded={!shown || undefined}
      ref={own}
    >
      {head}
      {shown && (
        <div className={flush ? classes.flush : classes.body} data-first={!head || undefined}>
          {children}
        </div>
      )}
    </Paper>
  );
}

/** Names and values, e.g. the facts of a service. Empty values show a dash. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className={classes.facts}>
      {items.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value === null || value === undefined || value === '' ? '–' : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Content and a side column that moves below it when there is no room. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.columnsFrame}>
      <div className={classes.columns}>
        <Stack gap="lg" miw={0}>
          {children}
        </Stack>
        <Stack gap="lg" miw={0}>
          {side}
        </Stack>
      </div>
    </div>
  );
}

/** Cards side by side, as many as fit; each at least `min` wide. (Mantine's SimpleGrid does the same with fixed counts.) */
export function CardGrid({ children, min = '16rem' }: { children: ReactNode; min?: string }) {
  return (
    <div className={classes.cardGrid} style={{ '--min': min } as React.CSSProperties}>
      {children}
    </div>
  );
}
