/** The frame of Settings: its pages in a list at the left, on a phone in a chooser above. */
import { NativeSelect } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { type SettingsEntry, useGo, useMe } from '../../kit/index.ts';
import { areas } from '../areas.ts';
import classes from './settings-frame.module.css';

const groupOrder = ['Mine', 'Team', 'Installation'];
const entries = areas.flatMap(({ area }) => area.settings ?? []);
const rank = (entry: SettingsEntry) => {
  const at = groupOrder.indexOf(entry.group ?? 'Team');
  return (at < 0 ? groupOrder.length : at) * 10_000 + entry.order;
};

/** Every page of Settings, in order. */
export const settingsEntries = (): SettingsEntry[] => [...entries].sort((a, b) => rank(a) - rank(b));

/** Those the person may see. */
export const visibleSettings = (permissions: readonly string[]): SettingsEntry[] =>
  settingsEntries().filter(({ needs }) => !needs || permissions.includes(needs));

export function SettingsFrame() {
  const { permissions } = useMe();
  const { pathname } = useLocation();
  const go = useGo();
  const visible = visibleSettings(permissions);
  const groups = [...new Set(visible.map(({ group }) => group ?? 'Team'))];
  const here = visible.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <div className={classes.frame}>
      <nav className={classes.list} aria-label="Settings">
        {groups.map((group) => (
          <div key={group}>
            <p>{group}</p>
            <ul>
              {visible
                .filter((entry) => (entry.group ?? 'Team') === group)
                .map((entry) => (
                  <li key={entry.to}>
                    <Link
                      to={entry.to}
                      data-here={entry === here || undefined}
                      aria-current={entry === here ? 'page' : undefined}
                    >
                      {entry.label}
                    </Link>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
      <NativeSelect
        className={classes.chooser}
        aria-label="Page of settings"
        value={here?.to ?? ''}
        onChange={(event) => go(event.currentTarget.value)}
        data={groups.map((group) => ({
          group,
          items: visible
            .filter((entry) => (entry.group ?? 'Team') === group)
            .map(({ to, label }) => ({ value: to, label })),
        }))}
      />
      <div className={classes.page}>
        <Outlet />
      </div>
    </div>
  );
}
