import type { Connection } from '../rotation-config.ts';
import { pluginUse } from '../shape/plugin-use.ts';
import { refined, type Shape } from '../shape/shape.ts';
import { STORE_FIELDS } from './plugin-fields.ts';

export const STORE_SHAPE: Shape<Connection> = refined(
  pluginUse('stores', STORE_FIELDS),
  ({ type, common, options }) => ({
    type,
    timeoutMs: common.timeout,
    options,
    attempts: common.attempts,
    concurrency: common.concurrency,
    expect: common.expect,
  }),
);
