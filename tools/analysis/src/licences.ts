/** SPDX ids of licences that the Open Source Initiative has approved and that packages really use, lower-cased. */
const APPROVED: ReadonlySet<string> = new Set(
  [
    '0BSD AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 APSL-2.0 Artistic-1.0 Artistic-2.0',
    'BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-LBNL BSL-1.0 CAL-1.0 CDDL-1.0 CDDL-1.1',
    'CECILL-2.1 CPAL-1.0 CPL-1.0 ECL-2.0 EFL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 Fair',
    'GPL-2.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later HPND ICU IPL-1.0 ISC',
    'LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0-only LGPL-3.0-or-later',
    'LiLiQ-P-1.1 LiLiQ-R-1.1 LPL-1.02 MirOS MIT MIT-0 MPL-1.0 MPL-1.1 MPL-2.0 MS-PL MS-RL MulanPSL-2.0 NCSA NTP OFL-1.1 OLDAP-2.8',
    'OSL-3.0 PHP-3.01 PostgreSQL Python-2.0 QPL-1.0 SimPL-2.0 SISSL UCL-1.0 Unicode-3.0 Unicode-DFS-2016 Unlicense UPL-1.0',
    'Vim W3C WTFPL X11 Xnet Zlib ZPL-2.1 CC0-1.0',
  ].flatMap((ids) => ids.toLowerCase().split(' ')),
);

/** The terms of an SPDX expression that are not in the list; exceptions after WITH only give more. Every expression has a term. */
export function unknownLicences(expression: string): string[] {
  const terms = expression
    .replace(/[()]/g, ' ')
    .split(/\s+(?:AND|OR)\s+/)
    .map((term) => term.trim().replace(/\s+WITH\s+[A-Za-z0-9.-]+$/, ''));
  return [...new Set(terms.filter((term) => !APPROVED.has(term.toLowerCase().replace(/\+$/, ''))))];
}
