/** Links inside the console: text and buttons that lead somewhere, with addresses as text. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export interface Target {
  /** An address of the console: `/incidents/INC-42`, or a pattern with `params`. May hold a query: `/audit?subject=x`. */
  to: string;
  params?: Record<string, string>;
  search?: Record<string, unknown>;
}

/** Splits an address with a query into what the router wants. */
export function targetOf({ to, params, search }: Target): Target {
  const at = to.indexOf('?');
  if (at < 0) return { to, params, search };
  return {
    to: to.slice(0, at),
    params,
    search: {
      ...Object.fromEntries(new URLSearchParams(to.slice(at))),
      ...search,
    },
  };
}

// The areas add their pages at run time, so addresses are plain text here and not checked by the router's types.
const RouterLink = Link as unknown as React.FC<Record<string, unknown>>;

/** A link in text. */
export function TextLink({
  to,
  params,
  search,
  children,
  ...rest
}: Target & AnchorProps & { children: ReactNode; 'aria-label'?: string }) {
  return (
    <Anchor component={RouterLink} {...targetOf({ to, params, search })} {...rest}>
      {children}
    </Anchor>
  );
}

/** A link that looks like a button; for what leads to another page. */
export function LinkButton({
  to,
  params,
  search,
  children,
  ...rest
}: Target & ButtonProps & { children: ReactNode; 'aria-label'?: string }) {
  return (
    <Button component={RouterLink} {...targetOf({ to, params, search })} {...rest}>
      {children}
    </Button>
  );
}

/** Goes to an address: `const go = useGo(); go('/incidents/INC-42')`. */
export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return (to, options) => void navigate({ ...targetOf({ to }), ...options } as never);
}

/** The parameters of the page's path: `const { id } = usePageParams<'id'>()`. */
export const usePageParams = <Name extends string>(): Record<Name, string> =>
  useParams({ strict: false }) as Record<Name, string>;

/** The query of the page's address, and the way to change it (empty fields are dropped). For filters that a link should keep. */
export function usePageSearch<Name extends string>(): [
  Partial<Record<Name, string>>,
  (next: Partial<Record<Name, string | null | undefined>>) => void,
] {
  const search = useSearch({ strict: false }) as Partial<Record<Name, string>>;
  const navigate = useNavigate();
  const change = (next: Partial<Record<Name, string | null | undefined>>) => {
    const merged = Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value));
    void navigate({ search: merged, replace: true } as never);
  };
  return [search, change];
}
