import { refuse } from '../../kernel/refusal.ts';
import type { Slot } from '../slot.ts';

/** A person by name or account, and where to look for them when the name is not enough. */
const FORM = /^@?([\p{L}\p{N}·•_.-]{2,64}?)(?:同志)?(?:\s*[（(]\s*([^（）()]{1,60}?)\s*[）)])?$/u;

/** Words for one person: 周晓燕, @周晓燕, or 周晓燕（明视眼镜） where there are two. Who that is, the matter itself finds out. */
export function person(label: string, ask: Slot<string>['ask']): Slot<string> {
  return {
    label,
    ask,
    free: true,
    parse(said) {
      const [, name = '', where] = FORM.exec(said.trim()) ?? [];
      if (!name) refuse('person.form', `${label}请说姓名或账号；重名的在后面加上单位，如“周晓燕（明视眼镜）”。`);
      return where === undefined ? name : `${name}（${where}）`;
    },
    say: (value) => value,
    show: (value) => value,
  };
}
