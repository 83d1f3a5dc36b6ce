/** The kit's face: what screens are made of. */
export { type AnyEndpoint, asProblem, call, type InputOf, type OutputOf, ProblemError, urlOf } from './api.ts';
export {
  type Area,
  type NavItem,
  openDeclare,
  type PageRoute,
  type PickerProps,
  type SettingsEntry,
  type Spotlight,
  type SpotlightItem,
  screen,
} from './area.ts';
export { serverNow, useNow } from './clock.ts';
export { ConfirmButton, type ConfirmButtonProps, ConfirmDialog } from './confirm.tsx';
export { CopyAction, CopyBlock } from './copy.tsx';
export { EmptyState, Hint, Loaded, Loading, Mono, ProblemAlert } from './feedback.tsx';
export { fieldErrors } from './field-errors.ts';
export { formatAgo, formatDuration, formatInstant } from './format.ts';
export { type CommandForm, CommandFormFrame, DurationInput, useCommandForm } from './forms.tsx';
export { FoldWhenNarrow, unfold } from './fold.tsx';
export { CardGrid, Columns, Facts, Page, type PageProps, Section } from './layout.tsx';
export { LinkButton, type Target, TextLink, useGo, usePageParams, usePageSearch } from './links.tsx';
export { type Column, DataList, type DataListProps } from './list.tsx';
export { type LiveEvent, onLiveEvent, useStream } from './live.ts';
export { Initials, PersonName } from './person.tsx';
export { keyOf, useCommand, useQueryOf } from './queries.ts';
export { type Me, useMay, useMe, useZone } from './session.ts';
export { Shape } from './shapes.tsx';
export {
  ExerciseBadge,
  type Phase,
  PhaseSteps,
  phasePurpose,
  type Severity,
  SeverityBadge,
  StateBadge,
  severityText,
} from './state.tsx';
export { Ago, Countdown, Duration, When } from './time.tsx';
export { sentence, type Tone, toneOf } from './tones.ts';
