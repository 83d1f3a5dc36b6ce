/** The navigation: a column at the left; on a phone a bar at the bottom with the rest behind "More". */
import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconSettings } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { NavItem } from '../../kit/index.ts';
import { useMe } from '../../kit/index.ts';
import { areas } from '../areas.ts';
import { Wordmark } from './mark.tsx';
import classes from './nav.module.css';

const sections = [
  { name: 'now', label: undefined },
  { name: 'prepare', label: 'Prepare' },
  { name: 'learn', label: 'Learn' },
] as const;

const settings: NavItem = {
  label: 'Settings',
  to: '/settings',
  icon: IconSettings,
  order: 0,
};
const all = areas.flatMap(({ area }) => area.nav ?? []).sort((a, b) => a.order - b.order);

/** The places of the navigation that the person may see, in order. */
export function useNavItems(): {
  section: (typeof sections)[number];
  items: NavItem[];
}[] {
  const { permissions } = useMe();
  const mine = all.filter(({ needs }) => !needs || permissions.includes(needs));
  return sections
    .map((section) => ({
      section,
      items: mine.filter((item) => (item.section ?? 'now') === section.name),
    }))
    .filter(({ items }) => items.length > 0);
}

/** Every place in one list, settings last. */
export const useAllNavItems = (): NavItem[] => [...useNavItems().flatMap(({ items }) => items), settings];

const isAt = (path: string, to: string): boolean =>
  to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);

function NavLink({ item, onGo, className }: { item: NavItem; onGo?: () => void; className?: string }) {
  const { pathname } = useLocation();
  const Count = item.count;
  const here = isAt(pathname, item.to);
  return (
    <Link
      to={item.to}
      className={className ?? classes.link}
      data-here={here || undefined}
      aria-current={here ? 'page' : undefined}
      onClick={onGo}
    >
      <item.icon size={20} stroke={1.6} />
      <span className={classes.label}>{item.label}</span>
      {Count && (
        <span className={classes.count}>
          <Count />
        </span>
      )}
    </Link>
  );
}

function NavList({ onGo }: { onGo?: () => void }) {
  const groups = useNavItems();
  return (
    <>
      {groups.map(({ section, items }) => (
        <div key={section.name} className={classes.group}>
          {section.label && <p className={classes.heading}>{section.label}</p>}
          <ul>
            {items.map((item) => (
              <li key={item.to}>
                <NavLink item={item} onGo={onGo} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

/** The column at the left. */
export function SideNav() {
  return (
    <nav className={classes.side} aria-label="Main">
      <Link to="/" className={classes.brand} aria-label="Evenkeel, home">
        <Wordmark size={26} />
      </Link>
      <div className={classes.scroll}>
        <NavList />
      </div>
      <div className={classes.foot}>
        <NavLink item={settings} />
      </div>
    </nav>
  );
}

/** The phone's bar: the four places needed most, the rest in a drawer. */
export function BottomBar() {
  const [opened, { open, close }] = useDisclosure();
  const { pathname } = useLocation();
  const items = useNavItems().flatMap(({ items }) => items);
  const four = items.slice(0, 4);
  const elsewhere = !four.some(({ to }) => isAt(pathname, to));
  return (
    <>
      <nav className={classes.bottom} aria-label="Main, short">
        {four.map((item) => (
          <NavLink key={item.to} item={item} className={classes.tab} />
        ))}
        <button
          type="button"
          className={classes.tab}
          data-here={elsewhere || undefined}
          aria-expanded={opened}
          onClick={open}
        >
          <IconDots size={20} stroke={1.6} />
          <span className={classes.label}>More</span>
        </button>
      </nav>
      <Drawer
        opened={opened}
        onClose={close}
        position="bottom"
        size="auto"
        title="All pages"
        classNames={{ content: classes.drawer }}
      >
        <nav aria-label="All pages">
          <NavList onGo={close} />
          <DrawerFoot>
            <NavLink item={settings} onGo={close} />
          </DrawerFoot>
        </nav>
      </Drawer>
    </>
  );
}

const DrawerFoot = ({ children }: { children: ReactNode }) => <div className={classes.drawerFoot}>{children}</div>;
