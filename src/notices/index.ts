/** 提醒: what reaches whom and when. Every other module only says what there is to tell. */
import { defineModule } from '../bot/module.ts';
import { digest } from './jobs.ts';
import { less, mine, mute, restore } from './talk/setting.ts';
import { NOTICE_PARAMETERS } from './words.ts';

export const notices = defineModule({
  name: 'notices',
  title: '提醒',
  intents: [less, mute, restore, mine],
  parameters: NOTICE_PARAMETERS,
  jobs: [digest],
});

export { arrangeNotices } from './arrange.ts';
export { byDay } from './rules.ts';
