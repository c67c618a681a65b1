/** 组织、人、身份: who exists and what they may act as. */
import { defineModule } from '../bot/module.ts';
import { able, mine as abilities, unable } from './talk/abilities.ts';
import { compareContacts } from './contacts.ts';
import { admit, listMembers, release } from './talk/alliance.ts';
import { parameters, UNDO } from './params.ts';
import { RETENTION, retention } from './retention.ts';
import { apply, preview, undo, upload } from './roster/talk.ts';
import { bindGroup, unbindGroup } from './talk/bind.ts';
import { handOver } from './talk/hand-over.ts';
import { lend, recall } from './talk/lend.ts';
import { mine } from './talk/mine.ts';
import { secretary } from './talk/secretary.ts';
import { lookUpPhone } from './talk/phone.ts';
import { lookUpTail } from './talk/tail.ts';
import { cards, textOnly } from './talk/text-only.ts';

export const people = defineModule({
  name: 'people',
  title: '名册与身份',
  intents: [
    mine,
    secretary,
    lend,
    recall,
    handOver,
    bindGroup,
    unbindGroup,
    upload,
    preview,
    apply,
    undo,
    lookUpPhone,
    lookUpTail,
    textOnly,
    cards,
    admit,
    release,
    listMembers,
    able,
    unable,
    abilities,
  ],
  parameters: { ...RETENTION, ...UNDO },
  undoMinutes: async (ctx) => (await parameters(ctx, UNDO))['talk.undo_m'],
  jobs: [compareContacts, retention],
});

export { createPeople } from './people.ts';
export { dataOf } from './talk/data.ts';
export { onePerson } from './talk/find.ts';
export { policyOf } from './talk/policy.ts';
export { invariants, invariantsOf } from './invariants.ts';
export { answersFor, countyOf, loosely } from './rules.ts';
export { parameters } from './params.ts';
export {
  abilitiesOf,
  alliancesAround,
  alliancesOf,
  below,
  boundTo,
  countiesOf,
  enterprisesOf,
  everyHolder,
  firmsOf,
  groupsOf,
  holders,
  holdersAmong,
  isHere,
  lockPerson,
  members,
  organisation,
  organisationNamed,
  organisationsLike,
  peopleLike,
  type Firm,
  type Holder,
  type Member,
} from './store.ts';
export { placeSlot, skillsSlot } from './slots.ts';
export { administrator, anybody, holding } from './who.ts';
export { actsFor, called, COUNTY_ROLES, ORGANISATION_KIND, ROLE, type OrganisationKind, type Role } from './words.ts';
export { createReconciliation, LIST_CONTACTS, type Contacts } from './contacts.ts';
export { applyRoster, planRoster, propose, readRoster, undoRoster } from './roster/roster.ts';
export { exportRoster, templateRoster } from './roster/files.ts';
export { detail, isEmpty } from './roster/text.ts';
export { enrolDemo, latestDemo, seedDemo } from './seed.ts';
export { DEMO_GROUPS, demoDirectory } from './demo.ts';
