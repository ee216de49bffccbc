import { z } from 'zod';

/** Something done to the record, or to a register beside it, that is no fact about the world. */
export interface Act {
  /** Stored event type, kebab-case and past tense. PascalCase and UPPER_CASE are derived from it. */
  readonly type: string;
  readonly version: number;
  /** Imperative, kebab-case: the command and the mutation. Absent: it follows from another command alone. */
  readonly command: string | undefined;
  readonly title: string;
  /** For the catalogue and the schema, with the legal source where there is one. */
  readonly description: string;
  /** The field with the id of what it makes; drawn from the command where the caller gives none. */
  readonly makes: string | undefined;
  readonly schema: z.ZodObject;
}

interface Spec {
  readonly command?: string;
  readonly title: string;
  readonly description: string;
  readonly makes?: string;
  readonly fields: Readonly<Record<string, z.ZodType>>;
}

export const act = (type: string, { command, title, description, makes, fields }: Spec): Act => ({
  type,
  version: 1,
  command,
  title,
  description,
  makes,
  schema: z.strictObject(fields),
});
