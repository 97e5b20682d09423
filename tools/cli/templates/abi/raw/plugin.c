// Keeps a number within two bounds, given in either order. Numbers in, a number out: no memory is shared with the host.

#include <stdint.h>

__attribute__((export_name("clamp"))) int32_t clamp(int32_t value, int32_t one, int32_t other) {
  int32_t low = one < other ? one : other, high = one < other ? other : one;
  return value < low ? low : value > high ? high : value;
}
