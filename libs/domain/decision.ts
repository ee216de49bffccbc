/** Something that happened, in clear, not yet written: only the codec encrypts. */
export interface DomainEvent {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An expected "no" that only the caller needs: a value, never an exception. Codes are listed in `docs/guides/errors.md`. */
export interface Rejection {
  readonly rejected: true;
  readonly code: RejectionCode;
  /** Path of the input field that is refused. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export const REJECTIONS = {
  'incident-not-found': 'No such incident is on record.',
  'incident-exists': 'An incident with this id was opened before.',
  'fact-not-found': 'No such fact is on record in this incident.',
  'fact-exists': 'A fact with this id was recorded by another command.',
  'fact-retracted': 'The fact was retracted; record it anew instead.',
  'not-correctable': 'A correction or retraction is not corrected: retract it, or correct the fact again.',
  'key-not-found': 'One of the keys protects nothing in this incident.',
  'gap-exists': 'A gap with this id is on record already.',
  'gap-not-found': 'No such gap is on record in this incident.',
  'gap-closed': 'The gap was closed; open another one.',
  'contested-question-exists': 'A contested question with this id is on record already.',
  'contested-question-not-found': 'No such contested question is on record in this incident.',
  'stance-not-found': 'The fact takes no stance on this question.',
  'same-thing': 'Something cannot be linked to itself.',
  'party-exists': 'A party with this id is registered already.',
  'party-not-found': 'No such party is registered.',
  'agreement-exists': 'An agreement with this id is on record already.',
  'agreement-not-found': 'No such agreement is on record for this party.',
  'contact-exists': 'A contact point with this id is on record already.',
  'contact-not-found': 'No such contact point is on record for this party.',
  'stream-unreadable': 'The stream holds an event that this version of the software cannot read: upgrade it.',
} as const;
export type RejectionCode = keyof typeof REJECTIONS;

/**
 * The first event is what the command itself asks for; events behind it follow from it and the state.
 * An empty list: the goal already holds.
 */
export type Decision = readonly DomainEvent[] | Rejection;

export const reject = (code: RejectionCode, ...path: (string | number)[]): Rejection => ({
  rejected: true,
  code,
  path,
  message: REJECTIONS[code],
});

export const isRejection = (decision: Decision): decision is Rejection => 'rejected' in decision;

/**
 * One kind of stream: what its events make of its state. `evolve` never throws and ignores what it does not know.
 * It may use up the state it is given (folding 5,000 facts must not copy 5,000 maps), so the old one is not used again.
 */
export interface Aggregate<State> {
  initial(): State;
  evolve(state: State, event: DomainEvent): State;
}
