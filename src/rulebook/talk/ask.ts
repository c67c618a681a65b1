/** 问规定: answered only with stored text, its clause and its version; what is not written is said so, and a person asked. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { showValue, type Parameters } from '../../bot/parameter.ts';
import { sure } from '../../bot/pattern.ts';
import type { Button, Reply } from '../../bot/reply.ts';
import { because } from '../../bot/slot.ts';
import { text } from '../../bot/slots/text.ts';
import { tap } from '../../bot/tap.ts';
import { CORE } from '../../nlu/core.ts';
import { anybody, parameters } from '../../people/index.ts';
import { PLACES, type Book, type Clause } from '../book.ts';

const ASK = 'policy.ask';
/** Of what was asked, as it is repeated. */
const REPEATED = 40;

/** @param declared what `{审核时限}` in a clause may stand for */
export function askIntent(book: Book, declared: Parameters, ways: readonly Button[]) {
  return defineIntent({
    name: ASK,
    title: '问规定',
    help: '“规定 没人认领怎么办”：查规定怎么说，带条号',
    says: ['规定 没人认领怎么办', '查规定 什么是A类需求', '问一下规定：谁可以认领', '查规定'],
    near: ['我想入党', '我要请假', '谁还没交党费', '没有党员怎么办'],
    matches: [
      sure`(?:我想)?(?:查|问|看)?(?:一下|下)?(?:规定|制度|办法)(?:里)?(?:怎么说)?[：:，, ]+(?<about>.+)`,
      sure`(?:查|问|看)(?:一下|下)?(?:规定|制度|办法)`,
    ],
    who: anybody,
    where: 'anywhere',
    slots: {
      about: because(
        text('问题', '想查哪一条规定？请用一句话说，比如“没人认领怎么办”。', { max: 200 }),
        '我按您的话去找写着的规定，找不到就说没有，不会猜。',
      ),
    },
    reads: true,
    hears: (words) => ({ about: words }),
    async run(ctx, { about }): Promise<Reply> {
      const found = book.find(about);
      const [place, ...others] = found;
      if (!place) return { card: { title: '没有规定', quote: unwritten(about), buttons: [...ways] } };
      if (!('intent' in place) && others.length === 0) return { text: await quoted(ctx, place, declared) };
      const buttons = found.map((each): Button =>
        'intent' in each
          ? { text: each.title, tap: tap(each.intent, each.said) }
          : { text: `第${each.no}条`, tap: tap(ASK, { about: each.title }) },
      );
      const lines = found.map((each) => ('intent' in each ? each.title : `第${each.no}条 ${each.title}`));
      return { card: { title: '您问的是哪一条？', quote: lines.join('\n'), buttons: [...buttons, ...ways] } };
    },
  });
}

async function quoted(ctx: Ctx, { no, text: words, book, version }: Clause, declared: Parameters): Promise<string> {
  const named = new Map(Object.entries(declared).map(([key, { label }]) => [label, key]));
  const keys = [...words.matchAll(PLACES)].map(([, label = '']) => named.get(label) as string);
  const values = await parameters(ctx, Object.fromEntries(keys.map((key) => [key, declared[key]!])));
  const filled = words.replace(PLACES, (_, label: string) => {
    const key = named.get(label) as string;
    return showValue(declared[key]!, values[key]!);
  });
  return `${filled}\n——《${book}》第${no}条，${version}`;
}

function unwritten(about: string): string {
  const asked = [...about].length > REPEATED ? `${[...about].slice(0, REPEATED).join('')}…` : about;
  return `“${asked}”：我这里存的规定没有写，我不猜。惠企政策${CORE[ASK]?.meanwhile?.replace(/^政策/u, '') ?? ''}别的事请问您单位的党支部书记，或说“转人工”。`;
}
