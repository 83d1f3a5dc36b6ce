/** Colours, type and spacing. Calm blue-grey, one accent; every pairing used for text passes AA in light and dark (theme.test.ts). */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { dark, gray, green, keel, orange, red, violet, yellow } from './palette.ts';

const dialogTitle = {
  fontWeight: 620,
  fontSize: 'var(--mantine-font-size-lg)',
};

export const theme = createTheme({
  colors: { gray, dark, keel, red, orange, yellow, green, violet, blue: keel },
  primaryColor: 'keel',
  primaryShade: { light: 7, dark: 6 },
  white: '#ffffff',
  black: gray[9],
  autoContrast: false,
  cursorType: 'pointer',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  fontSizes: {
    xs: '0.8125rem',
    sm: '0.875rem',
    md: '0.9375rem',
    lg: '1.0625rem',
    xl: '1.25rem',
  },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: {
        withArrow: false,
        transitionProps: { duration: 80 },
        multiline: true,
        fz: 'xs',
      },
    },
    Modal: {
      defaultProps: {
        yOffset: '12vh',
        radius: 'md',
        overlayProps: { backgroundOpacity: 0.45 },
        closeButtonProps: { 'aria-label': 'Close' },
        transitionProps: { transition: 'fade', duration: 120 },
      },
      styles: { title: dialogTitle },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: dialogTitle },
    },
    // Inside a dialog a <header> is not the page's banner.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Menu: {
      defaultProps: {
        shadow: 'md',
        radius: 'md',
        withInitialFocusPlaceholder: false,
      },
    },
    Badge: {
      defaultProps: {
        radius: 'sm',
        variant: 'light',
        tt: 'none',
        fw: 550,
        fz: 'xs',
        h: '1.375rem',
      },
    },
    Paper: { defaultProps: { radius: 'md' } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
});

const palettes: Record<string, MantineColorsTuple> = {
  gray,
  keel,
  blue: keel,
  red,
  orange,
  yellow,
  green,
  violet,
};

/** Background, hover and text of the `light`, `subtle` and `outline` looks, legible on cards and on the page. */
function quietLooks(textShade: number, strength: number, of: number): Record<string, string> {
  const mixed = (name: string, percent: number) =>
    `color-mix(in srgb, var(--mantine-color-${name}-${of}) ${percent}%, transparent)`;
  return Object.fromEntries(
    Object.entries(palettes).flatMap(([name, shades]) => [
      [`--mantine-color-${name}-light`, mixed(name, strength)],
      [`--mantine-color-${name}-light-hover`, mixed(name, strength + 6)],
      [`--mantine-color-${name}-light-color`, shades[textShade]!],
      [`--mantine-color-${name}-outline`, shades[textShade]!],
    ]),
  );
}

/** What Mantine derives too faintly for AA, set by hand. `--ek-canvas` is the page behind the cards. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...quietLooks(7, 13, 6),
    '--mantine-color-dimmed': gray[7],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-default-border': gray[3],
    '--mantine-color-anchor': keel[7],
    '--mantine-color-error': red[7],
    '--ek-canvas': '#f3f6f8',
    '--ek-line': gray[2],
    '--ek-hover': gray[1],
    '--ek-focus': keel[6],
  },
  dark: {
    ...quietLooks(2, 18, 5),
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': '#8a98a5',
    '--mantine-color-default-border': '#34404b',
    '--mantine-color-anchor': keel[3],
    '--mantine-color-error': red[3],
    '--ek-canvas': dark[8],
    '--ek-line': '#2a343e',
    '--ek-hover': dark[6],
    '--ek-focus': keel[4],
  },
});
