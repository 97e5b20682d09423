(module
  (data (i32.const 16) "/.cargo/registry/src/index.crates.io-1/serde-1.0.0/src/lib.rs")
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))
