import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { MAX_SUBSCRIPTIONS } from '../../apps/ledger/graphql/common/sockets';
import { MAX_TOKENS } from '../../apps/ledger/graphql/transport';
import { sample, SAMPLE_INCIDENT_ID } from '../seed-case/sample';
import { startLedger, type LedgerServer } from '../support/ledger-server';

jest.setTimeout(60_000);

const SAMPLE_FACTS = sample.filter(({ mutation }) => mutation.startsWith('record')).length;
const ENTRIES = `subscription ($after: Position, $fromFirst: Boolean, $incidentId: ID) {
  entriesRecorded(after: $after, fromFirst: $fromFirst, incidentId: $incidentId) { position entry { id sequence incident { id } } }
}`;

let ledger: LedgerServer;
beforeAll(async () => {
  ledger = await startLedger();
  await ledger.loadSample();
});
afterEach(() => Connection.closeAll());
afterAll(() => ledger.stop());

interface Entry {
  readonly position: string;
  readonly entry: { readonly id: string; readonly sequence: string; readonly incident: { readonly id: string } };
}
interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: any;
}

/** A connection that speaks graphql-transport-ws and remembers all that it was told. */
class Connection {
  private static readonly opened: Connection[] = [];
  readonly messages: Message[] = [];
  private wake: () => void = () => undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as Message);
      this.wake();
    });
    socket.on('close', () => this.wake());
  }

  static async open(headers: Record<string, string> = {}): Promise<Connection> {
    const socket = new WebSocket(`${ledger.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const connection = new Connection(socket);
    await once(socket, 'open');
    Connection.opened.push(connection);
    connection.send({ type: 'connection_init' });
    await connection.until(() => connection.messages.some(({ type }) => type === 'connection_ack'));
    return connection;
  }

  static async closeAll(): Promise<void> {
    await Promise.all(Connection.opened.splice(0).map((connection) => connection.close()));
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(variables: object = {}, id = '1', query = ENTRIES): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  entries(id = '1'): Entry[] {
    return this.messages
      .filter((message) => message.type === 'next' && message.id === id)
      .map(({ payload }) => payload.data.entriesRecorded as Entry);
  }

  errors(id = '1'): { message: string; extensions?: { code?: string } }[] {
    return this.messages.flatMap((message) => (message.type === 'error' && message.id === id ? message.payload : []));
  }

  /** Waits for what the messages so far must show; fails after 10 seconds. */
  async until(holds: () => boolean): Promise<void> {
    const limit = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > limit)
        throw new Error(`waited in vain; received ${JSON.stringify(this.messages).slice(0, 500)}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 100).unref();
      });
    }
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await once(this.socket, 'close');
  }
}

const record = async (incidentId = SAMPLE_INCIDENT_ID): Promise<void> => {
  const day = { zone: 'Europe/London', local: '2021-10-29' };
  const answer = await ledger.send('recordClaim', {
    commandId: randomUUID(),
    incidentId,
    occurred: { moment: day },
    known: [{ by: { role: 'PUBLIC', id: 'public' }, when: day }],
    source: { document: 'S1' },
    actor: { role: 'MEDIA', id: 'LabourList' },
    manner: 'CLAIMED',
    statement: 'One more.',
  });
  expect(answer.__typename).toBe('ClaimRecorded');
};

const openIncident = async (): Promise<string> => {
  const incidentId = `inc_${randomUUID()}`;
  await ledger.send('openIncident', {
    commandId: randomUUID(),
    incidentId,
    reference: 'another',
    title: 'Another',
    controller: { role: 'CONTROLLER', id: 'labour' },
    zone: 'Europe/London',
  });
  return incidentId;
};

/** How many entries the read models hold. */
const recorded = (): number => ledger.resources.views.timeline.entries(0, 1_000_000, 100_000).length;

/** How many followers the read models call. */
const listeners = (): number =>
  (ledger.resources.views as unknown as { runners: { listeners: Set<unknown> }[] }).runners.reduce(
    (sum, runner) => sum + runner.listeners.size,
    0,
  );
