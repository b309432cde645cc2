import type { StoreIdentity } from '../../core/plugins/store.ts';

/** Who the token is for, and which vault it is shown to. */
export function identityOf(address: string, claims: Readonly<Record<string, string>>): StoreIdentity {
  const application = claims['appid'] ?? claims['azp'];
  const { oid: principal, tid: tenant, upn: user } = claims;
  const vault = new URL(address).host;
  const who = user ?? application ?? principal ?? 'an identity that its token does not name';
  const told = { application, principal, tenant, user };
  return {
    display: `${who} at ${vault}`,
    attributes: {
      vault,
      ...Object.fromEntries(
        Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
    },
  };
}
