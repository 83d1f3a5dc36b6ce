/** The bar above every page: find, declare, colours, who I am. */
import {
  ActionIcon,
  Button,
  Kbd,
  Menu,
  SegmentedControl,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconFlag,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { endpoints as security } from '#contract/security';
import { openDeclare } from '../../kit/area.ts';
import { Initials, useCommand, useGo, useMe } from '../../kit/index.ts';
import { openFinder } from './finder.tsx';
import { Mark } from './mark.tsx';
import { modKey } from './platform.ts';
import classes from './top-bar.module.css';

/** The bar above every page. */
export function TopBar({ canDeclare, onHelp }: { canDeclare: boolean; onHelp: () => void }) {
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.mark} aria-label="Evenkeel, home">
        <Mark size={28} />
      </Link>
      <UnstyledButton className={classes.find} onClick={openFinder} aria-label="Find a page, an incident, an action">
        <IconSearch size={16} stroke={1.8} />
        <span>Find or do…</span>
        <Kbd size="xs">{modKey} K</Kbd>
      </UnstyledButton>
      <ActionIcon
        className={classes.findSmall}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Find"
        onClick={openFinder}
      >
        <IconSearch size={20} stroke={1.8} />
      </ActionIcon>
      <span className={classes.space} />
      <Tooltip label="Keyboard shortcuts (?)">
        <ActionIcon
          className={classes.help}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Keyboard shortcuts"
          onClick={onHelp}
        >
          <IconKeyboard size={20} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {canDeclare && (
        <Button
          variant="default"
          leftSection={<IconFlag size={16} stroke={2.2} className={classes.flag} />}
          onClick={openDeclare}
        >
          Declare<span className={classes.word}>&nbsp;incident</span>
        </Button>
      )}
      <UserMenu onHelp={onHelp} />
    </header>
  );
}

function UserMenu({ onHelp }: { onHelp: () => void }) {
  const { user } = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const go = useGo();
  const client = useQueryClient();
  const signOut = useCommand(security.signOut, {
    onDone: () => {
      client.clear();
      location.assign('/sign-in'); // a fresh page: nothing of this person stays in memory
    },
  });
  return (
    <Menu position="bottom-end" width={250} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.me} aria-label={`Your menu, ${user.name}`}>
          <Initials name={user.name} size={32} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <Text fw={600} fz="sm">
            {user.name}
          </Text>
          <Text fz="xs" c="dimmed">
            {user.email}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserCircle size={17} stroke={1.6} />} onClick={() => go('/profile')}>
          Profile and time zone
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={17} stroke={1.6} />} onClick={onHelp}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={17} stroke={1.6} />}
            rightSection={colorScheme === value ? <IconCheck size={15} aria-label="chosen" /> : undefined}
            onClick={() => setColorScheme(value)}
            closeMenuOnClick={false}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.6} />} onClick={() => signOut.mutate({})}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'System', icon: IconDeviceDesktop },
] as const;

/** Light, dark, or as the system says. */
export function SchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
      data={schemes.map(({ value, label }) => ({ value, label }))}
    />
  );
}
