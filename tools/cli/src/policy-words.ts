import type { PolicyRuleId, Widening } from '@plugmark/client';

/** Why a release is asked about or refused, where it is not for what it can do. */
export const RULE_WORDS: Readonly<Record<PolicyRuleId, string>> = {
  tier: 'who stands behind it',
  kind: 'what kind of plugin it is',
  publisher: 'whose it is',
  size: 'larger than accepted',
  age: 'minutes it has been public, of those it must',
  determinism: 'whether results repeat',
  verdict: 'a person of the registry had to look at it; the analysis says',
  'unknown-import': 'imports nobody can explain',
  undeclared: 'it can do what its author does not declare',
  capability: 'what it can do',
  parameter: 'addresses, folders or words it may not use',
  signature: 'its signature is',
  downgrade: 'less trust than the installed version',
  levels: 'the registry vouched for this in the installed version, and does not now',
  signer: 'signed by somebody else than the installed version',
};

/** `network: new`, `network hosts: api.example.org`. */
export function wideningWords({ id, change, parameter, values }: Widening): string {
  if (change === 'new' || change === 'unbounded') return `${id}: new`;
  return `${id} ${parameter}: ${change === 'unrestricted' ? 'no longer restricted' : (values ?? []).join(', ')}`;
}
