/** 星级: evidence in, a rating out. */
import { defineModule } from '../bot/module.ts';
import { closeNotices } from './jobs.ts';
import { gap, mine } from './talk/mine.ts';
import { appeal, change, confirm, propose, rule } from './talk/rate.ts';
import { record } from './talk/record.ts';
import { STAR_CREDIT, STAR_PARAMETERS } from './words.ts';

export const stars = defineModule({
  name: 'stars',
  title: '星级',
  intents: [mine, gap, record, propose, confirm, appeal, rule, change],
  parameters: { ...STAR_PARAMETERS, ...STAR_CREDIT },
  jobs: [closeNotices],
});

export { eraseEvidence, recordEvidence, starsOf } from './store.ts';
export { creditTable, starWord } from './text.ts';
