import { expect } from 'vitest';
import { WireError } from '../../src/wecom/crypto.ts';

/** The WireError's code; fails on every other outcome. */
export function refused(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).code;
  }
  throw new Error('was accepted');
}
