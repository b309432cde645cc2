/** A root config with this many services of about 200 bytes of JSON each, written as a person would write it. */
export function sampleInventory(services: number): string {
  const waves = ['canary', 'staging', 'production'];
  const names = Array.from({ length: services }, (_, index) => `svc-${String(index).padStart(5, '0')}`);
  return [
    HEAD,
    ...names.map((name, index) => service(name, index, waves[index % waves.length] ?? 'canary')),
  ].join('');
}

const HEAD = `version: 1
stores:
  vault-prod: { type: vault, address: https://vault.example.com:8200 }
keys:
  postman-ci:
    issuer: { type: postman }
services:
`;

function service(name: string, index: number, wave: string): string {
  return `  ${name}:
    owner: team-${index % 40}
    wave: ${wave}
    uses:
      - key: postman-ci
        from: [{ store: vault-prod, ref: apps/${name}, field: api_key }]
    checks:
      - { type: http, url: https://${name}.example.com/healthz }
`;
}
