type Payload = Record<string, unknown>;

/**
 * From one version of one event type to the next. Pure and synchronous: it runs on every read. In the place of a protected
 * value stands an opaque object, which it may move but neither read, copy nor drop: erasure must not change what it does.
 */
export type Upcaster = (payload: Payload) => Payload;

/** One step at a time, from the version that was stored to today's. Stored bytes are never rewritten. */
export class Upcasters {
  /** Keys are `type/version`: the version that the step starts from. */
  constructor(private readonly steps: ReadonlyMap<string, Upcaster> = new Map()) {}

  /** Throws when the stored version is newer than ours or a step is missing. */
  lift(schema: string, payload: Payload, target: { readonly type: string; readonly version: number }): Payload {
    const [, type, stored] = /^([^/]+)\/([1-9]\d*)$/.exec(schema) ?? [];
    let version = Number(stored);
    if (type !== target.type) throw new Error(`its schema ${schema} is not one of ${target.type}`);
    if (version > target.version) throw new Error(`its schema ${schema} is newer than this version of the software`);
    let current = payload;
    for (; version < target.version; version++) {
      const step = this.steps.get(`${type}/${version}`);
      if (step === undefined) throw new Error(`there is no step from ${type}/${version} to ${type}/${version + 1}`);
      current = step(current);
    }
    return current;
  }
}

/** The steps of the ledger's own events. None yet: every type is at its first version. */
export const LEDGER_UPCASTERS = new Upcasters();
