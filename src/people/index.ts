/** 组织、人、身份: who exists and what they may act as. */
export { createPeople } from './people.ts';
export { parameters } from './params.ts';
export { holders, lockPerson, organisation, type Holder } from './store.ts';
export { anybody, holding } from './who.ts';
export { called, ORGANISATION_KIND, ROLE, type OrganisationKind, type Role } from './words.ts';
export { seedDemo } from './seed.ts';
export { DEMO_GROUPS, demoDirectory } from './demo.ts';
