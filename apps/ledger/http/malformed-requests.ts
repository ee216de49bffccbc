import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';

interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: unknown): void;
}

/** What never reaches GraphQL, such as a body that is no JSON, is answered in GraphQL's shape and with a code. */
@Catch()
export class MalformedRequests implements ExceptionFilter {
  private readonly log = new Logger('HTTP');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() !== 'http') throw error;
    const status =
      error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number }).statusCode ?? 500);
    if (status >= 500) this.log.error(error);
    const [code, message] =
      CODES[status] ??
      (status < 500
        ? ['BAD_REQUEST', 'The request cannot be answered.']
        : ['INTERNAL', 'Something went wrong on our side.']);
    host
      .switchToHttp()
      .getResponse<Reply>()
      .status(status)
      .send({ data: null, errors: [{ message, extensions: { code } }] });
  }
}

const CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['MALFORMED_JSON', 'The body is not JSON.'],
  404: ['NOT_FOUND', 'There is nothing at this address.'],
  413: ['TOO_LARGE', 'The body has more than 1 MiB.'],
  415: ['NOT_JSON', 'The body must be application/json.'],
};
