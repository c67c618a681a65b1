/** Seals what may not lie in the database as it is: AES-256-GCM, with a keyed mark to look it up by. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export type Vault = {
  seal(plain: string): string;
  /** @throws Error when it was sealed under another key or tampered with */
  open(sealed: string): string;
  /** The same for the same words, and nothing to anybody without the key: to compare and to look up without opening. */
  mark(plain: string): string;
};

/** No secret: for trying the bot without DATA_KEY, which config.ts allows only without WeCom. */
const DEMO_KEY = Buffer.from('dangjian-bot: the demo world');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param dataKey DATA_KEY, 32 bytes */
export function createVault(dataKey: Uint8Array = DEMO_KEY): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', dataKey, '', purpose, 32));
  const sealing = derive('seal');
  const marking = derive('mark');
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    mark: (plain) => createHmac('sha256', marking).update(plain).digest('base64'),
  };
}
