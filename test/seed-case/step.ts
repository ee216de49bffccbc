import { v5 } from 'uuid';
import { COMMAND_NAMESPACE } from './ids';

/** One GraphQL mutation and its input, as it goes over the wire. */
export interface Step {
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The id of the command that does this: always the same, so that a second import is recognised. */
export const commandId = (subject: string): string => v5(subject, COMMAND_NAMESPACE);
