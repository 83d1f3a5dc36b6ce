/** The console's addresses: the shell's own and those of every area. */
import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { Suspense } from 'react';
import { markNavigated } from '../../kit/focus.ts';
import { Loading } from '../../kit/index.ts';
import { areas } from '../areas.ts';
import classes from './frame.module.css';
import { Frame } from './frame.tsx';
import { AcceptInvite } from './pages/accept-invite.tsx';
import { Crash } from './pages/crash.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Profile } from './pages/profile.tsx';
import { Setup } from './pages/setup.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { SessionGate } from './session.tsx';
import { SettingsFrame, settingsEntries } from './settings-frame.tsx';

const root = createRootRoute({
  component: Outlet,
  errorComponent: Crash,
  notFoundComponent: NotFound,
});

/** Not a `Page`: it must not take the title. */
const waiting = (
  <div className={classes.waiting}>
    <Loading lines={4} />
  </div>
);

const inShell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: () => (
    <SessionGate ahead={screenAhead}>
      <Frame>
        <Suspense fallback={waiting}>
          <Outlet />
        </Suspense>
      </Frame>
    </SessionGate>
  ),
});

const inSettings = createRoute({
  getParentRoute: () => inShell,
  id: 'settings',
  component: SettingsFrame,
});

/** Settings' own front door: the first page the person may see; on a phone the list itself. */
const settingsIndex = createRoute({
  getParentRoute: () => inSettings,
  path: '/settings',
  component: () => <Navigate to={settingsEntries()[0]?.to ?? '/profile'} replace />,
});

function routesOfAreas(): {
  open: AnyRoute[];
  shell: AnyRoute[];
  settings: AnyRoute[];
} {
  const routes = {
    open: [] as AnyRoute[],
    shell: [] as AnyRoute[],
    settings: [] as AnyRoute[],
  };
  for (const page of areas.flatMap(({ area }) => area.pages)) {
    const place = page.open ? 'open' : page.path.startsWith('/settings/') ? 'settings' : 'shell';
    const parent = { open: root, shell: inShell, settings: inSettings }[place];
    routes[place].push(
      createRoute({
        getParentRoute: () => parent as typeof root,
        path: page.path,
        component: page.component as React.FunctionComponent,
        errorComponent: Crash,
      }),
    );
  }
  return routes;
}

/** Begins to load the screen of an address before it is shown; resolves when it is there, or there is none. */
export async function screenAhead(path: string): Promise<void> {
  const parts = path.split('/');
  const page = areas
    .flatMap(({ area }) => area.pages)
    .find((one) => {
      const own = one.path.split('/');
      return own.length === parts.length && own.every((part, n) => part === parts[n] || (part[0] === '$' && parts[n]));
    });
  const { ahead } = (page?.component ?? {}) as { ahead?: () => Promise<unknown> };
  await ahead?.().catch(() => undefined);
}

/** Home belongs to an area; until one has it, the first place of the navigation stands in. */
function homeUnlessGiven(): AnyRoute[] {
  if (areas.some(({ area }) => area.pages.some(({ path }) => path === '/'))) return [];
  const first = areas
    .flatMap(({ area }) => area.nav ?? [])
    .sort((a, b) => a.order - b.order)
    .at(0);
  return [
    createRoute({
      getParentRoute: () => inShell,
      path: '/',
      beforeLoad: () => {
        throw redirect({ to: first?.to ?? '/profile' });
      },
    }),
  ];
}

/** Builds the router. Query fields stay text: a token of digits must not become a number. */
export function createConsoleRouter() {
  const of = routesOfAreas();
  const open = (path: string, component: React.FunctionComponent) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component,
      errorComponent: Crash,
    });
  const router = createRouter({
    routeTree: root.addChildren([
      open('/sign-in', SignIn),
      open('/setup', Setup),
      open('/join', AcceptInvite),
      ...of.open,
      inShell.addChildren([
        ...homeUnlessGiven(),
        createRoute({
          getParentRoute: () => inShell,
          path: '/profile',
          component: Profile,
          errorComponent: Crash,
        }),
        ...of.shell,
        inSettings.addChildren([settingsIndex, ...of.settings]),
        createRoute({
          getParentRoute: () => inShell,
          path: '$',
          component: NotFound,
        }),
      ]),
    ]),
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
      const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
      return text ? `?${text}` : '';
    },
    scrollRestoration: true,
    defaultPreload: 'intent',
  });
  router.subscribe('onBeforeNavigate', ({ pathChanged, fromLocation }) => {
    if (pathChanged && fromLocation) markNavigated();
  });
  return router;
}
