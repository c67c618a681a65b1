/** Finding whom somebody means, and which of their offices. For the own chat: refusals name people and organisations. */
import type { Organisation, Person, Standing } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { refuse } from '../../kernel/refusal.ts';
import { isNear, isSuperior, OFFICES } from '../rules.ts';
import { namesNear, peopleCalled } from '../store.ts';

/** Everybody the words may mean: 周晓燕, or 周晓燕（明视眼镜） for the one there. @throws Refusal when there is nobody */
async function everybody(ctx: Ctx, words: string): Promise<Person[]> {
  const [, name = words, where] = /^(.+?)（(.+)）$/u.exec(words) ?? [];
  const found = await peopleCalled(ctx, name);
  if (found.length === 0) {
    const near = await namesNear(ctx, name);
    const way =
      near.length === 0 ? '请核对姓名，或请系统管理员登记' : `您说的是不是${near.join('、')}？是的话请用这个名字再说一遍`;
    refuse('person.unknown', `名册里没有找到“${name}”。${way}。`);
  }
  const there = ({ organisation }: Standing) =>
    where !== undefined && (organisation.name.includes(where) || organisation.shortName.includes(where));
  const chosen = where === undefined ? found : found.filter((person) => person.standings.some(there));
  return chosen.length > 0 ? chosen : refuse('person.unknown', `没有在“${where}”的“${name}”。`);
}

function only(found: readonly Person[], words: string): Person {
  const [first, second] = found;
  if (first && !second) return first;
  const list = found.map((person) => `${person.name}（${person.standings[0]?.organisation.shortName ?? ''}）`).join('、');
  return refuse('person.several', `有${found.length}位“${words}”：${list}。请带上单位再说一遍。`);
}

export async function onePerson(ctx: Ctx, words: string): Promise<Person> {
  return only(await everybody(ctx, words), words);
}

/** Somebody who can take over at that organisation. @throws Refusal when there is none, several, or it is the holder */
export async function successor(ctx: Ctx, words: string, organisation: Organisation, holder: string): Promise<Person> {
  const found = await everybody(ctx, words);
  const near = found.filter((person) => person.standings.some((standing) => isNear(standing.organisation, organisation)));
  if (near.length === 0)
    refuse(
      'person.elsewhere',
      `“${words}”不在${organisation.shortName}，也不在它的上下级组织，不能接这个身份。请先在名册里登记，或换一个人。`,
    );
  const person = only(near, words);
  return person.id === holder ? refuse('person.self', `这个身份本来就是${person.name}的，请说要交给谁。`) : person;
}

export type Office = { readonly holder: Person; readonly standing: Standing };

/** The office it is about: the actor's own, or that of somebody below. @throws Refusal */
export async function office(ctx: Ctx, from: string | undefined): Promise<Office> {
  const { actor } = ctx;
  if (from === undefined) return { holder: actor, standing: actor.standing };
  const found = await everybody(ctx, from);
  const offices = found.flatMap((holder) =>
    holder.standings
      .filter((standing) => !standing.isLent && (OFFICES as readonly string[]).includes(standing.role))
      .filter((standing) => (holder.id === actor.id ? standing.id === actor.standing.id : isSuperior(actor.standing, standing)))
      .map((standing) => ({ holder, standing })),
  );
  const [first, second] = offices;
  if (!first) return refuse('office.not-below', `“${from}”没有归您管的职务，只能由本人或上级来办。`);
  if (second)
    return refuse(
      'office.several',
      `“${from}”有几个归您管的职务：${offices.map((o) => o.standing.title).join('、')}。请本人来办。`,
    );
  return first;
}
