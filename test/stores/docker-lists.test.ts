import { expect, it } from 'vitest';
import type { DockerClient } from '../../src/lib/docker/docker-client.ts';
import { createServiceApi } from '../../src/lib/docker/service-api.ts';
import { createSecretApi } from '../../src/stores/docker/secret-api.ts';

const { signal } = new AbortController();

const answering = (answer: unknown): DockerClient => ({
  name: 'swarm',
  address: '',
  ask: async () => answer,
  close: () => {},
});

it.each([[{ message: 'page not found' }], ['ok'], [undefined]])(
  'nothing counts as unused or absent on the word of %j, which is no list',
  async (answer) => {
    const refused = { code: 'UNAVAILABLE', message: expect.stringContaining('not a list') };
    await expect(createServiceApi(answering(answer)).list(signal)).rejects.toMatchObject(refused);
    await expect(createSecretApi(answering(answer)).list('key', signal)).rejects.toMatchObject(refused);
  },
);

it('an empty list is null, as Go writes it', async () => {
  expect(await createServiceApi(answering(null)).list(signal)).toEqual([]);
  expect(await createSecretApi(answering(null)).list('key', signal)).toEqual([]);
});
