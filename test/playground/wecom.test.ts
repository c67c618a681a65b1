/** The simulated WeCom keeps the platform's rules, against a bot of a few lines. */
import { describe, expect, test } from 'vitest';
import { AGENT, aWecom, card, field, nothing } from './fake-bot.ts';
import type { BotMessage } from './fake-bot.ts';

const GROUP = { group: 'wrGroup' };
const stream = (id: string, content: string, finish = true): object => ({
  msgtype: 'stream',
  stream: { id, finish, content },
});
const cardAnswer = (...given: Parameters<typeof card>): object => ({
  msgtype: 'template_card',
  template_card: card(...given),
});
const cardMessage = (touser: string, ...given: Parameters<typeof card>): object => ({
  touser,
  agentid: AGENT,
  msgtype: 'template_card',
  template_card: card(...given),
});
const textMessage = (touser: string, content: string): object => ({
  touser,
  agentid: AGENT,
  msgtype: 'text',
  text: { content },
});
const rules = (wecom: { violations: readonly { words: string }[] }): string[] => wecom.violations.map(({ words }) => words);

describe('the robot', () => {
  test('in a group only what mentions the robot arrives, with the mention and the chat', async () => {
    const heard: BotMessage[] = [];
    const { wecom } = await aWecom({ bot: (message) => (heard.push(message), stream(message.msgid, '好的')) });

    const unheard = await wecom.say('li', '大家好', GROUP);
    expect(unheard).toMatchObject({ status: 0, bubbles: [], refused: '群里只有 @党建助手 的消息才会送到机器人' });
    const said = await wecom.say('li', '@党建助手 看需求', GROUP);

    expect(said).toMatchObject({ status: 200, bubbles: [{ from: 'bot', kind: 'markdown', text: '好的' }] });
    expect(heard).toMatchObject([
      { chatid: 'wrGroup', chattype: 'group', from: { userid: 'li' }, text: { content: '@党建助手 看需求' } },
    ]);
    expect(wecom.bubbles('wang', GROUP).map(({ text }) => text)).toEqual(['大家好', '@党建助手 看需求', '好的']);
    expect((await wecom.say('zhao', '@党建助手 看需求', GROUP)).refused).toBe('zhao 不在这个群里');
    expect(wecom.violations).toEqual([]);
  });

  test('a stream is asked for until it is finished, and shows its last whole text', async () => {
    let asked = 0;
    const { wecom } = await aWecom({
      bot: ({ msgtype }) => (msgtype === 'stream' ? stream('s1', '查到'.repeat(++asked), asked === 3) : stream('s1', '', false)),
    });
    const { bubbles } = await wecom.say('li', '看需求', 'bot');
    expect(bubbles).toMatchObject([{ text: '查到查到查到', stream: { id: 's1', finish: true } }]);
    expect(wecom.wire.map(({ what }) => what)).toEqual(['li：看需求', ...Array<string>(3).fill('刷新流式消息')]);
  });

  test('a stream that never finishes, or changes its id, is a violation', async () => {
    const { wecom } = await aWecom({
      bot: ({ msgtype, text }) => (msgtype === 'stream' ? stream('s1', '', false) : stream(text?.content ?? '', '', false)),
    });
    expect((await wecom.say('li', 's1', 'bot')).refused).toBe('流式消息 6 分钟内没有结束');
    expect((await wecom.say('li', 's2', 'bot')).refused).toBe('刷新应答的 stream.id 不对');
    expect(wecom.violations).toHaveLength(2);
  });

  test('three streams open at once to one person are a violation: the next words would not arrive', async () => {
    const { wecom } = await aWecom({
      bot: ({ msgtype, msgid, stream: open }) => stream(msgtype === 'stream' ? (open?.id ?? '') : msgid, '', false),
    });
    await Promise.all(['一', '二', '三'].map((words) => wecom.say('li', words, 'bot')));
    expect(rules(wecom).filter((words) => words.includes('3 条流式消息没有结束'))).toHaveLength(1);
  });

  test('an update with userids changes only what these people see; without, what everybody sees', async () => {
    const { wecom } = await aWecom({
      bot: ({ event, from }) => {
        const click = event?.template_card_event;
        if (!click) return cardAnswer('t-1');
        const userids = click.event_key === 'yes' ? { userids: [from.userid.toUpperCase()] } : {};
        return {
          response_type: 'update_template_card',
          ...userids,
          template_card: card(click.task_id, { replace_text: click.event_key }),
        };
      },
    });
    const [asked] = (await wecom.say('li', '@党建助手 报需求', GROUP)).bubbles;
    const bubble = asked?.id ?? '';
    const stampFor = (user: string): string | undefined => wecom.bubbles(user, GROUP).at(-1)?.card?.replace_text;

    await wecom.press('wang', bubble, '同意');
    expect([stampFor('wang'), stampFor('li')]).toEqual(['yes', undefined]);
    expect((await wecom.press('wang', bubble, '驳回')).refused).toBe('这张卡片上没有能按的「驳回」');
    await wecom.press('li', bubble, '驳回');
    expect([stampFor('wang'), stampFor('li')]).toEqual(['no', 'no']);
    expect((await wecom.press('wang', bubble, '同意', { stale: true })).status).toBe(200);
    await expect(wecom.press('zhao', bubble, '同意')).rejects.toThrow('看不到');
    expect(wecom.violations).toEqual([]);
  });

  test('selections come with the click: what was picked, else what was preset', async () => {
    const clicks: unknown[] = [];
    const { wecom } = await aWecom({
      bot: ({ event }) => {
        if (!event?.template_card_event) {
          const option_list = ['A', 'B'].map((id) => ({ id, text: id }));
          return cardAnswer('t-1', {
            button_selection: { question_key: 'class', title: '类别', selected_id: 'B', option_list },
          });
        }
        clicks.push(event.template_card_event.selected_items?.selected_item);
        return undefined;
      },
    });
    const bubble = (await wecom.say('li', '报需求', 'bot')).bubbles[0]?.id ?? '';
    await wecom.press('li', bubble, 'yes');
    await wecom.press('li', bubble, 'yes', { picked: { class: 'A' } });
    expect(clicks).toEqual(['B', 'A'].map((id) => [{ question_key: 'class', option_ids: { option_id: [id] } }]));
    await expect(wecom.press('li', bubble, 'yes', { picked: { class: 'Z' } })).rejects.toThrow('没有选项 Z');
  });

  test('each callback takes only its own kinds of answer', async () => {
    let answer: unknown;
    const { wecom } = await aWecom({ bot: () => answer });
    answer = { msgtype: 'text', text: { content: '您好' } };
    expect((await wecom.enter('li')).bubbles).toMatchObject([{ kind: 'text', text: '您好' }]);
    expect((await wecom.enter('li')).status).toBe(0);
    expect(await wecom.say('li', '好', 'bot')).toMatchObject({
      refused: '这种回调不能用 text 应答',
      bubbles: [{ kind: 'system', text: '（没有收到应答）' }],
    });
    answer = cardAnswer('t-1');
    const bubble = (await wecom.say('li', '好', 'bot')).bubbles[0]?.id ?? '';
    expect((await wecom.press('li', bubble, 'yes')).refused).toContain('response_type');
    answer = { response_type: 'update_template_card', template_card: card('t-2') };
    expect((await wecom.press('li', bubble, 'yes')).refused).toBe('更新卡片的 task_id 与点击的不同');
    answer = cardAnswer('t-1');
    expect((await wecom.say('li', '好', 'bot')).refused).toBe('task_id 重复：t-1');
  });

  test('a redelivered message must be answered as it was', async () => {
    let answers = 0;
    let isSteady = true;
    const { wecom } = await aWecom({ bot: () => stream(isSteady ? 's' : `s${++answers}`, '好的') });
    await wecom.say('li', '看需求', 'bot', { msgid: 'm-1' });
    expect(await wecom.say('li', '看需求', 'bot', { msgid: 'm-1' })).toMatchObject({
      status: 200,
      bubbles: [{ text: '好的' }],
    });
    await wecom.redeliver(wecom.wire[0]?.id ?? '');
    expect(wecom.bubbles('li', 'bot')).toHaveLength(2);
    isSteady = false;
    expect((await wecom.say('li', '看需求', 'bot', { msgid: 'm-1' })).refused).toBe('同一条消息重发后，应答与第一次不同');
  });

  test('no answer in time, an error, and a badly sealed answer all look the same to people; clicks are not repeated', async () => {
    let answer: unknown = 'hang';
    const { wecom } = await aWecom({ bot: () => answer });
    const silence = { bubbles: [{ kind: 'system', text: '（没有收到应答）' }] };
    expect(await wecom.say('li', '好', 'bot')).toMatchObject({ status: 0, ...silence });
    answer = { raw: '', status: 500 };
    expect(await wecom.say('li', '好', 'bot')).toMatchObject({ status: 500, ...silence });
    expect(wecom.violations).toEqual([]);
    answer = { raw: '{"encrypt":"AAAA","msgsignature":"0","timestamp":1,"nonce":"1"}' };
    expect(await wecom.say('li', '好', 'bot')).toMatchObject({ status: 200, ...silence });
    expect(rules(wecom)).toEqual(['应答的签名不对']);
    answer = cardAnswer('t-1');
    const bubble = (await wecom.say('li', '好', 'bot')).bubbles[0]?.id ?? '';
    answer = 'cut';
    const before = wecom.wire.length;
    expect(await wecom.press('li', bubble, 'yes')).toMatchObject({ status: 0, ...silence });
    expect(wecom.wire.length - before).toBe(1);
  });

  test('a forged envelope is really forged', async () => {
    const { wecom } = await aWecom({ bot: () => stream('s', '好的') });
    expect((await wecom.say('li', '好', 'bot', { token: 'another' })).status).toBe(403);
    expect((await wecom.say('li', '好', 'bot', { signature: '0'.repeat(40) })).status).toBe(403);
  });

  test('the address check is answered in clear', async () => {
    const { wecom } = await aWecom({});
    expect(await wecom.verifyUrl('bot')).toMatchObject({ ok: true, status: 200 });
    expect(await wecom.verifyUrl('app')).toMatchObject({ ok: true, status: 200 });
  });
});

