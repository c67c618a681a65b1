/** The envelopes of both doors as WeCom makes and reads them (protocol A.4, A.7, C.1, C.4). */
import { createHash } from 'node:crypto';
import { decrypt, encrypt } from '@wecom/crypto';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

export type Door = 'bot' | 'app';
export type Keys = { token: string; aesKey: string; receiveId: string };
export type Xml = { [name: string]: string | Xml | (string | Xml)[] };

const WINDOW_SECONDS = 300;

const parser = new XMLParser({ parseTagValue: false, trimValues: false });
const jsonEnvelope = z.strictObject({
  encrypt: z.string(),
  msgsignature: z.string(),
  timestamp: z.union([z.number(), z.string()]),
  nonce: z.string(),
});
const xmlEnvelope = z.object({
  Encrypt: z.string(),
  MsgSignature: z.string(),
  TimeStamp: z.string(),
  Nonce: z.string(),
});

export const sign = (token: string, timestamp: string, nonce: string, cipher: string): string =>
  createHash('sha1').update([token, timestamp, nonce, cipher].toSorted().join('')).digest('hex');

export const seal = (keys: Keys, clear: string): string => encrypt(keys.aesKey, clear, keys.receiveId);

/** A number made of digits only, as nonces and MsgIds are. */
export const digits = (seed: string): string =>
  BigInt(`0x${createHash('sha256').update(seed).digest('hex').slice(0, 15)}`).toString();

export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

export function readXml(text: string): Xml {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`XML 不合格：${valid.err.msg}`);
  const root = z.object({ xml: z.custom<Xml>((x) => typeof x === 'object') }).safeParse(parser.parse(text));
  if (!root.success) throw new Error('XML 的根不是 <xml>');
  return root.data.xml;
}

/** The sealed answer to a callback; throws in words when WeCom would not accept it. */
export function openAnswer(
  door: Door,
  body: string,
  keys: Keys,
  nonce: string,
  nowSeconds: number,
): { clear: string; cipher: string } {
  const answer = door === 'bot' ? jsonAnswer(body) : xmlAnswer(body);
  if (sign(keys.token, answer.timestamp, answer.nonce, answer.cipher) !== answer.signature) {
    throw new Error('应答的签名不对');
  }
  if (answer.nonce !== nonce) throw new Error('应答的 nonce 不是这次回调的');
  if (!(Math.abs(nowSeconds - Number(answer.timestamp)) <= WINDOW_SECONDS)) {
    throw new Error('应答的时间戳超出 5 分钟');
  }
  const opened = decrypt(keys.aesKey, answer.cipher);
  // The library checks neither padding nor length: sealing again must give the same bytes.
  if (encrypt(keys.aesKey, opened.message, opened.id, opened.random) !== answer.cipher) {
    throw new Error('应答的密文不合格');
  }
  if (opened.id !== keys.receiveId) throw new Error('应答的 receiveid 不对');
  return { clear: opened.message, cipher: answer.cipher };
}

type Sealed = { cipher: string; signature: string; timestamp: string; nonce: string };

function jsonAnswer(body: string): Sealed {
  const { encrypt: cipher, msgsignature, timestamp, nonce } = read(jsonEnvelope, parseJson(body));
  return { cipher, signature: msgsignature, timestamp: String(timestamp), nonce };
}

function xmlAnswer(body: string): Sealed {
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = read(xmlEnvelope, readXml(body));
  return { cipher: Encrypt, signature: MsgSignature, timestamp: TimeStamp, nonce: Nonce };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('不是 JSON');
  }
}

/** `value` as `schema` describes it; throws with the place that does not fit. */
export function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')}：${issue.message}`).join('；'));
}
