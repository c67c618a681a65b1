import { expect, test } from 'vitest';
import { createVault } from '../../src/kernel/vault.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const vault = createVault(key(1));

test('what is sealed opens under its key only, and never looks twice the same', () => {
  const [one, two] = [vault.seal('13800138000'), vault.seal('13800138000')];
  expect(one).not.toBe(two);
  expect([one, two].map((sealed) => vault.open(sealed))).toEqual(['13800138000', '13800138000']);
  expect(Buffer.from(one, 'base64').toString('latin1')).not.toContain('138');
  expect(() => createVault(key(2)).open(one)).toThrow();
  expect(() => createVault().open(one)).toThrow();
});

test('one byte changed, or the end cut off, does not open', () => {
  const sealed = Buffer.from(vault.seal('13800138000'), 'base64');
  for (let at = 0; at < sealed.length; at++) {
    const other = Buffer.from(sealed);
    other.writeUInt8(other.readUInt8(at) ^ 1, at);
    expect(() => vault.open(other.toString('base64'))).toThrow();
    expect(() => vault.open(sealed.subarray(0, at).toString('base64'))).toThrow();
  }
});

test('a mark is the same for the same words under the same key', () => {
  expect(vault.mark('1')).toBe(createVault(key(1)).mark('1'));
  expect(vault.mark('1')).not.toBe(vault.mark('2'));
  expect(vault.mark('1')).not.toBe(createVault(key(2)).mark('1'));
});
