/** Find or do, from anywhere (⌘K): pages, actions, and whatever the areas can search. */

import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconFlag, IconKeyboard, IconSearch, IconSettings, IconUserCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { openDeclare, openOverlay } from '../../kit/area.ts';
import { type SpotlightItem, useGo, useMe } from '../../kit/index.ts';
import { areas } from '../areas.ts';
import classes from './finder.module.css';
import { useAllNavItems } from './nav.tsx';
import { overlays } from './overlays.tsx';
import { visibleSettings } from './settings-frame.tsx';

const [store, finder] = createSpotlight();
export const openFinder = (): void => finder.open();

const found = areas.flatMap(({ area }) => (area.spotlight ? [area.spotlight] : []));

/** The list scrolls, so the keyboard must reach it. (The component passes this on; its types do not say so.) */
const reachable = { viewportProps: { tabIndex: 0 } } as object;

/** The dialog itself; one per page. */
export function Finder({ onHelp, canDeclare }: { onHelp: () => void; canDeclare: boolean }) {
  const [query, setQuery] = useState('');
  const go = useGo();
  const fixed = useFixedItems(onHelp, canDeclare);
  const { items: searched, busy } = useSearched(query);
  const shown = [...fixed.filter((item) => matches(item, query)), ...searched];
  const groups = [...new Set(shown.map(({ group }) => group))];

  const run = (item: SpotlightItem) => (item.to ? go(item.to) : item.run?.());
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      clearQueryOnClose
      shortcut={null}
      scrollable
      maxHeight="60vh"
      radius="md"
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      transitionProps={{ transition: 'fade', duration: 100 }}
      attributes={{ content: { 'aria-label': 'Find or do' } }}
      classNames={{ actionsGroup: classes.group }}
    >
      <Spotlight.Search
        placeholder="Find a page, an incident, an action"
        aria-label="Find"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList {...reachable}>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {shown
              .filter((item) => item.group === group)
              .map((item) => (
                <Spotlight.Action
                  key={item.id}
                  label={item.label}
                  description={item.description}
                  leftSection={item.icon && <item.icon size={19} stroke={1.6} />}
                  onClick={() => run(item)}
                />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 && <Spotlight.Empty>{busy ? 'Looking…' : `Nothing found for “${query}”`}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Every word typed must begin a word of the label, the keywords or the group. */
function matches({ label, keywords = [], group, description = '' }: SpotlightItem, query: string): boolean {
  const words = [label, ...keywords, group, description].join(' ').toLowerCase().split(/\s+/);
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((typed) => words.some((word) => word.startsWith(typed)));
}

function useFixedItems(onHelp: () => void, canDeclare: boolean): SpotlightItem[] {
  const nav = useAllNavItems();
  const { permissions } = useMe();
  const declare: SpotlightItem[] = canDeclare
    ? [
        {
          id: 'declare',
          label: 'Declare incident',
          description: 'Two questions, then the war room',
          group: 'Actions',
          icon: IconFlag,
          keywords: ['start', 'open', 'new', 'outage'],
          run: openDeclare,
        },
      ]
    : [];
  return [
    ...declare,
    ...overlays.map((overlay): SpotlightItem => ({
      id: `overlay:${overlay.letter}`,
      label: overlay.label,
      description: `Key ${overlay.letter}`,
      group: 'Actions',
      icon: overlay.icon,
      keywords: overlay.keywords,
      run: () => openOverlay(overlay.letter),
    })),
    ...found.flatMap(({ items }) => items ?? []),
    ...nav.map((item): SpotlightItem => ({
      id: `page:${item.to}`,
      label: item.label,
      group: 'Pages',
      icon: item.icon,
      to: item.to,
    })),
    ...visibleSettings(permissions).map((entry): SpotlightItem => ({
      id: `page:${entry.to}`,
      label: entry.label,
      description: 'Settings',
      group: 'Pages',
      icon: IconSettings,
      to: entry.to,
    })),
    {
      id: 'profile',
      label: 'Profile and time zone',
      group: 'Pages',
      icon: IconUserCircle,
      to: '/profile',
      keywords: ['password'],
    },
    {
      id: 'keys',
      label: 'Keyboard shortcuts',
      group: 'Actions',
      icon: IconKeyboard,
      run: onHelp,
      keywords: ['help'],
    },
  ];
}

/** What the areas find for the words typed; an area that fails or is slow does not hold up the others. */
function useSearched(query: string): { items: SpotlightItem[]; busy: boolean } {
  const [typed] = useDebouncedValue(query.trim(), 160);
  const [items, setItems] = useState<SpotlightItem[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setItems([]);
    if (typed.length < 2) return;
    const abort = new AbortController();
    setBusy(true);
    const searches = found
      .flatMap(({ search }) => (search ? [search] : []))
      .map(async (search) => {
        const more = await search(typed, abort.signal).catch(() => []);
        if (!abort.signal.aborted) setItems((before) => [...before, ...more]);
      });
    void Promise.all(searches).then(() => !abort.signal.aborted && setBusy(false));
    return () => abort.abort();
  }, [typed]);
  return { items, busy };
}
