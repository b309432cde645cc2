import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The whole inventory of the demo: one key, two files, one service. */
export function writeDemoConfig(folder: string, shopUrl: string): void {
  const config = `version: 1
stores:
  env-files: { type: dotenv }
keys:
  webhook-signing:
    issuer: { type: generated, format: hex, bits: 256 }
    targets:
      - { store: env-files, ref: courier.env, field: WEBHOOK_SECRET }
services:
  shop:
    owner: demo
    wave: canary
    uses:
      - key: webhook-signing
        from: [{ store: env-files, ref: shop.env, field: WEBHOOK_SECRET }]
    reload: { type: http, method: POST, url: ${shopUrl}/reload }
    checks:
      - { name: signed-ping, type: http, url: ${shopUrl}/ping, headers: { X-Signing-Key: "{{value}}" } }
`;
  writeFileSync(join(folder, 'rotation.config.yaml'), config);
}
