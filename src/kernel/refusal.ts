/** What goes wrong, divided by whom it concerns: a Refusal is for the person, everything else is for us. */

/** They may not, or it made no sense. The sentence is shown to them; the code is for tests and figures. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.name = 'Refusal';
    this.code = code;
  }
}

export function refuse(code: string, sentence: string): never {
  throw new Refusal(code, sentence);
}

/** WeCom, Redis or a model could not be reached: worth another try later. */
export class Unavailable extends Error {
  constructor(what: string, options?: { cause?: unknown }) {
    super(what, options);
    this.name = 'Unavailable';
  }
}
