/** What comes in, kind by kind (protocol A.5, A.6, C.2, C.3): its meaning, or what is refused. */
import { describe, expect, test } from 'vitest';
import { readAppCallback } from '../../src/wecom/app.ts';
import { readBotCallback, writeBotAnswer } from '../../src/wecom/aibot.ts';
import { refused } from './refused.ts';

const BOT = { id: 'aibDEMO0001', name: '小秘' };
const CORP = 'wwDEMOCORP';

describe('the robot', () => {
  const group = { msgid: 'M-1', aibotid: BOT.id, chatid: 'wrDEMOCHAT01', chattype: 'group', from: { userid: 'li.si' } };
  const single = { msgid: 'M-1', aibotid: BOT.id, chattype: 'single', from: { userid: 'li.si' } };
  const words = (content: string) => ({ msgtype: 'text', text: { content } });
  const read = (message: object) => readBotCallback(JSON.stringify(message), BOT);
  const text = (message: object) => {
    const callback = read(message);
    return callback.kind === 'message' && 'text' in callback.incoming ? callback.incoming.text : undefined;
  };
  const event = (eventtype: string, details: object = {}) => ({ ...single, msgtype: 'event', event: { eventtype, ...details } });
  const click = { card_type: 'vote_interaction', event_key: 'a.b?', task_id: 't-1' };

  test('a message in a group', () => {
    expect(read({ ...group, response_url: 'https://x', ...words('@小秘 明天10点') })).toEqual({
      kind: 'message',
      incoming: {
        id: 'M-1',
        from: 'li.si',
        chat: { kind: 'group', id: 'wrDEMOCHAT01' },
        channel: 'bot.group',
        text: '明天10点',
      },
      images: [],
      responseUrl: 'https://x',
    });
  });

  test.each([
    ['@小秘 你好', '你好'],
    ['@小秘\u2005你好', '你好'],
    [' @小秘', ''],
    ['@小秘 发给 user@H323 和 @王五', '发给 user@H323 和 @王五'],
    ['请 @小秘 看', '请 @小秘 看'],
    ['@小秘 @小秘', '@小秘'],
  ])('%j says %j: only its own name, once, from the front', (content, said) => {
    expect(text({ ...group, ...words(content) })).toBe(said);
  });

  test.each<[string, object, string | undefined]>([
    ['text', words('需求 C-2026-0001 已放进需求库'), 'C-2026-0001'],
    ['voice', { msgtype: 'voice', voice: { content: 'C-2026-0001 到哪了' } }, 'C-2026-0001'],
    [
      'words and a picture',
      { msgtype: 'mixed', mixed: { msg_item: [words('F-2026-0002'), { msgtype: 'image', image: { url: 'u' } }] } },
      'F-2026-0002',
    ],
    ['the same number twice', words('C-2026-0001 C-2026-0001'), 'C-2026-0001'],
    ['two numbers', words('C-2026-0001 C-2026-0002'), undefined],
    ['a longer number', words('XC-2026-00011'), undefined],
    ['a picture', { msgtype: 'image', image: { url: 'u' } }, undefined],
    ['a file', { msgtype: 'file', file: { url: 'u' } }, undefined],
    ['of no known shape', { msgtype: 'text', text: 'C-2026-0001' }, undefined],
  ])('quoting %s: the one number in it', (_, quote, number) => {
    const callback = read({ ...single, ...words('到哪了'), quote });
    expect(callback.kind === 'message' && callback.incoming.quoted).toBe(number);
  });

  test('of words, pictures and what is unknown, the words and nine pictures are taken', () => {
    const pictures = Array.from({ length: 10 }, (_, n) => ({ msgtype: 'image', image: { url: `u${n}` } }));
    const msg_item = [pictures[0], words('@小秘 看这张图'), { msgtype: 'file', file: { url: 'f' } }, ...pictures.slice(1)];
    const callback = read({ ...group, msgtype: 'mixed', mixed: { msg_item } });
    expect(callback).toMatchObject({
      incoming: { text: '看这张图' },
      images: pictures.slice(0, 9).map(({ image }) => image.url),
    });
  });

  test.each<[string, object, object]>([
    ['words heard', { msgtype: 'voice', voice: { content: '报需求' } }, { kind: 'message', incoming: { text: '报需求' } }],
    ['nothing heard', { msgtype: 'voice', voice: { content: ' ' } }, { kind: 'declined', what: 'voice' }],
    ['a picture', { msgtype: 'image', image: { url: 'u' } }, { kind: 'message', images: ['u'] }],
    ['a file', { msgtype: 'file', file: { url: 'u' } }, { kind: 'file', url: 'u' }],
    ['a video', { msgtype: 'video', video: { url: 'u' } }, { kind: 'declined', what: 'video' }],
    ['what is not known', { msgtype: 'hologram' }, { kind: 'declined', what: 'other' }],
    ['a refresh', { msgtype: 'stream', stream: { id: 's' } }, { kind: 'poll', stream: 's', place: 'single' }],
  ])('%s', (_, content, callback) => expect(read({ ...single, ...content })).toMatchObject(callback));

  test.each<[string, object]>([
    ['one selected', { selected_item: { question_key: 'day', option_ids: { option_id: 'mon' } } }],
    ['a list of one', { selected_item: [{ question_key: 'day', option_ids: { option_id: ['mon'] } }] }],
  ])('a press, %s', (_, selected_items) => {
    const pressed = { ...click, selected_items };
    for (const details of [{ template_card_event: pressed }, pressed])
      expect(read(event('template_card_event', details))).toMatchObject({
        kind: 'click',
        taskId: 't-1',
        cardType: 'vote_interaction',
        incoming: { tap: 'a.b?', card: 't-1', picked: { day: ['mon'] } },
      });
  });

  test('an opened chat, also without its kind; a rating; an event of tomorrow', () => {
    const { chattype: _, ...bare } = event('enter_chat');
    expect(read(bare)).toMatchObject({ kind: 'entered', incoming: { chat: { kind: 'single', id: 'li.si' } } });
    expect(read(event('feedback_event', { feedback_event: { id: 'f', type: 2 } }))).toEqual({ kind: 'silent' });
    expect(read(event('tomorrow_event'))).toEqual({ kind: 'silent', event: 'tomorrow_event' });
  });

  test('what nobody sent is not answered', () => {
    expect(read({ ...single, ...words('你好'), from: { userid: 'sys' } })).toEqual({ kind: 'silent' });
  });

  test.each<[string, object, string]>([
    ['another robot', { ...single, aibotid: 'aibOTHER', ...words('x') }, 'aibotid'],
    ['a group without a name', { ...group, chatid: undefined, ...words('x') }, 'chatid'],
    ['no sender', { ...single, from: undefined, ...words('x') }, 'shape'],
    ['no id', { ...single, msgid: undefined, ...words('x') }, 'shape'],
    ['a task id that is none', event('template_card_event', { template_card_event: { ...click, task_id: 'a.b' } }), 'shape'],
  ])('%s: refused', (_, message, code) => expect(refused(() => read(message))).toBe(code));

  test('while it is not known which robot is ours, any is', () => {
    expect(readBotCallback(JSON.stringify({ ...single, aibotid: 'aibOTHER', ...words('x') }), { name: '小秘' }).kind).toBe(
      'message',
    );
  });

  test('a long answer is cut at 20,480 bytes, between characters', () => {
    const { stream } = writeBotAnswer({ text: '党'.repeat(7_000) }, 'M-1', '小秘') as { stream: { content: string } };
    expect(stream.content).toBe('党'.repeat(6_826));
  });
});

