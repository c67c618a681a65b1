import { decrypt, getSignature } from '@wecom/crypto';
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCipher, WireError } from '../../src/wecom/crypto.ts';
import {
  buildXml,
  jsonEnvelope,
  parseXml,
  readJsonEnvelope,
  readQuery,
  readXmlEnvelope,
  xmlEnvelope,
} from '../../src/wecom/envelope.ts';
import { refused } from './refused.ts';

describe('query', () => {
  const right = { msg_signature: 's', timestamp: '1760000000', nonce: 'n' };

  test('of a message', () => expect(readQuery(right)).toEqual({ msgSignature: 's', timestamp: '1760000000', nonce: 'n' }));
  test('of a URL check, whose echostr lost its + on the way', () => {
    expect(readQuery({ ...right, echostr: 'a b+c=' })).toEqual({
      msgSignature: 's',
      timestamp: '1760000000',
      nonce: 'n',
      echostr: 'a+b+c=',
    });
  });
  test.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['no signature', { ...right, msg_signature: undefined }],
    ['an empty signature', { ...right, msg_signature: '' }],
    ['another spelling', { ...right, msg_signature: undefined, msgsignature: 's' }],
    ['no timestamp', { ...right, timestamp: undefined }],
    ['no nonce', { ...right, nonce: undefined }],
    ['two nonces', { ...right, nonce: ['1', '2'] }],
    ['a list of one signature', { ...right, msg_signature: ['s'] }],
    ['two timestamps', { ...right, timestamp: ['1', '2'] }],
    ['two echostrs', { ...right, echostr: ['1', '2'] }],
    ['an object', { ...right, nonce: { a: '1' } }],
  ])('%s: refused', (_, query) => expect(refused(() => readQuery(query))).toBe('query'));
});

describe('JSON envelope', () => {
  test.each(['{"encrypt":"afgX+/="}', '{"Encrypt":"afgX+/="}', ' {"encrypt":"afgX+/=","later":[1]}\n'])('%s', (body) => {
    expect(readJsonEnvelope(body)).toBe('afgX+/=');
  });
  test.each([
    ['', 'json'],
    ['{"encrypt":"a"', 'json'],
    ['{"encrypt":"a"}}', 'json'],
    ["{'encrypt':'a'}", 'json'],
    ['encrypt=a', 'json'],
    ['\0', 'json'],
    ['null', 'envelope'],
    ['"encrypt"', 'envelope'],
    ['["a"]', 'envelope'],
    ['{}', 'envelope'],
    ['{"encrypt":["a"]}', 'envelope'],
    ['{"encrypt":{"a":1}}', 'envelope'],
    ['{"encrypt":1}', 'envelope'],
    ['{"encrypt":null}', 'envelope'],
    ['{"encrypt":"a","Encrypt":"b"}', 'envelope'],
    ['{"__proto__":{"encrypt":"a"}}', 'envelope'],
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'envelope'],
  ])('%.40s: refused', (body, code) => expect(refused(() => readJsonEnvelope(body))).toBe(code));

  test('XML at this door: the log says which two URLs were mixed up', () => {
    expect(() => readJsonEnvelope(' <xml><Encrypt>a</Encrypt></xml>')).toThrow(/自建应用/);
    expect(refused(() => readJsonEnvelope('<xml/>'))).toBe('xml-at-bot');
  });
});

describe('XML envelope', () => {
  test.each([
    '<xml><ToUserName><![CDATA[wwDEMOCORP]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[afgX+/=]]></Encrypt></xml>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <Encrypt>afgX+/=</Encrypt>\n</xml>\n',
    '<xml><Encrypt>\n  <![CDATA[afgX+/=]]>\n</Encrypt></xml>',
  ])('%s', (body) => expect(readXmlEnvelope(body)).toBe('afgX+/='));

  test.each([
    ['two Encrypt', '<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>', 'envelope'],
    ['none', '<xml><ToUserName>a</ToUserName></xml>', 'envelope'],
    ['an empty one', '<xml/>', 'xml'],
    ['one with parts', '<xml><Encrypt><a>1</a></Encrypt></xml>', 'envelope'],
    ['deeper down', '<xml><a><Encrypt>a</Encrypt></a></xml>', 'envelope'],
  ])('%s: refused', (_, body, code) => expect(refused(() => readXmlEnvelope(body))).toBe(code));

  test('JSON at this door: the log says which two URLs were mixed up', () => {
    expect(() => readXmlEnvelope('{"encrypt":"a"}')).toThrow(/智能机器人/);
    expect(refused(() => readXmlEnvelope('{}'))).toBe('json-at-app');
  });
});

