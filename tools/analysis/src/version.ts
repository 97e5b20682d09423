/** Version of the analyser; part of every report, since another version may find other things. Grows with any change of a result. */
export const ANALYSER_VERSION = '0.4.0';
