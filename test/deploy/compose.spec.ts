import 'reflect-metadata';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { Script } from 'node:vm';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readConfig } from '../../apps/ledger/config';
import { loudly, ownEventStoreDb } from '../stores/real-eventstoredb';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly command?: readonly string[];
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(join(root, 'apps/ledger/Dockerfile'), 'utf8');
const PASSWORDS = ['CLUSTER_ADMIN_PASSWORD', 'CLUSTER_OPS_PASSWORD', 'CLUSTER_LEDGER_PASSWORD'] as const;
const given = Object.fromEntries(PASSWORDS.map((name, index) => [name, `correct-horse_${index}00`]));
const ACCEPTED = 'i-accept-that-anyone-can-read-and-write';

/** The two forms that the file uses: `${NAME:-default}` and `$$`. */
const VARIABLE = /\$\$|\$\{(\w+):-([^}]*)\}/g;

/** As Compose fills variables in: in every value, whatever the profile. */
const fill = (value: unknown, env: Readonly<Record<string, string>>): unknown => {
  if (typeof value === 'string')
    return value.replace(VARIABLE, (form, name: string, otherwise: string) =>
      form === '$$' ? '$' : env[name] || otherwise,
    );
  if (Array.isArray(value)) return value.map((entry) => fill(entry, env));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [fill(key, env), fill(entry, env)]));
};

const compose = fill(parse(text, { merge: true }), given) as Compose;
const services = Object.entries(compose.services);
const named = (name: string): Service => {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
};
/** Runs once and ends. */
const isTask = ({ restart }: Service): boolean => restart === 'no';
const ledgers = services.filter(([, service]) => service.build !== undefined && !isTask(service));
const databases = services.filter(([, { environment }]) => environment?.['EVENTSTORE_TELEMETRY_OPTOUT'] !== undefined);
/** Everything that must have been started, or have ended well, before `name` is. */
const needs = (name: string): string[] =>
  Object.keys(named(name).depends_on ?? {}).flatMap((needed) => [needed, ...needs(needed)]);

describe('docker-compose.yml', () => {
  it('fits the schema of the Compose specification', () => {
    const folder = dirname(createRequire(__filename).resolve('dclint/package.json'));
    const schema = JSON.parse(readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8')) as {
      $schema?: string;
    };
    // It names draft 7 by another address than the one that ajv knows.
    delete schema.$schema;
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    void validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { ledger: { image: 1 } } })).toBe(false);
  });

  it('names what it holds', () => {
    expect(services.map(([name]) => name).sort()).toEqual(
      [
        ...['cluster-access', 'cluster-setup', 'eventstore', 'ledger', 'ledger-cluster'],
        ...['node1', 'node2', 'node3'],
      ].sort(),
    );
    expect(ledgers.map(([name]) => name)).toEqual(['ledger', 'ledger-cluster']);
    expect(databases.map(([name]) => name)).toEqual(['eventstore', 'node1', 'node2', 'node3']);
  });

  it('keeps its volumes wherever the folder is', () => {
    expect(compose.name).toBe('incident-ledger');
  });

  it('refers to services, networks and volumes that exist, and to each of them', () => {
    const volumes = services.flatMap(([, service]) => (service.volumes ?? []).map((volume) => volume.split(':')[0]));
    const networks = services.flatMap(([, service]) => service.networks ?? []);
    expect([...new Set(volumes)].sort()).toEqual(Object.keys(compose.volumes).sort());
    expect([...new Set(networks)].sort()).toEqual(Object.keys(compose.networks).sort());
    for (const [name] of services) expect(() => needs(name)).not.toThrow();
  });

  it('starts the single node by default and the cluster as a profile, neither needing the other', () => {
    const standard = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(standard.sort()).toEqual(['eventstore', 'ledger']);
    for (const name of standard) expect(standard).toEqual(expect.arrayContaining(needs(name)));
    for (const [name, { profiles }] of services)
      if (profiles !== undefined) {
        expect(profiles).toEqual(['cluster']);
        expect(needs(name).filter((needed) => standard.includes(needed))).toEqual([]);
      }
  });

  it('publishes the ledgers only, on the loopback address of the host only, on different ports', () => {
    for (const [name, { ports, network_mode: mode }] of services) {
      expect(mode).not.toBe('host');
      if (ledgers.some(([ledger]) => ledger === name)) expect(ports).toHaveLength(1);
      else expect(ports).toBeUndefined();
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:4000$/);
    }
    expect(new Set(ledgers.flatMap(([, { ports }]) => ports)).size).toBe(2);
  });

  it('keeps the databases on networks without a way out', () => {
    for (const [, { networks = [] }] of databases)
      for (const network of networks) expect(compose.networks[network]).toMatchObject({ internal: true });
  });

  it('watches the health of everything that stays up', () => {
    for (const [, service] of services.filter(([, other]) => !isTask(other))) {
      const own = service.healthcheck?.test?.length;
      if (service.build === undefined) expect(own).toBeGreaterThan(1);
      else expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    }
    for (const [, { depends_on: dependencies = {} }] of services)
      for (const [needed, { condition }] of Object.entries(dependencies))
        expect(condition).toBe(isTask(named(needed)) ? 'service_completed_successfully' : 'service_healthy');
  });

  it('keeps keys and logs in named volumes', () => {
    for (const [, { volumes = [], environment }] of ledgers)
      expect(volumes.some((volume) => volume.endsWith(`:${environment?.['LEDGER_DATA']}`))).toBe(true);
    const logs = databases.map(([, { volumes = [] }]) =>
      volumes.find((volume) => volume.endsWith(':/var/lib/eventstore')),
    );
    expect(new Set(logs).size).toBe(databases.length);
    expect(logs).not.toContain(undefined);
  });

  it('shows the key of the certificate authority to the service that makes it only', () => {
    const seeing = services.filter(([, { volumes = [] }]) => volumes.some((volume) => /^cluster-ca:/.test(volume)));
    expect(seeing.map(([name]) => name)).toEqual(['cluster-setup']);
    for (const number of [1, 2, 3]) {
      const holders = services.filter(([, { volumes = [] }]) => volumes.join().includes(`node${number}-certs:`));
      expect(holders.map(([name]) => name)).toEqual(['cluster-setup', `node${number}`]);
    }
  });

  it('lets every node of the cluster find the others by the names in their certificates', () => {
    const nodes = ['node1', 'node2', 'node3'];
    for (const node of nodes) {
      const others = nodes.filter((other) => other !== node).map((other) => `${other}:2113`);
      expect(named(node).environment).toMatchObject({
        EVENTSTORE_NODE_HOST_ADVERTISE_AS: node,
        EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS: node,
        EVENTSTORE_GOSSIP_SEED: others.join(),
        EVENTSTORE_CLUSTER_SIZE: '3',
      });
      expect(named(node).environment).not.toHaveProperty('EVENTSTORE_INSECURE');
    }
    expect(named('cluster-setup').command?.[0]).toContain(`for node in ${nodes.join(' ')};`);
  });
});

