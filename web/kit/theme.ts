/** Colours, type and spacing. Calm blue-grey, one accent; every pairing used for text passes AA in light and dark (theme.test.ts). */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Blue-grey of surfaces, lines and quiet text in light. */
export const gray: MantineColorsTuple = [
  '#f6f8fa',
  '#eef2f5',
  '#e2e8ed',
  '#d3dce3',
  '#b7c3cd',
  '#8d9cab',
  '#667886',
  '#4d5d6a',
  '#34424e',
  '#1b2630',
];
/** The same family at night: 0 is text, 7 a card, 8 the page. */
export const dark: MantineColorsTuple = [
  '#e3e9ee',
  '#c4ced6',
  '#a0adb9',
  '#738290',
  '#3d4a56',
  '#2d3843',
  '#202a33',
  '#182029',
  '#11181f',
  '#0b1016',
];
/** The accent: deep water. */
export const keel: MantineColorsTuple = [
  '#edf5f9',
  '#d7e8f0',
  '#aed0e0',
  '#82b7cf',
  '#5a9fbf',
  '#388ab0',
  '#20749a',
  '#175e80',
  '#114a66',
  '#0b374d',
];
const red: MantineColorsTuple = [
  '#fdf1f0',
  '#f9deDC',
  '#f1b9b5',
  '#e78f89',
  '#dd6b63',
  '#cf4a42',
  '#bb332d',
  '#9e2823',
  '#7f1f1b',
  '#5e1613',
];
const orange: MantineColorsTuple = [
  '#fdf4ea',
  '#fae4cc',
  '#f3c797',
  '#eaa65f',
  '#df8934',
  '#c87019',
  '#a85b10',
  '#88490d',
  '#6b390a',
  '#4f2a07',
];
const yellow: MantineColorsTuple = [
  '#fbf6e4',
  '#f4e9bf',
  '#e8d484',
  '#d9bb4b',
  '#c7a425',
  '#a98a13',
  '#86700f',
  '#6d5a0c',
  '#544609',
  '#3d3306',
];
const green: MantineColorsTuple = [
  '#eef8f2',
  '#d6eede',
  '#aadbbd',
  '#79c497',
  '#4fae76',
  '#30955b',
  '#1f7a47',
  '#19643a',
  '#144f2e',
  '#0e3a22',
];
const violet: MantineColorsTuple = [
  '#f4f2fb',
  '#e5e0f5',
  '#cac0ea',
  '#ab9bdd',
  '#8f7bd0',
  '#775fc2',
  '#624bab',
  '#503c8e',
  '#3f2f70',
  '#2e2253',
];

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
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
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
    Tooltip: { defaultProps: { withArrow: false, transitionProps: { duration: 80 }, multiline: true, fz: 'xs' } },
    Modal: {
      defaultProps: { centered: false, yOffset: '12vh', radius: 'md', overlayProps: { backgroundOpacity: 0.45 } },
    },
    Menu: { defaultProps: { shadow: 'md', radius: 'md' } },
    Badge: { defaultProps: { radius: 'sm', variant: 'light', tt: 'none', fw: 550 } },
    Paper: { defaultProps: { radius: 'md' } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
});

/** What Mantine derives too faintly for AA, set by hand. `--ek-canvas` is the page behind the cards. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
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
