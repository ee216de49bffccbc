import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, Matches, Max, Min, validateSync } from 'class-validator';

export const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

/** What the environment may say. Every variable has a default; each wrong one is named at start. */
class Environment {
  /** Folder of the ledger: log, keys, views, identity. */
  @IsNotEmpty()
  LEDGER_DATA: string = './data';

  @IsNotEmpty()
  LEDGER_HOST: string = '127.0.0.1';

  /** 0 = any free port. */
  @IsInt()
  @Min(0)
  @Max(65535)
  LEDGER_PORT: number = 4000;

  /** There is no access control yet: whoever reaches the port reads and writes everything. */
  @IsIn(['no', 'i-accept-that-anyone-can-read-and-write'])
  LEDGER_ALLOW_REMOTE: string = 'no';

  /** Connection string of an EventStoreDB; absent = the embedded store in LEDGER_DATA. */
  @IsOptional()
  @Matches(/^esdb(\+discover)?:\/\/.+/, {
    message: 'must begin with esdb:// or esdb+discover://',
  })
  EVENTSTORE_URL?: string;

  /** Texts under lost keys are lost: without this, a log is not opened with new keys. */
  @IsIn(['no', 'i-accept-that-old-texts-cannot-be-read'])
  LEDGER_LOST_KEYS: string = 'no';

  @IsInt()
  @Min(100)
  @Max(1_000_000)
  LEDGER_MAX_QUERY_COST: number = 20_000;

  @IsInt()
  @Min(3)
  @Max(50)
  LEDGER_MAX_QUERY_DEPTH: number = 20;

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  LEDGER_LOG_LEVEL: string = 'info';

  /** How long requests in flight may take once the process is asked to end. */
  @IsInt()
  @Min(1)
  @Max(600)
  LEDGER_SHUTDOWN_SECONDS: number = 10;

  @IsIn(['off', 'otlp'])
  LEDGER_TRACES: string = 'off';

  /** Where traces go; read only when there are any. */
  @IsNotEmpty()
  OTEL_EXPORTER_OTLP_ENDPOINT: string = 'http://127.0.0.1:4318';
}

export interface Config {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly eventStoreUrl: string | undefined;
  /** A log without its keys is opened all the same. */
  readonly lostKeysAccepted: boolean;
  readonly maxQueryCost: number;
  readonly maxQueryDepth: number;
  readonly logLevel: string;
  readonly shutdownSeconds: number;
  /** Absent: no traces. */
  readonly tracesEndpoint: string | undefined;
}

export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`the configuration is not valid:\n${faults.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Throws ConfigError, which names each wrong variable and says what is wrong with it, never its value. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => /^(LEDGER_|EVENTSTORE_URL$|OTEL_EXPORTER_OTLP_ENDPOINT$)/.test(name) && value !== '',
    ),
  );
  const environment = plainToInstance(Environment, given, {
    enableImplicitConversion: true,
    exposeDefaultValues: true,
  });
  const faults = validateSync(environment, { whitelist: true, forbidNonWhitelisted: true }).map(
    ({ property, constraints }) =>
      `${property}: ${Object.values(constraints ?? {})
        .join('; ')
        .replaceAll(`${property} `, '')}`,
  );
  if (!isLoopback(environment.LEDGER_HOST) && environment.LEDGER_ALLOW_REMOTE === 'no')
    faults.push(
      'LEDGER_HOST: is not a loopback address. There is no access control yet; set LEDGER_ALLOW_REMOTE=i-accept-that-anyone-can-read-and-write to listen there all the same',
    );
  const traced = environment.LEDGER_TRACES === 'otlp';
  if (traced && !/^https?:\/\/./.test(environment.OTEL_EXPORTER_OTLP_ENDPOINT))
    faults.push('OTEL_EXPORTER_OTLP_ENDPOINT: must begin with http:// or https://');
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    data: environment.LEDGER_DATA,
    host: environment.LEDGER_HOST,
    port: environment.LEDGER_PORT,
    eventStoreUrl: environment.EVENTSTORE_URL,
    lostKeysAccepted: environment.LEDGER_LOST_KEYS !== 'no',
    maxQueryCost: environment.LEDGER_MAX_QUERY_COST,
    maxQueryDepth: environment.LEDGER_MAX_QUERY_DEPTH,
    logLevel: environment.LEDGER_LOG_LEVEL,
    shutdownSeconds: environment.LEDGER_SHUTDOWN_SECONDS,
    tracesEndpoint: traced ? environment.OTEL_EXPORTER_OTLP_ENDPOINT : undefined,
  };
};
