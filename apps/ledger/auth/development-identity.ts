import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Stands in for access control: everybody on this machine is one random user. Who recorded a fact comes from here, never
 * from the input. The id is kept beside the ledger; no name belongs to it.
 */
export class DevelopmentIdentity {
  readonly userId: string;

  /** Throws when the file holds no identity: another id would look like another user. */
  constructor(folder: string) {
    const file = join(folder, 'development-identity.json');
    if (!existsSync(file)) writeWhole(file, JSON.stringify({ userId: randomUUID() }));
    this.userId = userIdIn(readFileSync(file, 'utf8')) ?? refuse(file);
  }
}

/** All of it or nothing, whatever happens meanwhile. */
const writeWhole = (file: string, content: string): void => {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
};

const userIdIn = (json: string): string | undefined => {
  try {
    const { userId } = JSON.parse(json) as { userId?: unknown };
    return typeof userId === 'string' && UUID.test(userId) ? userId : undefined;
  } catch {
    return undefined;
  }
};

const refuse = (file: string): never => {
  throw new Error(
    `${file} holds no user id ({"userId":"<lower-case UUID>"}): restore it from a backup, or delete it, and new facts are recorded by a new user id`,
  );
};
