/** Structured logs, with secrets cut out by field name. */
import { pino } from 'pino';
import { config } from './config.ts';

export const log = pino({
  level: config.logLevel,
  base: undefined,
  redact: {
    paths: [
      'password',
      'token',
      'secret',
      'key',
      'routingKey',
      'authorization',
      '*.password',
      '*.token',
      '*.secret',
      '*.routingKey',
      '*.authorization',
      'headers.authorization',
      'headers.cookie',
    ],
    censor: '[cut]',
  },
});

export type Log = typeof log;
