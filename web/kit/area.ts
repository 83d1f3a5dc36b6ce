/** What a module brings to the console: pages, places in the navigation, settings, things to find. */
import { type ComponentType, createElement, type LazyExoticComponent, lazy, useState } from 'react';

export interface NavItem {
  label: string;
  to: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** Place within its section, ascending. The four lowest of `now` are the phone's bottom bar. */
  order: number;
  /** `now` = what one needs during an incident (default), `prepare` = set up beforehand, `learn` = afterwards. */
  section?: 'now' | 'prepare' | 'learn';
  /** The permission without which it is not shown. */
  needs?: string;
  /** A small live number beside the label (open pages, active incidents); renders nothing when there is none. */
  count?: ComponentType;
}

export interface PageRoute {
  /** `/incidents/$id`: `$name` is a parameter, read with `usePageParams()`. */
  path: string;
  component: ComponentType | LazyExoticComponent<ComponentType> | Screen;
  /** Shown without signing in, outside the shell (sign-in, invitation). */
  open?: boolean;
}

/** A page of Settings; its route must be in `pages` too, below `/settings/`. */
export interface SettingsEntry {
  label: string;
  to: string;
  order: number;
  /** The permission without which it is not listed (`audit.read`); everyone sees it when left out. */
  needs?: string;
  /** A heading in the list of settings: `Mine`, `Team`, `Installation`; others are listed after these. */
  group?: string;
}

export interface SpotlightItem {
  id: string;
  label: string;
  description?: string;
  /** A heading in the list: "Incidents", "Services", "Actions". */
  group: string;
  icon?: NavItem['icon'];
  /** Words it is found by besides the label. */
  keywords?: string[];
  /** Where it leads, as an address (`/incidents/INC-42`), or what it does. */
  to?: string;
  run?: () => void;
}

export interface Spotlight {
  /** Always listed. */
  items?: SpotlightItem[];
  /** Asked with what was typed (two characters or more). Use `call(...)`, pass the signal, return at most eight. */
  search?: (text: string, signal: AbortSignal) => Promise<SpotlightItem[]>;
}

/** What a picker is given; `value` is null or undefined while nothing is chosen. */
export interface PickerProps {
  label: string;
  description?: string;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled?: boolean;
}

export interface Overlay {
  /** A letter; not `g`, and none another area has. */
  letter: string;
  label: string;
  icon?: NavItem['icon'];
  keywords?: string[];
  component: ComponentType<{ opened: boolean; onClose: () => void }>;
}

export interface Area {
  nav?: NavItem[];
  pages: PageRoute[];
  settings?: SettingsEntry[];
  spotlight?: Spotlight;
  /** The dialog behind "Declare incident", reachable from every page. One area has it. */
  declare?: ComponentType<{ opened: boolean; onClose: () => void }>;
  /** How a field of a setting is chosen, by the field's name: `policyId` -> a list of policies instead of an id to type. */
  pickers?: Record<string, ComponentType<PickerProps>>;
  /** Dialogs that one letter opens from anywhere (`w`); the finder lists them too. */
  overlays?: Overlay[];
  /** Shown above every page while it has something to say: a running exercise, a frozen deploy. Renders null otherwise. */
  banner?: ComponentType;
}

/** A page loaded when first opened: `screen(() => import('./list.tsx').then((m) => m.IncidentList))`. */
export function screen(load: () => Promise<ComponentType>): Screen {
  let loaded: ComponentType | undefined;
  const ahead = async () => (loaded ??= await load());
  const Later = lazy(async () => ({ default: await ahead() }));
  // What is there is shown without a turn through the waiting lines: once shown, React keeps those for 0.3 s.
  const Screen = () => {
    // Chosen once, so that a screen that stands is never taken for another.
    const [own] = useState(() => ({ Component: loaded ?? Later }));
    return createElement(own.Component);
  };
  return Object.assign(Screen, { ahead });
}

/** A screen that is a part of its own; `ahead` begins to load it and resolves when it is there. */
export type Screen = ComponentType & { ahead: () => Promise<unknown> };

/** Opens the dialog behind "Declare incident", from anywhere. */
export const openDeclare = (): void => {
  dispatchEvent(new CustomEvent('evenkeel:declare'));
};

/** Opens the overlay of a letter, from anywhere. */
export const openOverlay = (letter: string): void => {
  dispatchEvent(new CustomEvent('evenkeel:overlay', { detail: letter }));
};
