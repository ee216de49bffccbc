import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for access control: everybody on this machine is one random user. Who recorded a fact comes from here, never
 * from the input. The id is kept beside the ledger; no name belongs to it.
 */
export class DevelopmentIdentity {
  readonly userId: string;

  constructor(folder: string) {
    const file = join(folder, 'development-identity.json');
    if (!existsSync(file)) writeFileSync(file, JSON.stringify({ userId: randomUUID() }), { mode: 0o600 });
    this.userId = (JSON.parse(readFileSync(file, 'utf8')) as { userId: string }).userId;
  }
}
