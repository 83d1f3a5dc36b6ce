/** The frame around every page: navigation, top bar, find, declare, the stream's state. */
import { useHotkeys } from '@mantine/hooks';
import { type ReactNode, useEffect, useState } from 'react';
import { areas } from '../areas.ts';
import { Finder, openFinder } from './finder.tsx';
import classes from './frame.module.css';
import { GoKeys, KeysHelp } from './keys.tsx';
import { Overlays } from './overlays.tsx';
import { BottomBar, SideNav } from './nav.tsx';
import { StreamLine } from './stream-line.tsx';
import { TopBar } from './top-bar.tsx';

const declareDialog = areas.find(({ area }) => area.declare)?.area.declare;
const banners = areas.flatMap(({ name, area }) => (area.banner ? [{ name, Banner: area.banner }] : []));

/** Everything around a page. */
export function Frame({ children }: { children: ReactNode }) {
  const [declaring, setDeclaring] = useState(false);
  const [helping, setHelping] = useState(false);
  const Declare = declareDialog;

  useEffect(() => {
    const open = () => setDeclaring(true);
    addEventListener('evenkeel:declare', open);
    return () => removeEventListener('evenkeel:declare', open);
  }, []);
  useHotkeys([['mod+k', openFinder]], []);

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <SideNav />
      <div className={classes.column}>
        <TopBar canDeclare={Declare !== undefined} onHelp={() => setHelping(true)} />
        <div className={classes.banners}>
          {banners.map(({ name, Banner }) => (
            <Banner key={name} />
          ))}
        </div>
        <main id="main" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      <BottomBar />
      <StreamLine />
      <Finder onHelp={() => setHelping(true)} canDeclare={Declare !== undefined} />
      <GoKeys onHelp={() => setHelping(true)} />
      <KeysHelp opened={helping} onClose={() => setHelping(false)} />
      <Overlays />
      {Declare && <Declare opened={declaring} onClose={() => setDeclaring(false)} />}
    </div>
  );
}
