import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import { emulatedConnection, resolveEmulated } from '../../lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../lib/aws/emulator/identity.ts';
import { type Input, jsonService, ServiceError } from '../../lib/aws/emulator/json-protocol.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { type EmulatedEcsService, look, makeService, update } from './emulated-service.ts';

export interface EcsServiceEmulator extends ReloadEmulator {
  readonly server: LoopbackServer;
  /** A service that options were made for, to put into any state. */
  service(name: string): EmulatedEcsService;
}

const DEFAULT_RELOAD: JsonObject = { cluster: 'prod', service: 'checkout' };

export async function startEcsServiceEmulator(): Promise<EcsServiceEmulator> {
  const services = new Map<string, EmulatedEcsService>();
  const identity = makeIdentity('keyturn');
  let effects = 0;
  let failing = false;

  const find = (name: unknown): EmulatedEcsService => {
    const service = services.get(nameOf(name));
    if (service !== undefined) return service;
    throw new ServiceError('ServiceNotFoundException', 'Service not found.');
  };
  const carryOut = (operation: string, input: Input): object => {
    if (operation === 'DescribeServices') {
      const [name = ''] = (input['services'] ?? []) as readonly string[];
      const found = services.get(nameOf(name));
      if (found === undefined) return { services: [], failures: [{ arn: name, reason: 'MISSING' }] };
      return { services: [look(found)], failures: [] };
    }
    if (operation !== 'UpdateService') throw new ServiceError('UnknownOperationException', '');
    if (failing) {
      failing = false;
      throw new ServiceError('ServiceNotActiveException', 'Service was not ACTIVE.');
    }
    return { service: update(find(input['service']), input) };
  };

  const server = await startLoopbackServer(
    jsonService(
      {
        identity,
        denied: new Set(),
        onEffect: () => {
          effects += 1;
        },
      },
      {
        target: 'AmazonEC2ContainerServiceV20141113',
        iamPrefix: 'ecs',
        isWrite: (operation) => operation === 'UpdateService',
        carryOut,
        errors: { 404: 'ServiceNotFoundException', 500: 'ServerException' },
      },
    ),
  );

  return {
    server,
    service: find,
    options: (original = DEFAULT_RELOAD) => {
      const name = nameOf(original['service']);
      if (!services.has(name)) services.set(name, makeService(name));
      return emulatedConnection(server.url, original);
    },
    resolve: (reference) => resolveEmulated(identity, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    failNext: () => {
      failing = true;
    },
    stop: () => server.stop(),
  };
}

/** A service may be named by its ARN. */
function nameOf(service: unknown): string {
  return String(service).split('/').at(-1) ?? '';
}
