// biome-ignore-all lint/performance/noBarrelFile: the public entry, bundled into one file
/**
 * `keyturn/plugin`: what a plug-in by somebody else is made with. What is exported here is kept through a major version.
 * @packageDocumentation
 */

export { AwaitSignal } from '../core/await-signal.ts';
export type { Clock } from '../core/clock.ts';
export type { Credential, Fields } from '../core/credential.ts';
export type * from '../core/disk.ts';
export type { ErrorCode } from '../core/errors/codes.ts';
export type { ErrorContext } from '../core/errors/definitions.ts';
export { isRotationError, RotationError } from '../core/errors/rotation-error.ts';
export type { Finding } from '../core/finding.ts';
export type { Json, JsonObject } from '../core/json.ts';
export type * from '../core/operator.ts';
export type * from '../core/plugins/check.ts';
export type * from '../core/plugins/contexts.ts';
export type * from '../core/plugins/emulator.ts';
export type * from '../core/plugins/issuer.ts';
export type * from '../core/plugins/notifier.ts';
export type * from '../core/plugins/plugin.ts';
export type * from '../core/plugins/reload.ts';
export type * from '../core/plugins/store.ts';
export { WHOLE } from '../core/plugins/store.ts';
export { Secret } from '../core/secret.ts';
export { type About, jsonOf, statusError, strangeAnswer } from '../lib/http/answer.ts';
export {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
  type HttpSettings,
} from '../lib/http/http-client.ts';
export { reported } from '../lib/store/reported.ts';
export { defineCheck, defineIssuer, defineNotifier, defineReload, defineStore } from './define.ts';
export { type CommonSchemas, defineOptions, type OptionsOf } from './define-options.ts';
export {
  type EmulatedAnswer,
  type EmulatedRequest,
  type EmulatedService,
  type LoopbackServer,
  startLoopbackServer,
} from './start-loopback-server.ts';