const settled = async (expected: number): Promise<void> => {
  const limit = Date.now() + 5_000;
  while (listeners() !== expected && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(listeners()).toBe(expected);
};

describe('entriesRecorded', () => {
  test('catches up from the beginning in order, then follows', async () => {
    const connection = await Connection.open();
    connection.subscribe({ fromFirst: true });
    await connection.until(() => connection.entries().length >= SAMPLE_FACTS);
    const caughtUp = connection.entries().length;
    await record();
    await record();
    await connection.until(() => connection.entries().length >= caughtUp + 2);
    const sequences = connection.entries().map(({ entry }) => Number(entry.sequence));
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    const positions = connection.entries().map(({ position }) => ledger.positions.open(position, 'position'));
    expect(positions).toEqual([...positions].sort());
  });

  test('without a position it follows from now on', async () => {
    const connection = await Connection.open();
    const before = listeners();
    connection.subscribe();
    await connection.until(() => listeners() > before);
    await record();
    await connection.until(() => connection.entries().length === 1);
  });

  test('resumed after the position of the last entry, wherever that was, it loses and doubles nothing', async () => {
    const whole = await Connection.open();
    whole.subscribe({ fromFirst: true });
    await whole.until(() => whole.entries().length === recorded());
    const all = whole.entries().map(({ entry }) => entry.id);
    const cuts = [0, 1, Math.floor(all.length / 2), all.length - 2];
    const resumed = await Connection.open();
    for (const [index, cut] of cuts.entries()) {
      resumed.subscribe({ after: whole.entries()[cut]?.position }, `r${index}`);
      await resumed.until(() => resumed.entries(`r${index}`).length >= all.length - cut - 1);
      expect([...all.slice(0, cut + 1), ...resumed.entries(`r${index}`).map(({ entry }) => entry.id)]).toEqual(all);
    }
  });

  test('a subscriber that is cut off again and again while facts arrive sees each of them once', async () => {
    const seen: Entry[] = [];
    const start = await ledger.resources.store.readAll({ limit: 1000 });
    let after = ledger.positions.seal(start.at(-1)!.position);
    const recording = (async () => {
      for (let n = 0; n < 20; n++) await record();
    })();
    while (seen.length < 20) {
      const connection = await Connection.open();
      connection.subscribe({ after });
      await connection.until(() => connection.entries().length >= Math.min(3, 20 - seen.length));
      connection.socket.terminate();
      seen.push(...connection.entries());
      after = seen.at(-1)?.position as string;
    }
    await recording;
    const sequences = seen.map(({ entry }) => Number(entry.sequence));
    expect(sequences).toHaveLength(20);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  test('of one incident only', async () => {
    const incidentId = await openIncident();
    const connection = await Connection.open();
    connection.subscribe({ fromFirst: true, incidentId });
    await record(incidentId);
    await record();
    await record(incidentId);
    await connection.until(() => connection.entries().length >= 2);
    expect(connection.entries().map(({ entry }) => entry.incident.id)).toEqual([incidentId, incidentId]);
  });

  test('stops when it is completed, and the connection goes on', async () => {
    const connection = await Connection.open();
    const before = listeners();
    connection.subscribe({}, 'a');
    connection.subscribe({}, 'b');
    await connection.until(() => listeners() >= before + 2);
    const both = listeners();
    connection.send({ id: 'a', type: 'complete' });
    await settled(before + (both - before) / 2);
    await record();
    await connection.until(() => connection.entries('b').length === 1);
    expect(connection.entries('a')).toHaveLength(0);
  });
});

describe('nothing stays behind', () => {
  test('when a socket closes or breaks, also while nothing happens, and also when an id was used twice', async () => {
    await settled(0);
    for (const end of ['close', 'terminate'] as const) {
      const connection = await Connection.open();
      for (const id of ['a', 'b', 'a', 'c']) connection.subscribe({}, id);
      await connection.until(() => listeners() > 0 && listeners() % 4 === 0);
      connection.socket[end]();
      await settled(0);
    }
  });

  test('when a client opens more than one connection may hold', async () => {
    const connection = await Connection.open();
    for (let n = 0; n <= MAX_SUBSCRIPTIONS; n++) connection.subscribe({}, `s${n}`);
    await connection.until(() => connection.errors(`s${MAX_SUBSCRIPTIONS}`).length > 0);
    expect(connection.errors(`s${MAX_SUBSCRIPTIONS}`)[0]?.extensions?.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    for (let n = 0; n < MAX_SUBSCRIPTIONS; n++) connection.send({ id: `s${n}`, type: 'complete' });
    await settled(0);
    connection.subscribe({}, 'again');
    await connection.until(() => listeners() > 0);
    expect(connection.errors('again')).toEqual([]);
    await connection.close();
    await settled(0);
  });

  test('when the server stops under its subscribers', async () => {
    const own = ledger;
    ledger = await startLedger();
    try {
      const connection = await Connection.open();
      connection.subscribe({ fromFirst: true });
      await connection.until(() => listeners() > 0);
      const closed = once(connection.socket, 'close');
      await ledger.stop();
      await closed;
    } finally {
      ledger = own;
    }
  });
});

describe('what comes over a WebSocket keeps to the same rules', () => {
  const refused = async (query: string, variables: object = {}): Promise<(string | undefined)[]> => {
    const connection = await Connection.open();
    connection.subscribe(variables, '1', query);
    await connection.until(() => connection.errors().length > 0 || connection.socket.readyState === WebSocket.CLOSED);
    await connection.close();
    expect(connection.messages.filter(({ type }) => type === 'next')).toEqual([]);
    expect(JSON.stringify(connection.messages)).not.toMatch(/node_modules|\.[jt]s:\d|sqlite|TypeError/i);
    return connection.errors().map(({ extensions }) => extensions?.code);
  };

  test('queries and mutations are not taken', async () => {
    expect(await refused('{ ledger { resolved { sequence } } }')).toHaveLength(1);
    const before = (await ledger.resources.store.readAll({ limit: 1000 })).length;
    await refused(
      `mutation { registerParty(input: { commandId: "${randomUUID()}", partyId: "x", name: "x", sort: ORGANISATION }) { __typename } }`,
    );
    expect((await ledger.resources.store.readAll({ limit: 1000 })).length).toBe(before);
  });

  test('an unknown field, a malformed id, two operations', async () => {
    expect(await refused('subscription { entriesRecorded { colour } }')).toEqual(['BAD_QUERY']);
    expect(await refused('subscription { entriesRecorded(incidentId: "x") { position } }')).toEqual(['BAD_ARGUMENT']);
    expect(
      await refused('subscription A { entriesRecorded { position } } subscription B { entriesRecorded { position } }'),
    ).toHaveLength(1);
  });

  test('too deep, too costly, too long', async () => {
    const deep = Array.from({ length: 25 }).reduce<string>((inner) => `partOf { ... on Fact { ${inner} } }`, 'id');
    expect(await refused(`subscription { entriesRecorded { entry { ... on Fact { ${deep} } } } }`)).toEqual([
      'TOO_DEEP',
    ]);
    const doubling = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on RecordedEntry { ...F${n + 1} ...F${n + 1} }`,
    );
    expect(
      await refused(
        `subscription { entriesRecorded { ...F0 } } ${doubling.join(' ')} fragment F40 on RecordedEntry { position }`,
      ),
    ).toEqual(['TOO_COSTLY']);
    const long = `subscription { entriesRecorded { ${'position '.repeat(MAX_TOKENS)} } }`;
    expect(await refused(long)).toHaveLength(1);
  });

  test('what fails inside is told as INTERNAL, and no more', async () => {
    const broken = jest.spyOn(ledger.resources.views.timeline, 'entries').mockImplementation(() => {
      throw new Error(`SELECT * FROM ${ledger.data}/views.db`);
    });
    const quiet = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const codes = await refused('subscription { entriesRecorded { position } }');
    broken.mockRestore();
    quiet.mockRestore();
    expect(codes).toEqual(['INTERNAL']);
  });

  test('a page of another origin cannot open one', async () => {
    for (const origin of ['https://example.org', 'null', 'http://127.0.0.1:1'])
      await expect(Connection.open({ origin })).rejects.toThrow('403');
    const own = await Connection.open({ origin: ledger.url });
    await own.close();
  });

  test('malformed messages and messages over 1 MiB end the connection, not the server', async () => {
    for (const text of [
      '{',
      'null',
      '[]',
      '{"type":"subscribe","id":"1"}',
      JSON.stringify({ type: 'x', pad: 'x'.repeat(1_100_000) }),
    ]) {
      const connection = await Connection.open();
      connection.socket.send(text);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await connection.close();
    }
    expect((await ledger.gql('{ __typename }')).data).toEqual({ __typename: 'Query' });
    await settled(0);
  });
});
