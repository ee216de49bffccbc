import { Controller, Get, Res } from '@nestjs/common';
import { Metrics } from '../observability/metrics';

interface Reply {
  header(name: string, value: string): Reply;
  send(body: unknown): void;
}

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** In the text format of Prometheus. */
  @Get()
  async scrape(@Res() reply: Reply): Promise<void> {
    const text = await this.metrics.text();
    reply.header('content-type', this.metrics.contentType).send(text);
  }
}
