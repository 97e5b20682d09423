#!/bin/sh
# Needs rustc with the target wasm32-unknown-unknown. RUSTC and LINKER name others; Debian's rustc wants LINKER=wasm-ld-14.
set -eu
cd "$(dirname "$0")"
"${RUSTC:-rustc}" --edition 2021 --crate-type cdylib --crate-name plugin --target wasm32-unknown-unknown \
  -C opt-level=s -C lto -C codegen-units=1 -C panic=abort -C strip=symbols ${LINKER:+-C "linker=$LINKER"} \
  -C link-arg=--max-memory=__MEMORY_BYTES__ -C link-arg=-zstack-size=65536 -o __NAME__.wasm lib.rs
