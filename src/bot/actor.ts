/** Whom the bot talks with, as far as the conversation engine knows people. `people/` fills these shapes in. */
import type { Tx } from '../db/db.ts';

export type Organisation = {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
  readonly parent?: Organisation;
  /** For an enterprise: the Party organisation that looks after it. */
  readonly partyOrganisation?: Organisation;
};

/** 身份: a role in an organisation. */
export type Standing = {
  readonly id: string;
  readonly role: string;
  /** As people read it: 力西特党支部书记. */
  readonly title: string;
  readonly organisation: Organisation;
  /** How its holder is called when acting in it: 林书记, or 周同志（受林书记委托） in one that is lent. */
  readonly called?: string;
  /** 委托: it is somebody else's, for a time. */
  readonly isLent?: boolean;
};

export type Person = {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Surname and role, all a group may read (rules.md 1.0): 林书记. */
  readonly called: string;
  readonly standings: readonly Standing[];
  /** Reads where no card is shown (protocol F). */
  readonly textOnly?: boolean;
};

/** A person in the standing they act in. */
export type Actor = Person & { readonly standing: Standing };

export interface People {
  /** May be a few seconds old: good for talking, not for acting. */
  find(userId: string, now: Date): Promise<Person | undefined>;
  /** As the transaction sees it: asked again at the moment of acting. */
  read(tx: Tx, userId: string, now: Date): Promise<Person | undefined>;
}

/** Which standings qualify for an intent, and what everybody else is told: why not, and whom to ask. */
export type Who = {
  standings(person: Person): readonly Standing[];
  readonly otherwise: string;
  /** Told instead where what was said tells more. */
  otherwiseFor?(said: Readonly<Record<string, string>>): string | undefined;
  /** The matter itself decides which standing counts (a reviewer of one library), so 以谁的身份 is not asked. */
  readonly bySubject?: boolean;
};

/** Who acts when a timer or a script does. */
export const SYSTEM: Actor = {
  id: 'system',
  userId: '',
  name: '系统',
  called: '系统',
  standings: [],
  standing: { id: 'system', role: 'SYSTEM', title: '系统', organisation: { id: '', name: '', shortName: '', kind: '' } },
};
