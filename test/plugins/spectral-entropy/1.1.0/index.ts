// spectral-entropy 1.1.0: as 1.0.0, and an optional frequency band, and a side panel with the values.

import { listText, numberText, quote } from '../../guest/json-text';
import { JsonKind, JsonValue, parseJson } from '../../guest/json-value';
import { channelSpectrum, DEFAULT_SEGMENT, isSegmentLength } from '../channel-spectrum';
import { channelCount, channelLabel, channelSampleRate, writeResult } from '../ddalab';
import { PowerSpectrum } from '../power-spectrum';
import { renderPanel, shortNumber } from './panel';

export { alloc, dealloc } from '../../guest/allocation';

const OK: i32 = 0;
const BAD_OPTIONS: i32 = 1;
const NO_DATA: i32 = 2;
const NO_RESULT: i32 = 3;

class Band {
  constructor(
    readonly lowHz: f64,
    readonly highHz: f64,
  ) {}
}

export function analyze(pointer: usize, length: i32): i32 {
  __collect();
  const options = parseJson(String.UTF8.decodeUnsafe(pointer, <usize>length));
  if (options === null || options.kind != JsonKind.Object) return refuse(BAD_OPTIONS, 'the options are not a JSON object');
  const wanted = options.get('segmentSamples');
  if (wanted !== null && !(wanted.isNumber() && isSegmentLength(wanted.number))) {
    return refuse(BAD_OPTIONS, 'segmentSamples must be a power of two from 16 to 65536');
  }
  const given = options.get('band');
  const band = readBand(given);
  if (given !== null && band === null) return refuse(BAD_OPTIONS, 'band must have lowHz and highHz with 0 <= lowHz < highHz');
  return analyzeChannels(wanted === null ? DEFAULT_SEGMENT : <i32>wanted.number, band);
}

function readBand(given: JsonValue | null): Band | null {
  if (given === null) return null;
  const low = given.get('lowHz');
  const high = given.get('highHz');
  if (low === null || high === null || !low.isNumber() || !high.isNumber()) return null;
  return low.number >= 0 && high.number > low.number ? new Band(low.number, high.number) : null;
}

function analyzeChannels(wanted: i32, band: Band | null): i32 {
  const count = channelCount();
  if (count < 0) return refuse(NO_DATA, 'the channels cannot be read');
  const rows: string[] = [];
  const panel: string[] = [];
  for (let channel = 0; channel < count; channel++) {
    const spectrum = channelSpectrum(channel, wanted);
    if (spectrum !== null && spectrum.segments == 0) return refuse(NO_DATA, 'a channel gave fewer samples than it has');
    const label = channelLabel(channel);
    const first = spectrum === null ? 1 : firstBin(spectrum, channelSampleRate(channel), band);
    const last = spectrum === null ? 0 : lastBin(spectrum, channelSampleRate(channel), band);
    const entropy = spectrum === null ? NaN : spectrum.entropy(first, last);
    const size = spectrum === null ? 0 : spectrum.length;
    const segments = spectrum === null ? 0 : spectrum.segments;
    rows.push(
      `{"label":${quote(label)},"entropy":${numberText(entropy)},"segmentSamples":${size.toString()},` +
        `"segments":${segments.toString()},"bins":${max(0, last - first + 1).toString()}}`,
    );
    panel.push(`[${quote(label)},${quote(shortNumber(entropy))}]`);
  }
  renderPanel('Spectral entropy', panel);
  const bandText = band === null ? 'null' : `{"lowHz":${numberText(band.lowHz)},"highHz":${numberText(band.highHz)}}`;
  const written = writeResult(`{"measure":"spectral-entropy","band":${bandText},"channels":${listText(rows)}}`);
  return written ? OK : NO_RESULT;
}

/** First bin at or above the lower edge; bin 0 is the mean, which was removed. */
function firstBin(spectrum: PowerSpectrum, sampleRate: f64, band: Band | null): i32 {
  if (band === null) return 1;
  let bin = 1;
  while (bin <= spectrum.length >> 1 && (<f64>bin * sampleRate) / <f64>spectrum.length < band.lowHz) bin++;
  return bin;
}

/** Last bin at or below the upper edge. */
function lastBin(spectrum: PowerSpectrum, sampleRate: f64, band: Band | null): i32 {
  let bin = spectrum.length >> 1;
  if (band === null) return bin;
  while (bin > 0 && (<f64>bin * sampleRate) / <f64>spectrum.length > band.highHz) bin--;
  return bin;
}

function refuse(code: i32, reason: string): i32 {
  writeResult(`{"error":${quote(reason)}}`);
  return code;
}
