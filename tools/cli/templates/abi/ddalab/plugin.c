// The mean of every channel. Samples are read in blocks, so memory does not grow with the recording.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define FROM_HOST(name) __attribute__((import_module("ddalab"), import_name(#name)))

FROM_HOST(channel_count) int32_t channel_count(void);
FROM_HOST(channel_length) int32_t channel_length(int32_t channel);
FROM_HOST(channel_read) int32_t channel_read(int32_t channel, int32_t start, int32_t count, double *samples);
FROM_HOST(result_write) int32_t result_write(const char *text, int32_t length);

enum { BLOCK = 1024, NUMBER = 32 };

EXPORT(alloc) void *lend(int32_t size) { return malloc(size > 0 ? size : 1); }
EXPORT(dealloc) void take_back(void *block, int32_t size) { (void)size, free(block); }

static int32_t answer(int32_t status, const char *text) { return result_write(text, strlen(text)) < 0 ? 2 : status; }

// False when the host does not give the samples. The mean is NaN when there are none.
static int mean(int32_t channel, double *result) {
  static double samples[BLOCK];
  int32_t length = channel_length(channel);
  double sum = 0, seen = 0;
  for (int32_t start = 0; start < length; start += BLOCK) {
    int32_t count = length - start < BLOCK ? length - start : BLOCK;
    if (channel_read(channel, start, count, samples) != count) return 0;
    for (int32_t i = 0; i < count; i++) {
      // A missing sample is a NaN.
      if (isnan(samples[i])) continue;
      sum += samples[i];
      seen += 1;
    }
  }
  *result = sum / seen;
  return 1;
}

EXPORT(analyze) int32_t analyze(const char *options, int32_t length) {
  (void)options, (void)length;
  int32_t channels = channel_count();
  // A negative number says that the capability was not granted.
  char *text = channels < 0 ? NULL : malloc(64 + (size_t)channels * NUMBER);
  if (!text) return answer(1, "{\"error\":\"the channels cannot be read\"}");
  char *end = text + sprintf(text, "{\"means\":[");
  int32_t status = 0;
  for (int32_t channel = 0; channel < channels && status == 0; channel++) {
    double value;
    if (!mean(channel, &value)) status = 1;
    else if (isfinite(value)) end += sprintf(end, "%s%.17g", channel ? "," : "", value);
    else end += sprintf(end, "%snull", channel ? "," : "");
  }
  strcpy(end, "]}");
  status = answer(status, status ? "{\"error\":\"the channels cannot be read\"}" : text);
  free(text);
  return status;
}