describe('passwords of the cluster', () => {
  it('are in the file by name only, without a default', () => {
    const written = text.replace(/^ *#.*$/gm, '');
    for (const name of PASSWORDS) expect(written).toContain(`\${${name}:-}`);
    expect(written).not.toContain('changeit');
    expect(written.match(/(?<!\$)\$\{[^}]*\}/g)).toHaveLength(
      [...written.matchAll(VARIABLE)].filter(([, name]) => name).length,
    );
  });

  it('are waited for by every other service of the profile', () => {
    for (const [name, { profiles }] of services)
      if (profiles !== undefined && name !== 'cluster-setup') expect(needs(name)).toContain('cluster-setup');
  });

  it.each(
    PASSWORDS.flatMap((name) =>
      [
        undefined,
        '',
        'changeit',
        'has-an-@-that-ends-a-url',
        'has a space in its middle',
        'two-lines\nof-sixteen-or-more',
      ].map((password) => [name, password] as const),
    ),
  )('%s is refused when it is %j', (name, password) => {
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', ...given };
    delete env[name];
    if (password !== undefined) env[name] = password;
    const { status, stderr } = spawnSync('bash', ['-euc', named('cluster-setup').command?.[0] ?? ''], {
      env,
      encoding: 'utf8',
      // From a pipe bash would read the settings of the person who runs this first.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^${name} is missing or unfit`));
  });

  it('come before scripts that can be read', () => {
    const [setup, access] = ['cluster-setup', 'cluster-access'].map((name) => named(name).command?.[0] ?? '');
    expect(spawnSync('bash', ['-n'], { input: setup }).status).toBe(0);
    expect(() => new Script(access ?? '')).not.toThrow();
    // What is left of an escape would have been a variable.
    expect(access).toContain("'$settings'");
  });
});

describe('the environment of the application', () => {
  it.each(ledgers)('%s is accepted, and only because it is told that anyone may read and write', (_name, service) => {
    const environment = service.environment ?? {};
    expect(readConfig(environment)).toMatchObject({ host: '0.0.0.0', port: 4000, data: '/data' });
    expect(environment['LEDGER_ALLOW_REMOTE']).toBe(ACCEPTED);
    expect(() => readConfig({ ...environment, LEDGER_ALLOW_REMOTE: undefined })).toThrow(/LEDGER_HOST/);
    expect(() => readConfig({ ...environment, LEDGER_NO_SUCH: 'x' })).toThrow(/LEDGER_NO_SUCH/);
    // Only such names are looked at by readConfig.
    for (const name of Object.keys(environment)) expect(name).toMatch(/^(LEDGER_\w+|EVENTSTORE_URL)$/);
  });

  it.each(ledgers)('%s connects to databases on a network of its own', (_name, { environment = {}, networks = [] }) => {
    const url = readConfig(environment).eventStoreUrl ?? '';
    const hosts = [...url.matchAll(/(?<=[/@,])(\w+):2113/g)].map(([, host]) => host as string);
    expect(hosts.length).toBeGreaterThan(0);
    for (const host of hosts) expect(networks).toEqual(expect.arrayContaining([...(named(host).networks ?? [])]));
  });

  it.each(ledgers)('%s connects with options that the client knows', (_name, { environment = {}, volumes = [] }) => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    try {
      const [authority = ''] = rootCertificates;
      writeFileSync(join(folder, 'ca.crt'), authority);
      const url = readConfig(environment).eventStoreUrl ?? '';
      const file = /tlsCAFile=([^&]+)/.exec(url)?.[1];
      if (file !== undefined) expect(volumes).toContain(`cluster-ca-public:${dirname(file)}:ro`);
      expect(url.includes('tls=false')).toBe(file === undefined);
      EventStoreDBClient.connectionString(url.replace(file ?? '/no/file', join(folder, 'ca.crt')));
      expect(warned).not.toHaveBeenCalled();
    } finally {
      warned.mockRestore();
      rmSync(folder, { recursive: true });
    }
  });
});

/** Without a trace in the log nobody would see that this was left out. */
if (!ownEventStoreDb) loudly('OPTIONS OF EVENTSTOREDB IN docker-compose.yml NOT CHECKED: no eventstored on the PATH');

(ownEventStoreDb ? describe : describe.skip)('the environment of the databases', () => {
  it.each(databases)('%s sets only what EventStoreDB knows', (_name, { environment = {} }) => {
    const log = mkdtempSync(join(tmpdir(), 'compose-'));
    try {
      // It is silent here about names that it does not know, and refuses them when it starts.
      const effective = execFileSync('eventstored', ['--what-if'], {
        env: { PATH: process.env['PATH'], ...environment, EVENTSTORE_LOG: log },
        encoding: 'utf8',
      });
      const set = [...effective.matchAll(/^ +([A-Z ]+): .*\(Environment Variables\)/gm)].map(
        ([, option]) => `EVENTSTORE_${option?.replaceAll(' ', '_')}`,
      );
      expect(set.sort()).toEqual([...Object.keys(environment), 'EVENTSTORE_LOG'].sort());
    } finally {
      rmSync(log, { recursive: true });
    }
  });
});

describe('apps/ledger/Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources?.split(' '));

  it('is the one that is built, from a context that holds what it copies and nothing else', () => {
    for (const [, { build }] of services.filter(([, service]) => service.build !== undefined))
      expect(build).toEqual({ context: '.', dockerfile: 'apps/ledger/Dockerfile' });
    const ignore = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(ignore.filter((line) => line.startsWith('!')).sort()).toEqual(copied.map((source) => `!${source}`).sort());
    expect(ignore).toContain('*');
  });

  it('runs on the Node that the tests run on, as a user without rights', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const major = manifest.devDependencies['node']?.split('.')[0];
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toEqual([`node:${major}-bookworm-slim`, `node:${major}-bookworm-slim`]);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^CMD \["node", "dist\/apps\/ledger\/main\.js"\]$/m);
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('asks /health: %i is exit code %i, and so is silence 1', async (status, expected) => {
    const [, ...args] = JSON.parse(/^ {2}CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    const server = createServer(({ url }, response) => response.writeHead(url === '/health' ? status : 404).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const check = async (): Promise<unknown> => {
      const port = String((server.address() as AddressInfo | null)?.port ?? 1);
      const [code] = (await once(spawn(process.execPath, args, { env: { LEDGER_PORT: port } }), 'exit')) as [number];
      return code;
    };
    expect(await check()).toBe(expected);
    server.close();
    server.closeAllConnections();
    expect(await check()).toBe(1);
  });
});
