export { examine, type Finding } from './doctor.ts';
export { Vault, type VaultFault, type VaultOptions } from './vault.ts';
