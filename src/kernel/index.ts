/** The ground every module stands on. */
export * from '../../contract/core.ts';
export * from './cel.ts';
export { afterCommit, type Book, gather, withCommitHooks, writeGathered } from './commit.ts';
export { config, dataPath, projectPath } from './config.ts';
export * from './context.ts';
export * from './crypto.ts';
export * from './db/database.ts';
export { checkConnection, readElsewhere } from './db/elsewhere.ts';
export { copyInto, jsonField } from './db/copy.ts';
export { ahead, later, sent } from './db/later.ts';
export { NODE } from './db/pool.ts';
export * from './egress.ts';
export { askPostgres, type OutsideAnswer } from './db/outside.ts';
export * from './errors.ts';
export { EXPRESS_NET_MS, express, expressRoom } from './express.ts';
export { failPoint } from './fail-point.ts';
export { defineEvent, emit, emitAll, type EventDefinition, type Reaction, reaction } from './events.ts';
export { defineModule, type House, type Module, systemActor } from './house.ts';
export { contentSecurityPolicy, guardOrigin } from './http/guards.ts';
export { decodeCursor, encodeCursor } from './http/cursor.ts';
export { type AnyRoute, type Call, type RawRequest, rawRoute, route } from './http/route.ts';
export { sendFile } from './http/send-file.ts';
export { isId, newId } from './ids.ts';
export { cancelJob, defineJob, enqueue, type JobDefinition } from './jobs.ts';
export { log } from './log.ts';
export {
  allSettings,
  defineSetting,
  readSetting,
  type SettingDefinition,
  settingByKey,
  writeSetting,
} from './settings.ts';
export * from './tar.ts';
export {
  confirm,
  goOn,
  isGuessing,
  isStanding,
  leaveStanding,
  openStanding,
  presume,
  standing,
  standingEach,
  wager,
  WrongGuess,
} from './standing.ts';
export { STEADY_GRAIN_MS, steadyNow, wallLeapt } from './steady.ts';
export * from './time.ts';
export { verifyBundle } from '../../tools/verify-record.mjs';
export { drawVeil, isHidden, letIn, liftVeil, readersOf, unveiled } from './veil.ts';
export * as zone from './zone.ts';
export * as yaml from './yaml.ts';