describe('cards', () => {
  const six = Array.from({ length: 7 }, (_, at) => ({ text: `${at}`, key: `${at}` }));
  test.each([
    ['seven buttons', card('t', { button_list: six }), '有 7 个按钮，最多 6 个'],
    ['a long key', card('t', { button_list: [{ text: '好', key: '长'.repeat(342) }] }), '按钮「好」的 key 为空或超过 1024 字节'],
    ['a key twice', card('t', { button_list: six.slice(0, 2).map((button) => ({ ...button, key: 'k' })) }), '按钮的 key 有重复'],
    [
      'seven rows',
      card('t', { horizontal_content_list: six.map(({ text }) => ({ keyname: text, value: text })) }),
      '有 7 行要点，最多 6 行',
    ],
    ['a dot in task_id', card('li.si'), 'task_id 不合法：li.si'],
    ['a long task_id', card('t'.repeat(129)), `task_id 不合法：${'t'.repeat(129)}`],
    ['no title', card('t', { main_title: {} }), '缺标题'],
    [
      'no submit button',
      {
        card_type: 'vote_interaction',
        main_title: { title: '?' },
        task_id: 't',
        checkbox: { question_key: 'q', option_list: [{ id: 'a', text: 'a' }] },
      },
      '缺提交按钮',
    ],
    [
      'a notice that leads nowhere',
      { card_type: 'text_notice', main_title: { title: '已登记' } },
      '缺 card_action（type 1 或 2）',
    ],
    ['an unknown member', { ...card('t'), key_name: 1 }, 'Unrecognized key: "key_name"'],
  ])('%s is a violation', async (_, given, words) => {
    const { wecom, call } = await aWecom({ bot: () => ({ msgtype: 'template_card', template_card: given }) });
    expect((await wecom.say('li', '好', 'bot')).refused).toContain(words);
    const { errcode } = await call('send', {
      touser: 'li',
      agentid: AGENT,
      msgtype: 'template_card',
      template_card: given,
    });
    expect(errcode).not.toBe(0);
    expect(rules(wecom)).toEqual([expect.stringContaining(words), expect.stringContaining(words)]);
    expect(wecom.bubbles('li', 'app')).toEqual([]);
  });
});

