/** 技能, 地点: what somebody can do or is wanted to, and where. */
import type { Slot } from '../bot/slot.ts';
import { refuse } from '../kernel/refusal.ts';
import { isSkill, SKILL, skillsIn } from './rules.ts';

/** In one breath. */
const SKILLS = 6;
const PLACE_LENGTH = 20;

/** 电工、急救; 无 for none. */
export function skillsSlot(ask: string): Slot<readonly string[]> {
  const show = (skills: readonly string[]) => skills.join('、');
  return {
    label: '技能',
    ask,
    parse(said) {
      const skills = skillsIn(said);
      if (skills.length > SKILLS) refuse('skills.many', `技能最多说${SKILLS}样，请挑最要紧的。`);
      const wrong = skills.find((skill) => !isSkill(skill));
      if (wrong !== undefined || (skills.length === 0 && !NONE.test(said.trim())))
        refuse(
          'skills.form',
          `技能请说简短的词，每样不超过${SKILL.length}个字，如“电工、急救”。没看懂“${said.trim().slice(0, 20)}”。`,
        );
      return skills;
    },
    say: show,
    show,
  };
}

const NONE = /^(?:无|没有|不要|不用|不限)$/u;

export function placeSlot(ask: string): Slot<string> {
  return {
    label: '地点',
    ask,
    parse(said) {
      const place = said.replace(/\s+/gu, '').replace(/^在(?=.{2})/u, '');
      if (!/^[\p{L}\p{N}（）()·-]{2,}$/u.test(place) || [...place].length > PLACE_LENGTH)
        refuse('place.form', `地点请说2到${PLACE_LENGTH}个字的地名，如“瞿溪”。没看懂“${said.trim().slice(0, 20)}”。`);
      return place;
    },
    say: (place) => place,
    show: (place) => place,
  };
}
