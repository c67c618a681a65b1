/** JSON lines. Never the text of a message, a name, a phone number, a token or a WeCom id (decision 26). */
import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Second fence behind the rule above: fields of these names never leave. */
const SECRET = ['text', 'name', 'phone', 'userId', 'token', 'secret', 'access_token', 'aesKey', 'body'];

export function createLog(level: string, stream?: DestinationStream): Log {
  const redact = { paths: SECRET.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' };
  return pino({ level, base: null, redact, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