describe('the app', () => {
  test('a message lost on the way is tried three times, an error is not', async () => {
    let tries = 0;
    const { wecom } = await aWecom({ app: () => (++tries < 3 ? 'cut' : { raw: 'success' }) });
    expect(await wecom.say('li', '待我办', 'app')).toMatchObject({ status: 200, bubbles: [] });
    expect(wecom.wire.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 0],
      [2, 0],
      [3, 200],
    ]);
    expect(new Set(wecom.wire.map(({ query }) => query['nonce'])).size).toBe(1);
    const broken = await aWecom({ app: () => ({ raw: '', status: 500 }) });
    await broken.wecom.say('li', '待我办', 'app');
    expect(broken.wecom.wire).toHaveLength(1);
  });

  test('a message may be answered with text in the response', async () => {
    const reply = (xml: string): string =>
      `<xml><ToUserName>${field(xml, 'FromUserName')}</ToUserName><FromUserName>wwDEMOCORP</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[您有 2 件待办 <好>]]></Content></xml>`;
    const { wecom } = await aWecom({ app: (xml) => ({ seal: reply(xml) }) });
    expect((await wecom.say('li', '待我办 ]]> &', 'app')).bubbles).toMatchObject([
      { from: 'app', kind: 'text', text: '您有 2 件待办 <好>' },
    ]);
    expect(wecom.wire[0]?.asked.clear).toContain('<![CDATA[待我办 ]]]]><![CDATA[> &]]>');
    expect(wecom.violations).toEqual([]);
  });

  test('a click changes the card of the one who clicked', async () => {
    const clicks: string[] = [];
    const { wecom, call } = await aWecom({
      app: (xml) => {
        clicks.push(xml);
        const body =
          field(xml, 'EventKey') === 'yes'
            ? '<MsgType>update_button</MsgType><Button><ReplaceName><![CDATA[已同意]]></ReplaceName></Button>'
            : '<MsgType>update_template_card</MsgType><TemplateCard><CardType>text_notice</CardType><MainTitle><Title><![CDATA[已驳回]]></Title></MainTitle><HorizontalContentList><KeyName>理由</KeyName><Value>重复</Value></HorizontalContentList><CardAction><Type>1</Type><Url>https://example.org</Url></CardAction></TemplateCard>';
        return {
          seal: `<xml><ToUserName>${field(xml, 'FromUserName')}</ToUserName><FromUserName>wwDEMOCORP</FromUserName><CreateTime>1</CreateTime>${body}</xml>`,
        };
      },
    });
    expect(await call('send', cardMessage('li|WANG', 't-1'))).toMatchObject({
      errcode: 0,
      invaliduser: '',
      response_code: expect.any(String),
    });
    const cardOf = (user: string): ReturnType<typeof wecom.bubbles>[number] =>
      wecom.bubbles(user, 'app')[0] ?? expect.fail('no card');

    await wecom.press('li', cardOf('li').id, '同意');
    expect([cardOf('li').card?.replace_text, cardOf('wang').card?.replace_text]).toEqual(['已同意', undefined]);
    await wecom.press('wang', cardOf('wang').id, '驳回');
    expect(cardOf('wang').card).toMatchObject({
      card_type: 'text_notice',
      main_title: { title: '已驳回' },
      horizontal_content_list: [{ keyname: '理由', value: '重复' }],
      card_action: { type: 1, url: 'https://example.org' },
    });
    expect(clicks.map((xml) => [field(xml, 'TaskId'), field(xml, 'CardType'), field(xml, 'Event')])).toEqual(
      Array<string[]>(2).fill(['t-1', 'button_interaction', 'template_card_event']),
    );
    expect(wecom.violations).toEqual([]);
  });

  test('a response_code works once, 72 hours long, for those who got the card; a click gives another', async () => {
    let fromClick = '';
    const { wecom, call, clock } = await aWecom({ app: (xml) => ((fromClick = field(xml, 'ResponseCode')), nothing) });
    const update = (response_code: unknown, ...userids: string[]): Promise<Record<string, unknown>> =>
      call('update_template_card', { userids, agentid: AGENT, response_code, button: { replace_name: '已处理' } });

    const first = await call('send', cardMessage('li|wang', 't-1'));
    const bubble = wecom.bubbles('wang', 'app')[0]?.id ?? '';
    expect(await update(first['response_code'], 'Wang', 'zhao')).toMatchObject({ errcode: 0, invaliduser: ['zhao'] });
    expect(['li', 'wang'].map((user) => wecom.bubbles(user, 'app')[0]?.card?.replace_text)).toEqual([undefined, '已处理']);
    expect(await update(first['response_code'], 'li')).toMatchObject({ errcode: 42014 });

    await wecom.press('wang', bubble, '同意', { stale: true });
    expect(await update(fromClick, 'li')).toMatchObject({ errcode: 0 });
    expect(await update(fromClick, 'li')).toMatchObject({ errcode: 42014 });

    const late = await call('send', cardMessage('li', 't-2'));
    clock.now = new Date(clock.now.getTime() + 72 * 3_600_000 + 1);
    expect(await update(late['response_code'], 'li')).toMatchObject({ errcode: 42014 });
    expect(rules(wecom)).toHaveLength(3);
  });

  test('text longer than 2048 bytes is cut between characters and noted', async () => {
    const { wecom, call } = await aWecom({});
    await call('send', textMessage('li', '党'.repeat(700)));
    expect(wecom.bubbles('li', 'app')[0]?.text).toBe('党'.repeat(682));
    expect(rules(wecom)).toEqual(['文字有 2100 字节，最多 2048']);
  });

  test('the same request is not delivered twice within its interval', async () => {
    const { wecom, call, clock } = await aWecom({});
    const message = { ...textMessage('li', '您好'), enable_duplicate_check: 1, duplicate_check_interval: 600 };
    const token = await call('send', message);
    expect(token['errcode']).toBe(0);
    expect(await call('send', message)).toMatchObject({ errcode: 0 });
    expect(wecom.bubbles('li', 'app')).toHaveLength(1);
    clock.now = new Date(clock.now.getTime() + 600_000);
    await call('send', message);
    expect(wecom.bubbles('li', 'app')).toHaveLength(2);
    expect(wecom.violations).toEqual([]);
  });

  test('tokens: wrong secret, missing, unknown, expired, forgotten', async () => {
    const { wecom, call, clock, token } = await aWecom({});
    const gettoken = (corpid: string, corpsecret: string): Promise<{ body: Record<string, unknown> }> =>
      wecom.api('GET', '/cgi-bin/gettoken', { corpid, corpsecret }, '');
    expect((await gettoken('wwDEMOCORP', 'guess')).body['errcode']).toBe(40001);
    expect((await gettoken('wwOTHER', 'secret')).body['errcode']).toBe(40013);
    expect((await call('send', textMessage('li', '好'), ''))['errcode']).toBe(41001);
    expect((await call('send', textMessage('li', '好'), 'guess'))['errcode']).toBe(40014);
    const good = await token();
    expect((await call('send', textMessage('li', '好'), good))['errcode']).toBe(0);
    clock.now = new Date(clock.now.getTime() + 7200 * 1000);
    expect((await call('send', textMessage('li', '好'), good))['errcode']).toBe(42001);
    const newer = await token();
    wecom.forgetTokens();
    expect((await call('send', textMessage('li', '好'), newer))['errcode']).toBe(40014);
  });

  test('unknown people are named in the answer, and refused when nobody is left', async () => {
    const { wecom, call } = await aWecom({});
    expect(await call('send', textMessage('LI|Nobody', '好'))).toMatchObject({ errcode: 0, invaliduser: 'nobody' });
    expect(wecom.chats('li').find(({ chat }) => chat === 'app')).toMatchObject({ unread: 1, last: { text: '好' } });
    wecom.markRead('li', 'app');
    expect(wecom.chats('li').find(({ chat }) => chat === 'app')?.unread).toBe(0);
    expect((await call('send', textMessage('nobody', '好')))['errcode']).toBe(81013);
    expect(wecom.violations).toEqual([]);
    expect((await call('send', { ...textMessage('li', '好'), agentid: 1 }))['errcode']).toBe(40056);
    expect((await call('send', textMessage('', '好')))['errcode']).toBe(82001);
    expect(wecom.violations).toHaveLength(2);
  });
});