describe('the app', () => {
  const xml = (type: string, rest: string, { from = 'zhang.san', to = CORP, at = 1_760_000_400 } = {}) =>
    `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${at}</CreateTime>` +
    `<MsgType><![CDATA[${type}]]></MsgType>${rest}<AgentID>1000002</AgentID></xml>`;
  const read = (type: string, rest: string, more = {}) => readAppCallback(xml(type, rest, more), CORP);
  const event = (name: string, rest = '<EventKey></EventKey>', more = {}) =>
    read('event', `<Event><![CDATA[${name}]]></Event>${rest}`, more);
  const pressed =
    '<EventKey><![CDATA[a.b?]]></EventKey><TaskId>t-1</TaskId><CardType>button_interaction</CardType><ResponseCode>RC</ResponseCode>';

  test('words, with an id that no number holds', () => {
    expect(read('text', '<Content><![CDATA[同意]]></Content><MsgId>7234567890123456789</MsgId>')).toEqual({
      kind: 'message',
      incoming: {
        id: '7234567890123456789',
        from: 'zhang.san',
        chat: { kind: 'single', id: 'zhang.san' },
        channel: 'app.single',
        text: '同意',
      },
    });
  });

  test('a picture, by the id it is fetched with', () => {
    expect(read('image', '<PicUrl>p</PicUrl><MediaId>M</MediaId><MsgId>1</MsgId>')).toMatchObject({
      kind: 'message',
      media: 'M',
    });
  });

  test.each(['voice', 'video', 'location', 'link', 'file'])('a %s is declined by its name', (type) => {
    expect(read(type, '<MediaId>M</MediaId><MsgId>1</MsgId>')).toEqual({ kind: 'declined', from: 'zhang.san', what: type });
  });

  test('what is not known is declined', () => {
    expect(read('hologram', '<MsgId>1</MsgId>')).toMatchObject({ kind: 'declined', what: 'other' });
  });

  test.each(['template_card_event', 'template_card_menu_event'])('%s is a press', (name) => {
    expect(event(name, pressed)).toMatchObject({
      kind: 'click',
      taskId: 't-1',
      responseCode: 'RC',
      incoming: { tap: 'a.b?', card: 't-1' },
    });
  });

  test('two different events of one second have two ids, and a repeat has the same', () => {
    const id = (key: string) => {
      const callback = event('click', `<EventKey>${key}</EventKey>`);
      return callback.kind === 'message' && callback.incoming.id;
    };
    expect(id('a')).not.toBe(id('b'));
    expect(id('a')).toBe(id('a'));
  });

  test.each(['unsubscribe', 'view', 'view_miniprogram', 'LOCATION', 'batch_job_result'])('%s says nothing', (name) => {
    expect(event(name)).toEqual({ kind: 'silent' });
  });

  test.each(['scancode_push', 'pic_weixin', 'location_select', 'sys_approval_change'])('%s is kept', (name) => {
    expect(event(name)).toEqual({ kind: 'silent', event: name });
  });

  test('what WeCom itself says: somebody came or left, the app is about to be switched off', () => {
    expect(event('change_contact', '<ChangeType>delete_user</ChangeType>', { from: 'sys' })).toEqual({
      kind: 'silent',
      contacts: true,
    });
    expect(event('inactive_alert', '<EffectTime>1</EffectTime>', { from: 'sys' })).toEqual({
      kind: 'silent',
      event: 'inactive_alert',
    });
  });

  test.each([
    ['another company', () => read('text', '<Content>x</Content><MsgId>1</MsgId>', { to: 'wwOTHER' }), 'corp'],
    ['no id', () => read('text', '<Content>x</Content>'), 'shape'],
    [
      'a press without its card',
      () => event('template_card_event', '<EventKey>a</EventKey><ResponseCode>RC</ResponseCode>'),
      'shape',
    ],
  ])('%s: refused', (_, attempt, code) => expect(refused(attempt)).toBe(code));
});
