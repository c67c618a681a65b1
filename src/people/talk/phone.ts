/** 查手机: the only way a phone number is ever shown whole, and every look leaves its audit row. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { person } from '../../bot/slots/person.ts';
import { refuse } from '../../kernel/refusal.ts';
import { sealedPhone } from '../store.ts';
import { administrator } from '../who.ts';
import { onePerson } from './find.ts';

export const lookUpPhone = defineIntent({
  name: 'phone.look',
  title: '查手机号',
  help: '“查手机号 周晓燕”：看完整号码，每次都有记录',
  says: ['查手机号 周晓燕', '查一下周晓燕的手机号', '查手机号'],
  near: ['李大勇电话多少'],
  matches: [
    sure`(?:查|看)(?:一下)?(?:手机号码?|手机|电话)\s*(?<person>\S{2,64})`,
    sure`(?:查|看)(?:一下)?\s*(?<person>\S{2,64}?)的(?:手机号码?|手机|电话)`,
    sure`(?:查|看)(?:一下)?(?:手机号码?|手机|电话)`,
  ],
  who: administrator,
  where: 'private',
  slots: { person: person('姓名', '查谁的手机号？请回复姓名。') },
  async run(ctx, said) {
    const found = await onePerson(ctx, said.person);
    const sealed = (await sealedPhone(ctx, found.id)) ?? refuse('phone.none', `名册里没有${found.name}的手机号。`);
    ctx.record(found.name, { looked: found.id });
    return { text: `${found.name}：${ctx.vault.open(sealed)}\n这次查看已经记录。`, secret: true };
  },
});
