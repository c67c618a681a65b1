/** The outside of a callback: query, JSON envelope of the bot (protocol A.3, A.7), XML envelope of the app (C.1, C.4). */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { WireError, type Sealed, type Signed } from './crypto.ts';

/** Text stays text: no numbers, no entities. */
export type XmlNode = { [name: string]: string | XmlNode | (string | XmlNode)[] };
export type XmlValue = string | number | boolean | readonly XmlValue[] | { readonly [name: string]: XmlValue | undefined };

/** Ids as WeCom makes them, of anything: without characters that no database takes or no log shows. */
export const ID = /^\P{C}{1,256}$/u;

/** Elements that may be repeated, and are a list even when there is only one (protocol C.3). */
const LISTS = new Set(['SelectedItem', 'OptionId']);
const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (name) => LISTS.has(name),
});

/** The values are text or missing, never lists: `?nonce=1&nonce=2` is refused. */
export function readQuery(query: Record<string, unknown>): Signed & { echostr?: string } {
  const [msgSignature, timestamp, nonce] = ['msg_signature', 'timestamp', 'nonce'].map((name) => queryText(query, name));
  if (!msgSignature || !timestamp || !nonce) throw new WireError(400, 'query');
  const echostr = queryText(query, 'echostr');
  // Base64 has no blanks: one is a `+` that was decoded twice on the way (protocol G.1 #2).
  return { msgSignature, timestamp, nonce, ...(echostr !== undefined && { echostr: echostr.replaceAll(' ', '+') }) };
}

function queryText(query: Record<string, unknown>, name: string): string | undefined {
  const value = query[name];
  if (value !== undefined && typeof value !== 'string') throw new WireError(400, 'query');
  return value;
}

/** The ciphertext. */
export function readJsonEnvelope(body: string): string {
  if (body.trimStart().startsWith('<')) {
    throw new WireError(400, 'xml-at-bot', '智能机器人的地址收到了 XML：这是自建应用的回调，请核对管理后台里两处 URL 是否填反');
  }
  const found = Object.entries(parseJson(body) ?? {}).filter(([name]) => name === 'encrypt' || name === 'Encrypt');
  const ciphertext: unknown = found[0]?.[1];
  if (found.length !== 1 || typeof ciphertext !== 'string') throw new WireError(400, 'envelope');
  return ciphertext;
}

/** The ciphertext. */
export function readXmlEnvelope(body: string): string {
  if (body.trimStart().startsWith('{')) {
    throw new WireError(400, 'json-at-app', '自建应用的地址收到了 JSON：这是智能机器人的回调，请核对管理后台里两处 URL 是否填反');
  }
  const ciphertext = parseXml(body)['Encrypt'];
  if (typeof ciphertext !== 'string') throw new WireError(400, 'envelope');
  return ciphertext;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireError(400, 'json');
  }
}

/** What is inside `<xml>`. An element that came twice is a list. */
export function parseXml(text: string): XmlNode {
  refuseDeclarations(text);
  try {
    if (XMLValidator.validate(text) === true) {
      const { xml }: XmlNode = parser.parse(text);
      if (typeof xml === 'object' && !Array.isArray(xml)) return xml;
    }
  } catch {
    // The parser refuses deep nesting and names such as __proto__ by throwing.
  }
  throw new WireError(400, 'xml');
}

/** DOCTYPE, entities and comments: the only `<!` that WeCom sends opens a CDATA section. */
function refuseDeclarations(xml: string): void {
  for (let at = xml.indexOf('<!'); at >= 0; at = xml.indexOf('<!', at)) {
    if (!xml.startsWith('<![CDATA[', at)) throw new WireError(400, 'xml');
    at = xml.indexOf(']]>', at);
    if (at < 0) throw new WireError(400, 'xml');
  }
}

export function jsonEnvelope(sealed: Sealed): string {
  return JSON.stringify(sealed);
}

export function xmlEnvelope({ encrypt, msgsignature, timestamp, nonce }: Sealed): string {
  return buildXml({ Encrypt: encrypt, MsgSignature: msgsignature, TimeStamp: timestamp, Nonce: nonce });
}

/** A list becomes repeated siblings (protocol C.4); characters that XML forbids are left out. */
export function buildXml(content: { readonly [name: string]: XmlValue | undefined }): string {
  return element('xml', content);
}

function element(name: string, value: XmlValue | undefined): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((each) => element(name, each)).join('');
  if (typeof value === 'object') {
    const inner = Object.entries(value).map(([child, each]) => element(child, each));
    return `<${name}>${inner.join('')}</${name}>`;
  }
  return `<${name}>${typeof value === 'string' ? cdata(value) : value}</${name}>`;
}

export function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function cdata(text: string): string {
  const legal = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
  return `<![CDATA[${legal.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
