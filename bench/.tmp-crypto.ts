import { createCipher } from '/work/main/src/wecom/crypto.ts';
import { encrypt, decrypt, getSignature } from '@wecom/crypto';
const keys = { token: 'DemoToken2026', aesKey: 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg', receiveId: 'wwDEMOCORP' };
const c = createCipher(keys); const now = new Date(1760000000_000);
const ours = (text: string) => { const s = c.seal(text, 1760000000, '77'); return c.open({ msgSignature: s.msgsignature, timestamp: '1760000000', nonce: '77' }, s.encrypt, now); };
const theirs = (text: string) => { const e = encrypt(keys.aesKey, text, keys.receiveId); const s = getSignature(keys.token, 1760000000, '77', e); if (getSignature(keys.token, 1760000000, '77', e) !== s) throw 1; const d = decrypt(keys.aesKey, e); if (d.id !== keys.receiveId) throw 1; return d.message; };
const sealO = (t: string) => c.seal(t, 1760000000, '77');
const sealT = (t: string) => { const e = encrypt(keys.aesKey, t, keys.receiveId); return getSignature(keys.token, 1760000000, '77', e); };
function time(f: (t: string) => unknown, t: string) { const n = 20000; const s = process.cpuUsage(); for (let i = 0; i < n; i++) f(t); const u = process.cpuUsage(s); return (u.user + u.system) / n; }
for (const [name, t] of [['200 B', '党建a'.repeat(29)], ['4 KB', '党建ab'.repeat(512)]] as const) {
  const rows: Record<string, number[]> = {};
  for (let r = 0; r < 9; r++) for (const [k, f] of Object.entries({ ours, theirs, sealO, sealT })) (rows[k] ??= []).push(time(f, t));
  console.log(name, Buffer.byteLength(t), Object.fromEntries(Object.entries(rows).map(([k, v]) => [k, v.sort((a, b) => a - b)[4]!.toFixed(1)])));
}
