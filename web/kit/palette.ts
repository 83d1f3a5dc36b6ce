/** The colours, from 0 (lightest) to 9. Plain data, so that tests can measure them. */
import type { MantineColorsTuple } from '@mantine/core';

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
export const red: MantineColorsTuple = [
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
export const orange: MantineColorsTuple = [
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
export const yellow: MantineColorsTuple = [
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
export const green: MantineColorsTuple = [
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
export const violet: MantineColorsTuple = [
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