describe('inner XML', () => {
  test('text stays text, exactly', () => {
    expect(
      parseXml(
        '<xml><MsgId>7234567890123456789</MsgId><Count>00218</Count><Content><![CDATA[ a &lt; <b> & "<!--" ]]]]><![CDATA[> 😀\n]]></Content><EventKey><![CDATA[]]></EventKey></xml>',
      ),
    ).toEqual({ MsgId: '7234567890123456789', Count: '00218', Content: ' a &lt; <b> & "<!--" ]]> 😀\n', EventKey: '' });
  });

  test.each([
    ['<SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>1</OptionId></OptionIds></SelectedItem>', [['1']]],
    [
      '<SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>1</OptionId><OptionId>2</OptionId></OptionIds></SelectedItem>',
      [['1', '2']],
    ],
    [
      '<SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>1</OptionId></OptionIds></SelectedItem>'.repeat(2),
      [['1'], ['1']],
    ],
  ])('what was selected is a list, of one too', (items, options) => {
    const SelectedItem = options.map((OptionId) => ({ QuestionKey: 'q', OptionIds: { OptionId } }));
    expect(parseXml(`<xml><SelectedItems>${items}</SelectedItems></xml>`)).toEqual({ SelectedItems: { SelectedItem } });
  });

  const open = '<xml><a>';
  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON', '{"a":1}'],
    ['a DOCTYPE', '<!DOCTYPE xml><xml><a>1</a></xml>'],
    ['an external entity', '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><a>&x;</a></xml>'],
    ['a billion laughs', '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><a>&b;</a></xml>'],
    ['an entity inside', '<xml><!ENTITY x "1"><a>1</a></xml>'],
    ['a comment', '<xml><!-- a --><a>1</a></xml>'],
    ['a DOCTYPE after a CDATA section', '<xml><a><![CDATA[1]]></a></xml><!DOCTYPE xml>'],
    ['lower-case cdata', '<xml><a><![cdata[1]]></a></xml>'],
    ['an open CDATA section', '<xml><a><![CDATA[1</a></xml>'],
    ['an unclosed element', '<xml><a>1</xml>'],
    ['an unclosed root', '<xml><a>1</a>'],
    ['crossed elements', '<xml><a><b>1</a></b></xml>'],
    ['two roots', '<xml><a>1</a></xml><xml><a>2</a></xml>'],
    ['another root', '<html><a>1</a></html>'],
    ['a root of text', '<xml>1</xml>'],
    ['something after the end', '<xml><a>1</a></xml>x'],
    ['__proto__', '<xml><__proto__><admin>1</admin></__proto__></xml>'],
    ['constructor', '<xml><constructor>1</constructor></xml>'],
    ['depth', `<xml>${'<a>'.repeat(2_000)}${'</a>'.repeat(2_000)}</xml>`],
    ['many open CDATA sections', `<xml>${'<![CDATA['.repeat(7_000)}`],
    ['many open elements', open.repeat(8_000)],
    ['many blanks in a tag', `<xml><a${' '.repeat(60_000)}`],
  ])('%s: refused, soon', (_, text) => {
    const started = performance.now();
    expect(refused(() => parseXml(text))).toBe('xml');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('an entity is never replaced', () => {
    expect(parseXml('<xml><a>&amp;&x;&#65;</a></xml>')).toEqual({ a: '&amp;&x;&#65;' });
  });

  test('anything at all ends in elements or a WireError', () => {
    const pieces = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<a/>',
      '<![CDATA[',
      ']]>',
      '<!',
      '<?',
      '?>',
      '&x;',
      '1',
      ' ',
      '<a b="1">',
      '\0',
      '\ud800',
      '<',
      '>',
    );
    const texts = fc.oneof(
      fc.array(pieces).map((all) => all.join('')),
      fc.array(pieces).map((all) => `<xml><a>1</a>${all.join('')}</xml>`),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseXml(text)).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('building XML', () => {
  test('a card, to the byte: lists are repeated siblings, numbers are bare, what is undefined is left out', () => {
    expect(
      buildXml({
        ToUserName: 'li.si',
        CreateTime: 1_760_000_000,
        TemplateCard: {
          MainTitle: { Title: '审批', Desc: undefined },
          ButtonList: [
            { Text: '同意', Style: 1, Key: 'a' },
            { Text: '驳回', Style: 3, Key: 'b' },
          ],
          JumpList: [],
        },
      }),
    ).toBe(
      '<xml><ToUserName><![CDATA[li.si]]></ToUserName><CreateTime>1760000000</CreateTime><TemplateCard><MainTitle><Title><![CDATA[审批]]></Title></MainTitle>' +
        '<ButtonList><Text><![CDATA[同意]]></Text><Style>1</Style><Key><![CDATA[a]]></Key></ButtonList>' +
        '<ButtonList><Text><![CDATA[驳回]]></Text><Style>3</Style><Key><![CDATA[b]]></Key></ButtonList></TemplateCard></xml>',
    );
  });

  test.each([
    ['a]]>b', '<![CDATA[a]]]]><![CDATA[>b]]>'],
    [']]>]]>', '<![CDATA[]]]]><![CDATA[>]]]]><![CDATA[>]]>'],
    ['a\0b\u0008c\ud800d\ufffee\u{1F600}', '<![CDATA[abcde\u{1F600}]]>'],
    ['', '<![CDATA[]]>'],
  ])('%j', (text, cdata) => expect(buildXml({ Content: text })).toBe(`<xml><Content>${cdata}</Content></xml>`));

  test('no text gets out of its element: another parser and ours read it back', () => {
    const texts = fc.string({
      unit: fc.constantFrom(']', '>', '<', '&', ']]>', '<![CDATA[', '</Content>', '"', '党', '😀', ' ', '\n', 'amp;'),
      maxLength: 40,
    });
    const other = new XMLParser({ cdataPropName: 'cdata', preserveOrder: true, trimValues: false });
    fc.assert(
      fc.property(texts, (text) => {
        const xml = buildXml({ Content: text, After: 1 });
        expect(parseXml(xml)).toEqual({ Content: text, After: '1' });
        const [{ xml: children }] = other.parse(xml) as [{ xml: Record<string, { cdata: { '#text': string }[] }[]>[] }];
        expect(children.map((child) => Object.keys(child)[0])).toEqual(['Content', 'After']);
        expect(children[0]!['Content']!.map((part) => part.cdata[0]!['#text']).join('')).toBe(text);
      }),
    );
  });
});

describe('reply envelopes', () => {
  const KEYS = { token: 'DemoToken2026', aesKey: 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg', receiveId: 'wwDEMOCORP' };
  const sealed = createCipher(KEYS).seal('{"a":"甲"}', 1_760_000_101, '7788990011');

  test('JSON: the four names of protocol A.7', () => {
    const envelope = JSON.parse(jsonEnvelope(sealed)) as Record<string, unknown>;
    expect(Object.keys(envelope)).toEqual(['encrypt', 'msgsignature', 'timestamp', 'nonce']);
    expect(envelope).toMatchObject({ timestamp: 1_760_000_101, nonce: '7788990011' });
    expect(decrypt(KEYS.aesKey, String(envelope['encrypt'])).message).toBe('{"a":"甲"}');
  });

  test('XML: the four names of protocol C.4', () => {
    const signed = getSignature(KEYS.token, 1_760_000_101, '7788990011', sealed.encrypt);
    expect(xmlEnvelope(sealed)).toBe(
      `<xml><Encrypt><![CDATA[${sealed.encrypt}]]></Encrypt><MsgSignature><![CDATA[${signed}]]></MsgSignature><TimeStamp>1760000101</TimeStamp><Nonce><![CDATA[7788990011]]></Nonce></xml>`,
    );
  });
});
