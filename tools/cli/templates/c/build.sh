#!/bin/sh
# Needs the clang of wasi-sdk. CC and SYSROOT name others; Debian's clang and wasi-libc want CC=clang-14 SYSROOT=/usr.
set -eu
cd "$(dirname "$0")"
"${CC:-clang}" --target=wasm32-wasi ${SYSROOT:+"--sysroot=$SYSROOT"} -mexec-model=reactor -std=c11 -Os -s -Wall -Wextra -Werror \
  -Wl,--max-memory=__MEMORY_BYTES__ -Wl,-zstack-size=65536 -o __NAME__.wasm plugin.c
