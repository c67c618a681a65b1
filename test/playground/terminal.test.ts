/** The terminal twin, fed by a script. */
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runTerminal } from '../../src/playground/terminal.ts';
import { AGENT, aWecom, card } from './fake-bot.ts';

test('a script chooses a person, says, selects, presses, and hears of app messages', async () => {
  const picked: unknown[] = [];
  const { wecom, call } = await aWecom({
    bot: async ({ event }) => {
      if (event?.eventtype === 'enter_chat') return undefined;
      const click = event?.template_card_event;
      if (!click) {
        const option_list = ['A 类', 'B 类'].map((id) => ({ id, text: id }));
        return {
          msgtype: 'template_card',
          template_card: card('t-1', { button_selection: { question_key: 'q', title: '类别', option_list } }),
        };
      }
      picked.push(click.selected_items?.selected_item);
      await call('send', { touser: 'wang', agentid: AGENT, msgtype: 'text', text: { content: '有新需求' } });
      return { response_type: 'update_template_card', template_card: card('t-1', { replace_text: '已建单' }) };
    },
  });
  const output = new PassThrough();
  const input = Readable.from(['/我是 li\n/群\n没有提到\n@党建助手 报需求\n/选 1 2\n', '/按 9\n/按 1\n/不懂\n/退出\n/群\n']);
  await runTerminal({ wecom, examples: [], input, output });
  output.end();
  const lines = (await text(output)).split('\n');

  expect(lines).toContain('— li · 群 —');
  expect(lines).toContain('  （群里只有 @党建助手 的消息才会送到机器人）');
  expect(lines).toContain('  │ [1 同意] [2 驳回]');
  expect(lines).toContain('  没有这个按钮，例：/按 1');
  expect(lines).toContain('  ✉ wang（wang）收到应用消息：有新需求');
  expect(lines).toContain('  │ 〔已建单〕');
  expect(lines).toContain('  没有这个操作，/帮助 看怎么用');
  expect(picked).toEqual([[{ question_key: 'q', option_ids: { option_id: ['B 类'] } }]]);
  expect(lines.filter((line) => line === '— li · 群 —')).toHaveLength(1);
  expect(wecom.violations).toEqual([]);
});
