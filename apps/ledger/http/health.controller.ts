import { Controller, Get, Res } from '@nestjs/common';
import { LedgerViews } from '@ledger/projections/ledger-views';
import { Readiness } from './readiness';

interface Reply {
  status(code: number): Reply;
  send(body: unknown): void;
}

/** For machines that watch and route. Codes and numbers only: what lies behind them is in the log. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly views: LedgerViews,
    private readonly readiness: Readiness,
  ) {}

  /** 200 while every read model moves; 503 names the one that has stopped. */
  @Get()
  health(@Res() reply: Reply): void {
    const projections = this.views.health();
    const stopped = projections.some(({ status }) => status === 'stopped');
    reply.status(stopped ? 503 : 200).send({ status: stopped ? 'degraded' : 'ok', projections });
  }

  /** The process answers. Nothing that a new process would not mend makes this fail. */
  @Get('live')
  live(@Res() reply: Reply): void {
    reply.status(200).send({ status: 'live' });
  }

  /** 200: send requests here. 503 says why not. */
  @Get('ready')
  async ready(@Res() reply: Reply): Promise<void> {
    const missing = await this.readiness.missing();
    reply.status(missing === undefined ? 200 : 503).send({ status: missing ?? 'ready' });
  }
}
