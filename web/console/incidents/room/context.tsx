/** What every part of the war room shares: the incident, who looks, and the way to open a step's dialog. */
import { createContext, useContext } from 'react';
import type { Incident } from '#contract/incidents';

export type DialogKind =
  | 'accept_handover'
  | 'add_service'
  | 'assign_role'
  | 'change_severity'
  | 'close'
  | 'complete_recovery'
  | 'declare_contained'
  | 'dismiss'
  | 'edit'
  | 'eradicate'
  | 'merge'
  | 'move_back'
  | 'offer_handover'
  | 'record_impact'
  | 'relapse'
  | 'restore'
  | 'situation'
  | 'start_containment'
  | 'take_command';

export interface OpenDialog {
  kind: DialogKind;
  /** A role, a hand-over, a service: what the dialog is about. */
  target?: string;
}

export interface Room {
  incident: Incident;
  open: (kind: DialogKind, target?: string) => void;
  /** Scrolls to a place of the room (a panel, a gate's answer), or leads to an address. */
  show: (target: string) => void;
}

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('useRoom() is for parts of the war room');
  return room;
}

/** Whether the person looking holds an authority on this incident. */
export const useAuthority = (token: string): boolean => useRoom().incident.yourAuthority.includes(token);

/** What an effect on a service is called. */
export const EFFECTS = [
  { value: 'down', label: 'Down' },
  { value: 'partial', label: 'Partly down' },
  { value: 'slow', label: 'Slow' },
  { value: 'wrong_data', label: 'Wrong data' },
  { value: 'none', label: 'Not affected' },
] as const;

/** Gates by the names people know them by. */
export const gateTitle = (kind: string): string =>
  ({
    'recovery.readiness': 'Readiness to restore',
    'comms.resolution': 'Resolution for customers',
    'learning.review': 'Review',
    'incidents.lanes': 'Lanes signed',
  })[kind] ?? kind;
