// Stands in for the browser project on a machine where Chromium cannot start, so that the gap is counted and named.
import { test } from 'vitest';

test.skip(`browser tests: ${process.env['PLUGMARK_NO_CHROMIUM'] ?? 'Chromium cannot start'}`);
