import { z } from 'zod';
import { count, described, idOf, list, oneOf, record, text, token, worded } from '../schema/fields';
import { Actor } from './actor';
import { KnowledgeField, OccurrenceField } from './times';

export const Manner = oneOf(
  'Manner',
  {
    stated: 'Said plainly by whoever speaks.',
    reported: 'Passed on by somebody else, without reserve.',
    claimed: 'Passed on as the claim of whoever speaks.',
    hedged: 'Said with a reserve: "we understand that".',
    confirmed: 'Confirmed on being asked.',
    asked: 'Put as a question.',
  },
  'How the source put it. Whether it is contested is never part of the fact: that follows from the view.',
);

export const Source = described(
  z.strictObject({
    document: token('The document, by the reference under which it is kept.'),
    line: count('Line in the document, counted from 1.').optional(),
    locator: text(300, 'Where in the document, in words: page, section, timestamp.').optional(),
  }),
  { shape: 'source', description: 'Where this stands.' },
);
export type Source = z.infer<typeof Source>;

export const Identity = oneOf(
  'Identity',
  {
    shown: 'The source itself shows that it is the same one.',
    assumed: 'That it is the same one is an assumption of the recorder.',
  },
  'Whether this actor is the one who appears under the same id elsewhere. Of an individual it is assumed unless said.',
);

const statement = text(8000, 'What the source says, as the recorder put it.');

/** What every fact carries besides its kind's own fields. Three clocks: `occurred`, `known`, and `recorded`, which only the server sets. */
export const FACT_FIELDS = {
  incidentId: idOf('incident', 'The incident.'),
  factId: idOf('fact', 'The fact. From the caller, or derived from the command.'),
  reference: token("The recorder's own number for it, such as a row of a spreadsheet.").optional(),
  occurred: worded('When it happened in the world.', OccurrenceField),
  known: worded(
    'Who knew it, since when: at least one knower.',
    z.array(KnowledgeField).min(1, 'needs at least one knower').max(50),
  ),
  source: worded('Where it stands.', Source),
  actor: worded('Whose act or statement it is.', Actor),
  manner: worded('How the source put it.', Manner),
  via: worded(
    'Who told whom, from whoever said it first to the author of the source; empty: that author speaks for itself.',
    z.array(Actor).max(20),
  ),
  statement,
  quoted: text(300, 'A fragment of the source in its own words, where the wording itself matters.').optional(),
  note: text(2000, "The recorder's remark on it.").optional(),
  partOf: idOf('fact', 'The communication of which this statement is a part.').optional(),
  sameThingAs: idOf('fact', 'The fact of which this is a second assertion: one thing, not two.').optional(),
  restates: list(
    idOf('fact', 'A fact whose wording it takes up.'),
    20,
    'Facts that this one puts into other words: their wordings are compared. Each stays an assertion and a thing of its own.',
  ).optional(),
  identity: Identity.optional(),
} as const;

export const FactFields = z.strictObject(FACT_FIELDS);
export type FactFields = z.infer<typeof FactFields>;
export type Known = FactFields['known'];

/** What a correction may change besides the statement. A kind's own fields are corrected by retracting and recording anew. */
export const Changes = record(
  'FactChanges',
  {
    occurred: FACT_FIELDS.occurred.optional(),
    known: FACT_FIELDS.known.optional(),
    source: FACT_FIELDS.source.optional(),
    actor: FACT_FIELDS.actor.optional(),
    manner: FACT_FIELDS.manner.optional(),
    quoted: FACT_FIELDS.quoted,
    note: FACT_FIELDS.note,
  },
  'What a correction changes besides the statement; what is absent stays as it was.',
);
export type Changes = z.infer<typeof Changes>;

/** A stored fact of any kind, as far as code that serves all kinds looks into it. */
export interface AnyFact extends FactFields {
  readonly corrects?: string;
  readonly retracts?: string;
  readonly learned?: string;
  readonly nature?: 'substance' | 'transcription';
  readonly reason?: FactFields['statement'];
  readonly changes?: Changes;
}

/** The payload of a readable event of a kind of fact: its schema has been asserted when it was decoded. */
export const factOf = (event: { readonly payload: Readonly<Record<string, unknown>> }): AnyFact =>
  event.payload as unknown as AnyFact;
